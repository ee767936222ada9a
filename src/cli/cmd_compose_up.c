/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_up.c - dhow compose up, create and scale.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/compose_attached.h"
#include "cli/compose_phases.h"
#include "sys/sealed.h"

#define ROW(name_, kind_, help_, ...)                               \
	{                                                           \
		.name = name_, .kind = FLAG_##kind_, .help = help_, \
		##__VA_ARGS__                                       \
	}
#define PULL_ROW                                                        \
	ROW("pull", ENUM, "when to pull, instead of what services say", \
	    .values = "always|missing|never|build|policy",              \
	    .fallback = "policy")
#define TIMEOUT_ROW                                                 \
	ROW("timeout", INT, "how long containers may take to stop", \
	    .letter = 't', .meta = "SECONDS", .min = 0, .max = INT32_MAX)
#define ORPHANS_ROW                 \
	ROW("remove-orphans", BOOL, \
	    "remove containers of services that the files do not have")

static const struct flag up_flags[] = {
	ROW("abort-on-container-exit", BOOL,
	    "stop all when a container ends, with its exit status",
	    .conflicts = "detach|wait|abort-on-container-failure"),
	ROW("abort-on-container-failure", BOOL,
	    "stop all when a container fails, with its exit status",
	    .conflicts = "detach|wait"),
	ROW("always-recreate-deps", BOOL, "replace dependencies too",
	    .conflicts = "no-recreate"),
	ROW("attach", LIST, "show the output of this service only",
	    .meta = "SERVICE", .conflicts = "detach|attach-dependencies|wait"),
	ROW("attach-dependencies", BOOL, "show the output of dependencies too",
	    .conflicts = "detach|wait"),
	ROW("build", BOOL, "build images first", .conflicts = "no-build"),
	ROW("detach", BOOL, "do not show output; return once all is started",
	    .letter = 'd', .conflicts = "watch"),
	ROW("exit-code-from", STR,
	    "stop all when a container ends, with this service's exit status",
	    .meta = "SERVICE", .conflicts = "detach|wait"),
	ROW("force-recreate", BOOL, "replace containers that did not change",
	    .conflicts = "no-recreate"),
	ROW("menu", BOOL, "keys that do things while output is shown",
	    .refuse = "type commands in another terminal"),
	ROW("no-attach", LIST, "do not show the output of this service",
	    .meta = "SERVICE"),
	ROW("no-build", BOOL, "do not build what is missing",
	    .conflicts = "watch"),
	ROW("no-color", BOOL, "no colours"),
	ROW("no-deps", BOOL, "leave what services depend on alone"),
	ROW("no-log-prefix", BOOL, "leave names out of the output"),
	ROW("no-recreate", BOOL, "keep containers that should be replaced",
	    .conflicts = "renew-anon-volumes"),
	ROW("no-start", BOOL, "only make what is missing"),
	PULL_ROW,
	ROW("quiet-build", BOOL, "do not show builds"),
	ROW("quiet-pull", BOOL, "do not show pulls"),
	ORPHANS_ROW,
	ROW("renew-anon-volumes", BOOL, "new volumes where they have no name",
	    .letter = 'V'),
	ROW("scale", LIST, "how many containers of a service",
	    .meta = "SERVICE=N"),
	TIMEOUT_ROW,
	ROW("timestamps", BOOL, "start each line with its time"),
	ROW("wait", BOOL, "return when all run and are healthy"),
	ROW("wait-timeout", INT, "for how long at most; 0: for ever",
	    .meta = "SECONDS", .min = 0, .max = INT32_MAX),
	ROW("watch", BOOL, "also do what develop.watch says", .letter = 'w'),
	ROW("yes", BOOL, "answer questions with yes", .letter = 'y'),
};

static const struct flag create_flags[] = {
	ROW("build", BOOL, "build images first", .conflicts = "no-build"),
	ROW("force-recreate", BOOL, "replace containers that did not change",
	    .conflicts = "no-recreate"),
	ROW("no-build", BOOL, "do not build what is missing"),
	ROW("no-recreate", BOOL, "keep containers that should be replaced"),
	PULL_ROW,
	ROW("quiet-pull", BOOL, "do not show pulls"),
	ORPHANS_ROW,
	ROW("scale", LIST, "how many containers of a service",
	    .meta = "SERVICE=N"),
	ROW("yes", BOOL, "answer questions with yes", .letter = 'y'),
};

