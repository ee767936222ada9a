/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build_plan.h - a build as it is planned, without a store or a session.
 */
#ifndef DHOW_TESTS_BUILD_PLAN_H
#define DHOW_TESTS_BUILD_PLAN_H

#include "build_help.h"

#include "build/build_priv.h"

struct plan {
	struct build_options opts;
	struct build_source source;
	struct build_result result;
	struct build build;
};

/* The context is a tree; named ones are directories that nobody reads. */
static inline void
plan_init(struct plan *plan, const char *text, const struct tree *tree,
	  struct ignore *ignore)
{
	struct context context = { .fd = tree ? dup(tree->fd) : -EBADF,
				   .ignore = ignore };
	struct build *build = &plan->build;

	*plan = (struct plan){ .opts = BUILD_OPTIONS_INIT };
	plan->source.opts = &plan->opts;
	array_push(plan->source.contexts, plan->source.context_count,
		   plan->source.context_cap, context);
	build->source = &plan->source;
	build->opts = &plan->opts;
	build->result = &plan->result;
	build->df = dockerfile_new("f", span_of(text));
	cr_assert(dockerfile_parse(build->df, NULL) == 0, "%s", text);
	(void)platform_parse("linux/amd64", &build->target, NULL);
	build->host = build->target;
}

static inline void
plan_name_context(struct plan *plan, const char *name)
{
	struct context context = { .name = xstrdup(name), .fd = -EBADF };

	array_push(plan->source.contexts, plan->source.context_count,
		   plan->source.context_cap, context);
}

/* The stages begin; nothing is needed yet. */
static inline void
plan_stages(struct plan *plan)
{
	struct build *build = &plan->build;
	struct df_inputs inputs = { .target = build->target,
				    .build = build->target };

	cr_assert(df_globals_init(build->df, &inputs, &build->globals, NULL,
				  NULL) == 0);
	build->stage_count = build->df->stage_count;
	build->stages = xcalloc(build->stage_count, sizeof(*build->stages));
	for (size_t i = 0; i < build->stage_count; i++)
		stage_init(&build->stages[i], build, i);
}

static inline void
plan_release(struct plan *plan)
{
	struct build *build = &plan->build;

	for (size_t i = 0; i < build->stage_count; i++)
		stage_release(&build->stages[i]);
	for (size_t i = 0; i < build->base_count; i++)
		base_free(build->bases[i]);
	free(build->stages);
	free(build->bases);
	df_globals_release(&build->globals);
	dockerfile_free(build->df);
	for (size_t i = 0; i < plan->source.context_count; i++) {
		free(plan->source.contexts[i].name);
		if (plan->source.contexts[i].fd >= 0)
			(void)close(plan->source.contexts[i].fd);
	}
	free(plan->source.contexts);
	build_options_release(&plan->opts);
}

#endif
