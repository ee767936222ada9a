/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/preflight.c - what can be known to fail, before anything runs.
 *
 * When a stage stands on its image, its instructions, and those of the stages
 * that are built upon it, are gone through as they will be: variables are
 * replaced, sources looked for in the context, secrets and rights counted.
 * What depends on the files of a stage is left to its step.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "build/build_priv.h"
#include "build/build_secret.h"
#include "build/step_key.h"

/* The directory that @from means; NULL when its files are not known yet. */
static struct context *
known_context(const struct build *build, const char *from)
{
	struct context *context = &build->source->contexts[0];
	size_t stage;

	if (from && dockerfile_find_stage(build->df, from, build->stage_count,
					  &stage, NULL) == 0)
		return NULL;
	if (from)
		context = build_find_context(build->source, from);
	return context && !context->image && context->fd >= 0 ? context : NULL;
}

/* The word of @in that its source number @i is. */
static const struct df_range *
source_range(const struct df_instruction *in, size_t i)
{
	return in->json || in->heredoc_count ? &in->range : &in->args[i].range;
}

static int
check_sources(const struct build *build, const struct df_step *step,
	      struct df_range *at, struct err *err)
{
	const struct origin origin = {
		.kind = ORIGIN_CONTEXT,
		.context = known_context(build, step->copy.from),
	};
	struct step_work work = { .step = step };
	struct walk_source source;
	int r;

	if (!origin.context)
		return 0;
	r = origin_open(&origin, build->store, &source, err);
	for (size_t i = 0; r == 0 && i < step->copy.sources.len; i++) {
		cleanup_strvec struct strvec found = STRVEC_INIT;
		const char *text = step->copy.sources.v[i];

		*at = *source_range(step->from, i);
		if (!step_source_is_remote(&work, text))
			r = walk_match(&source, text, step->copy.parents,
				       &found, err);
	}
	view_close(&source.view);
	return r;
}

/* What a bind mount takes of a context. */
static int
check_bind(const struct build *build, const struct df_mount *mount,
	   struct err *err)
{
	const struct origin origin = {
		.kind = ORIGIN_CONTEXT,
		.context = known_context(build, mount->from),
	};
	cleanup_strvec struct strvec found = STRVEC_INIT;
	struct walk_source source;
	int r;

	if (!mount->source || !origin.context)
		return 0;
	r = origin_open(&origin, build->store, &source, err);
	if (r == 0)
		r = walk_match(&source, mount->source, false, &found, err);
	view_close(&source.view);
	return r;
}

static int
check_mount(const struct build *build, const struct df_mount *mount,
	    struct err *err)
{
	if (mount->kind == DF_MOUNT_BIND)
		return check_bind(build, mount, err);
	if (mount->kind == DF_MOUNT_SECRET && mount->required)
		return build_secret_require(build->opts, mount->id, err);
	if (mount->kind == DF_MOUNT_SSH && mount->required)
		return build_ssh_require(build->opts, mount->id, err);
	return 0;
}

static int
check_run(const struct build *build, const struct df_step *step,
	  struct df_range *at, struct err *err)
{
	const struct df_instruction *in = step->from;
	const struct df_mount *mount = step->run.mounts;
	int r = step_check_allowed(build, &step->run, err);

	for (size_t i = 0; r == 0 && i < in->flag_count; i++) {
		if (strcmp(in->flags[i].name, "mount") != 0)
			continue;
		*at = in->flags[i].range;
		r = check_mount(build, mount++, err);
	}
	return r;
}

/* @at: the instruction's place; on failure that of what is wrong in it. */
static int
check_step(const struct build *build, const struct df_step *step,
	   struct df_range *at, struct err *err)
{
	switch (step->cmd) {
	case DF_ADD:
	case DF_COPY:
		return check_sources(build, step, at, err);
	case DF_RUN:
		return check_run(build, step, at, err);
	default:
		return 0;
	}
}

static int
check_item(struct build *build, const struct stage_item *item,
	   struct df_scope *scope, struct err *err)
{
	struct df_range at = item->in->range;
	struct df_step step;
	int r = df_step_make(item->df, item->in, scope, &build->globals, &step,
			     NULL, err);

	if (r == 0) {
		r = check_step(build, &step, &at, err);
		if (r < 0)
			(void)err_wrap(err, r, "%s:%d:%d", item->df->name,
				       at.line, at.col);
		df_scope_apply(scope, &step);
		df_step_release(&step);
	}
	if (r < 0)
		build->result->range = item->in->range;
	return r;
}

/* Those that stand on it see its variables as they are at its end. */
static int
check_upon(struct build *build, size_t index, const struct df_scope *below,
	   struct err *err)
{
	int r = 0;

	for (size_t i = index + 1; r == 0 && i < build->stage_count; i++) {
		const struct stage *stage = &build->stages[i];
		struct df_scope scope;

		if (!stage->needed || stage->replaced || stage->base ||
		    stage->from_context || !stage->from.is_stage ||
		    stage->from.stage != index)
			continue;
		df_scope_copy(&scope, below);
		for (size_t k = 0; r == 0 && k < stage->df->len; k++) {
			const struct stage_item item = {
				.df = build->df, .in = &stage->df->items[k]
			};

			r = check_item(build, &item, &scope, err);
		}
		if (r == 0)
			r = check_upon(build, i, &scope, err);
		df_scope_release(&scope);
	}
	return r;
}

int
preflight_stage(struct stage *stage, struct err *err)
{
	struct df_scope scope;
	int r = 0;

	/* A directory as a stage has an instruction of ours. */
	if (stage->from_context)
		return 0;
	df_scope_copy(&scope, &stage->scope);
	for (size_t i = 0; r == 0 && i < stage->item_count; i++)
		r = check_item(stage->build, &stage->items[i], &scope, err);
	if (r == 0)
		r = check_upon(stage->build, stage->index, &scope, err);
	df_scope_release(&scope);
	return r;
}
