/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_phases.c - what up, create and run do one after the other.
 */
#include "cli/compose_phases.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

static bool
flag_is_on(const struct args *args, const char *name)
{
	return flag_find(args->flags, args->flag_count, name) &&
	       args_bool(args, name);
}

void
compose_image_flags(const struct args *args, struct plan_images_opts *opts)
{
	opts->build = flag_is_on(args, "build");
	opts->no_build = flag_is_on(args, "no-build");
	opts->quiet = flag_is_on(args, "quiet-build");
	opts->quiet_pull = flag_is_on(args, "quiet-pull");
	if (flag_find(args->flags, args->flag_count, "pull"))
		opts->policy = args_str(args, "pull");
	/* "--pull build" is a way to say --build. */
	if (opts->policy && !strcmp(opts->policy, "build"))
		opts->build = true;
}

int
compose_images(struct compose *compose, const struct plan_images_opts *opts)
{
	const bool quiet = opts->quiet && opts->quiet_pull;
	const struct act_opts act = { .title = "Pulling", .quiet = quiet };
	const struct act_opts act_build = { .title = "Building",
					    .quiet = quiet };
	cleanup_plan struct plan pulls = PLAN_INIT;
	cleanup_plan struct plan builds = PLAN_INIT;
	int r = compose_look_images(compose);

	if (r)
		return r;
	plan_pulls(&compose->in, opts, &pulls);
	r = compose_act(compose, &pulls, &act);
	if (r == 0 && pulls.len)
		r = compose_look_images(compose);
	if (r)
		return r;
	plan_builds(&compose->in, opts, &builds);
	r = compose_act(compose, &builds, &act_build);
	if (r == 0 && builds.len)
		r = compose_look_images(compose);
	return r;
}

int
compose_read_scale(const struct strvec *texts, const struct project *project,
		   struct map *scale, struct err *err)
{
	for (size_t i = 0; i < texts->len; i++) {
		const char *text = texts->v[i];
		const char *eq = strchr(text, '=');
		cleanup_free char *name =
			xstrndup(text, eq ? (size_t)(eq - text) : 0);
		const struct node *service;
		uint64_t count;

		if (!eq || units_parse_u64(eq + 1, 0, 100000, &count, NULL))
			return err_set(
				err, EINVAL,
				"invalid scale '%s': write SERVICE=NUMBER",
				text);
		service = project_service(project, name);
		if (!service)
			return err_set(err, EINVAL, "no such service: %s",
				       name);
		if (count > 1 && node_get(service, "container_name"))
			return node_err(
				node_get(service, "container_name"), err,
				EINVAL,
				"services.%s: 'container_name' allows one replica only",
				name);
		(void)map_set(scale, name, (void *)(intptr_t)(count + 1));
	}
	return 0;
}

int
compose_converge(struct compose *compose, const struct act_opts *opts)
{
	cleanup_plan struct plan plan = PLAN_INIT;
	int r = plan_up(&compose->in, &plan, compose->ctx->err);

	return r < 0 ? r : compose_act(compose, &plan, opts);
}