static const struct flag scale_flags[] = {
	ROW("no-deps", BOOL, "leave what services depend on alone"),
};

static void
fill_orphans(struct compose *compose, const struct args *args)
{
	compose->in.remove_orphans =
		args_given(args, "remove-orphans")
			? args_bool(args, "remove-orphans")
			: compose_is_on(compose, "COMPOSE_REMOVE_ORPHANS");
	compose->in.ignore_orphans =
		compose_is_on(compose, "COMPOSE_IGNORE_ORPHANS");
}

static int
begin(struct compose *compose, struct cmd_ctx *ctx,
      const struct strvec *services, bool with_deps)
{
	int r = sealed_ensure(ctx->err);

	return r < 0 ? r
		     : compose_begin(compose, ctx, services,
				     (with_deps ? COMPOSE_WITH_DEPS : 0) |
					     COMPOSE_WARN | COMPOSE_ACTS);
}

static int
check_up(const struct compose *compose, const struct args *args)
{
	const char *from = args_str(args, "exit-code-from");
	struct err *err = compose->ctx->err;

	if (from && !project_service(&compose->project, from))
		return err_set(err, EINVAL, "no such service: %s", from);
	if (args_given(args, "wait-timeout") && !args_bool(args, "wait"))
		return err_set(err, EINVAL, "--wait-timeout needs --wait");
	return 0;
}

/* Does whoever sits there agree that its data goes? */
static bool
may_renew(const char *name)
{
	char line[16] = "";

	if (!isatty(STDIN_FILENO))
		return false;
	(void)fprintf(
		stderr,
		"Volume \"%s\" exists but doesn't match configuration in compose file. Recreate (data will be lost)? [yN] ",
		name);
	return fgets(line, sizeof(line), stdin) &&
	       (line[0] == 'y' || line[0] == 'Y');
}

/* Volumes that are not as the files have them now: made again with --yes. */
static void
choose_volumes(struct compose *compose, struct strvec *renewed)
{
	const struct node *volumes =
		node_get(compose->project.model, "volumes");
	const struct cmd_ctx *ctx = compose->ctx;
	bool is_dry = ctx->group && args_bool(ctx->group, "dry-run");

	for (size_t i = 0; i < node_len(volumes); i++) {
		const char *key = node_key_at(volumes, i);
		const struct node *body = node_value_at(volumes, i);

		if (plan_volume_changed(&compose->in, key) &&
		    (args_bool(ctx->args, "yes") ||
		     (!is_dry &&
		      may_renew(node_str_or(node_get(body, "name"), key)))))
			strvec_add(renewed, key);
	}
	compose->in.renew_volumes = renewed;
}

static int
run_up(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_map struct map scale = MAP_INIT;
	cleanup_strvec struct strvec renewed = STRVEC_INIT;
	struct plan_images_opts images = { .policy = NULL };
	struct act_opts act = {
		.title = "Running",
		.timeout_ns = args_int(args, "wait-timeout") * UNITS_NS_PER_S,
	};
	int r;

	r = begin(&compose, ctx, NULL, !args_bool(args, "no-deps"));
	if (r == 0)
		r = check_up(&compose, args);
	if (r == 0)
		r = compose_read_scale(args_list(args, "scale"),
				       &compose.project, &scale, ctx->err);
	if (r)
		return r;
	fill_orphans(&compose, args);
	compose.in.scale = &scale;
	compose.in.force_recreate = args_bool(args, "force-recreate");
	compose.in.no_recreate = args_bool(args, "no-recreate");
	compose.in.always_recreate_deps =
		args_bool(args, "always-recreate-deps");
	compose.in.renew_anonymous = args_bool(args, "renew-anon-volumes");
	compose.in.wait = args_bool(args, "wait");
	compose.in.no_start = args_bool(args, "no-start");
	if (args_given(args, "timeout"))
		compose.in.timeout_s = args_int(args, "timeout");
	choose_volumes(&compose, &renewed);
	compose_image_flags(args, &images);
	r = compose_images(&compose, &images);
	if (r)
		return r;
	if (compose.in.no_start || compose.in.wait ||
	    args_bool(args, "detach") ||
	    (ctx->group && args_bool(ctx->group, "dry-run")))
		return compose_converge(&compose, &act);
	return compose_attached(&compose);
}

static int
run_create(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_map struct map scale = MAP_INIT;
	cleanup_strvec struct strvec renewed = STRVEC_INIT;
	struct plan_images_opts images = { .policy = NULL };
	const struct act_opts act = { .title = "Creating" };
	int r = begin(&compose, ctx, NULL, true);

	if (r == 0)
		r = compose_read_scale(args_list(args, "scale"),
				       &compose.project, &scale, ctx->err);
	if (r)
		return r;
	fill_orphans(&compose, args);
	compose.in.scale = &scale;
	compose.in.force_recreate = args_bool(args, "force-recreate");
	compose.in.no_recreate = args_bool(args, "no-recreate");
	compose.in.no_start = true;
	choose_volumes(&compose, &renewed);
	compose_image_flags(args, &images);
	r = compose_images(&compose, &images);
	return r ? r : compose_converge(&compose, &act);
}

static int
run_scale(struct cmd_ctx *ctx)
{
	const struct strvec *texts = &ctx->args->operands;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_map struct map scale = MAP_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const struct plan_images_opts images = { .policy = NULL };
	const struct act_opts act = { .title = "Scaling" };
	int r;

	for (size_t i = 0; i < texts->len; i++)
		strvec_add_take(&names, xstrndup(texts->v[i],
						 strcspn(texts->v[i], "=")));
	r = begin(&compose, ctx, &names, !args_bool(ctx->args, "no-deps"));
	if (r == 0)
		r = compose_read_scale(texts, &compose.project, &scale,
				       ctx->err);
	if (r)
		return r;
	compose.in.scale = &scale;
	compose.in.no_recreate = true;
	compose.in.ignore_orphans = true;
	r = compose_images(&compose, &images);
	return r ? r : compose_converge(&compose, &act);
}

static const struct cmd_example up_examples[] = {
	{ "start all services and show their output until Ctrl-C",
	  "dhow compose up" },
	{ "start in the background and wait until they are healthy",
	  "dhow compose up --wait" },
};

const struct cmd cmd_compose_up = {
	.path = "compose up",
	.summary = "make and start containers of services",
	.operands = "[SERVICE...]",
	.about = "What is missing is pulled, built and made; containers whose "
		 "part of the files changed are replaced; the others stay. "
		 "Services start in the order of depends_on.\n\n"
		 "Without -d, output is shown until all containers end. "
		 "Ctrl-C stops them, in the reverse order; a second one kills "
		 "them.",
	.exits = "0 when all containers ended, or were started with -d; 130 "
		 "after Ctrl-C; 1 when something failed.",
	CMD_FLAGS(up_flags),
	CMD_EXAMPLES(up_examples),
	.max_operands = CMD_MANY,
	.run = run_up,
};

static const struct cmd_example create_examples[] = {
	{ "make containers without starting them", "dhow compose create" },
};

const struct cmd cmd_compose_create = {
	.path = "compose create",
	.summary = "make containers of services without starting them",
	.operands = "[SERVICE...]",
	CMD_FLAGS(create_flags),
	CMD_EXAMPLES(create_examples),
	.max_operands = CMD_MANY,
	.run = run_create,
};

static const struct cmd_example scale_examples[] = {
	{ "two containers of a service", "dhow compose scale web=2" },
};

const struct cmd cmd_compose_scale = {
	.path = "compose scale",
	.summary = "set how many containers services have",
	.operands = "SERVICE=N...",
	CMD_FLAGS(scale_flags),
	CMD_EXAMPLES(scale_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.run = run_scale,
};
