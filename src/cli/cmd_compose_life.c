/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_life.c - dhow compose down, start, stop, restart, kill, rm,
 * pause and unpause.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/compose_act.h"
#include "cli/say.h"
#include "sys/sealed.h"

#define ROW(name_, kind_, help_, ...)                               \
	{                                                           \
		.name = name_, .kind = FLAG_##kind_, .help = help_, \
		##__VA_ARGS__                                       \
	}
#define TIMEOUT_ROW                                                 \
	ROW("timeout", INT, "how long containers may take to stop", \
	    .letter = 't', .meta = "SECONDS", .min = 0, .max = INT32_MAX)

static const struct flag down_flags[] = {
	ROW("remove-orphans", BOOL,
	    "remove containers of services that the files do not have"),
	ROW("rmi", ENUM,
	    "remove images too: all, or local: those without a name of their own",
	    .values = "all|local"),
	TIMEOUT_ROW,
	ROW("volumes", BOOL, "remove volumes that the files declare",
	    .letter = 'v'),
};

static const struct flag start_flags[] = {
	ROW("wait", BOOL, "return when all run and are healthy"),
	ROW("wait-timeout", INT, "for how long at most; 0: for ever",
	    .meta = "SECONDS", .min = 0, .max = INT32_MAX),
};

static const struct flag stop_flags[] = { TIMEOUT_ROW };

static const struct flag restart_flags[] = {
	ROW("no-deps", BOOL, "leave services that depend on these alone"),
	TIMEOUT_ROW,
};

static const struct flag kill_flags[] = {
	ROW("remove-orphans", BOOL,
	    "remove containers of services that the files do not have"),
	ROW("signal", STR, "what to send", .letter = 's', .meta = "SIGNAL",
	    .offer = OFFER_SIGNAL, .fallback = "SIGKILL"),
};

static const struct flag rm_flags[] = {
	ROW("all", BOOL, "those of compose run too; they always are",
	    .letter = 'a', .ignore = ""),
	ROW("force", BOOL, "do not ask", .letter = 'f'),
	ROW("stop", BOOL, "stop them first", .letter = 's'),
	ROW("volumes", BOOL, "remove volumes without a name too",
	    .letter = 'v'),
};

static int
begin(struct compose *compose, struct cmd_ctx *ctx, int flags)
{
	int r = sealed_ensure(ctx->err);

	if (r == 0)
		r = compose_begin(compose, ctx, NULL, flags);
	if (r == 0 &&
	    flag_find(ctx->args->flags, ctx->args->flag_count, "timeout") &&
	    args_given(ctx->args, "timeout"))
		compose->in.timeout_s = args_int(ctx->args, "timeout");
	return r;
}

/* down */

/* Services that depend on those named go too. */
static void
add_dependants(struct compose *compose)
{
	const struct node *services = project_services(&compose->project);

	for (size_t i = 0; i < node_len(services); i++) {
		const char *name = node_key_at(services, i);
		cleanup_strvec struct strvec depends = STRVEC_INIT;

		if (strvec_has(&compose->selected, name))
			continue;
		plan_depends(&compose->in, name, &depends);
		for (size_t k = 0; k < depends.len; k++)
			if (strvec_has(&compose->selected, depends.v[k])) {
				strvec_add(&compose->selected, name);
				add_dependants(compose);
				return;
			}
	}
}

static void
remove_grants(const struct compose *compose)
{
	cleanup_close int dirfd =
		open(compose->secrets_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dirfd >= 0)
		(void)fsx_remove_tree(dirfd, compose->project.name, NULL);
}

static int
run_down(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = { .title = "Running" };
	int r = begin(&compose, ctx, COMPOSE_NO_FILES | COMPOSE_MAYBE_NONE);

	if (r)
		return r;
	compose.in.remove_orphans =
		args_given(args, "remove-orphans")
			? args_bool(args, "remove-orphans")
			: compose_is_on(&compose, "COMPOSE_REMOVE_ORPHANS");
	compose.in.volumes = args_bool(args, "volumes");
	compose.in.rmi = args_str(args, "rmi");
	if (compose.in.named->len && compose.project.model)
		add_dependants(&compose);
	if (compose.in.rmi && compose.project.model)
		r = compose_look_images(&compose);
	if (r)
		return r;
	plan_down(&compose.in, &plan);
	if (!plan.len)
		say_warning("no resource found to remove for project \"%s\"",
			    compose.project.name);
	r = compose_act(&compose, &plan, &act);
	if (r == 0 && !compose.in.named->len &&
	    !(ctx->group && args_bool(ctx->group, "dry-run")))
		remove_grants(&compose);
	return r;
}

/* The others: one command for each container. */

static int
run_each(struct cmd_ctx *ctx, const struct plan_verb_opts *opts, int flags,
	 const char *title)
{
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = { .title = title };
	int r = begin(&compose, ctx, COMPOSE_NO_FILES | flags);

	if (r)
		return r;
	plan_each(&compose.in, opts, &plan);
	return compose_act(&compose, &plan, &act);
}

static int
run_start(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	const struct plan_verb_opts opts = { .verb = PLAN_START };
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = {
		.title = "Starting",
		.timeout_ns = args_int(args, "wait-timeout") * UNITS_NS_PER_S,
	};
	int r = begin(&compose, ctx, COMPOSE_NO_FILES | COMPOSE_WITH_DEPS);

	if (r)
		return r;
	for (size_t i = 0; i < compose.selected.len; i++) {
		const char *name = compose.selected.v[i];

		if (!world_find(&compose.world, name, 0))
			return err_set(
				ctx->err, ENOENT,
				"service \"%s\" has no container to start",
				name);
	}
	plan_each(&compose.in, &opts, &plan);
	if (args_bool(args, "wait"))
		plan_wait_ready(&compose.in, &plan);
	return compose_act(&compose, &plan, &act);
}

static int
run_stop(struct cmd_ctx *ctx)
{
	const struct plan_verb_opts opts = { .verb = PLAN_STOP };

	return run_each(ctx, &opts, 0, "Stopping");
}

static int
run_restart(struct cmd_ctx *ctx)
{
	const struct plan_verb_opts opts = {
		.verb = PLAN_RESTART,
		.no_deps = args_bool(ctx->args, "no-deps"),
	};

	return run_each(ctx, &opts, 0, "Restarting");
}

static int
run_kill(struct cmd_ctx *ctx)
{
	const struct plan_verb_opts opts = {
		.verb = PLAN_KILL,
		.signal = args_str(ctx->args, "signal"),
	};

	return run_each(ctx, &opts, 0, "Killing");
}

static int
run_pause(struct cmd_ctx *ctx)
{
	const struct plan_verb_opts opts = { .verb = PLAN_PAUSE };

	return run_each(ctx, &opts, 0, "Pausing");
}

static int
run_unpause(struct cmd_ctx *ctx)
{
	const struct plan_verb_opts opts = { .verb = PLAN_UNPAUSE };

	return run_each(ctx, &opts, 0, "Unpausing");
}

/* rm */

static bool
answers_yes(const struct plan *plan)
{
	char line[16] = "";

	(void)fprintf(stderr, "Going to remove");
	for (size_t i = 0; i < plan->len; i++)
		if (!strcmp(plan->steps[i].doing, "Removing"))
			(void)fprintf(stderr, " %s",
				      strchr(plan->steps[i].subject, ' ') + 1);
	(void)fprintf(stderr, "\nAre you sure? [yN] ");
	return fgets(line, sizeof(line), stdin) &&
	       (line[0] == 'y' || line[0] == 'Y');
}

static int
run_rm(struct cmd_ctx *ctx)
{
	const struct plan_verb_opts opts = {
		.verb = PLAN_REMOVE,
		.volumes = args_bool(ctx->args, "volumes"),
		.stop = args_bool(ctx->args, "stop"),
	};
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = { .title = "Removing" };
	int r = begin(&compose, ctx, COMPOSE_NO_FILES);

	if (r)
		return r;
	plan_each(&compose.in, &opts, &plan);
	if (!plan.len) {
		(void)fprintf(stderr, "No stopped containers\n");
		return 0;
	}
	if (!args_bool(ctx->args, "force") && !answers_yes(&plan))
		return 0;
	return compose_act(&compose, &plan, &act);
}

#define SERVICES_CMD(path_, summary_, rows_, run_, example_)                   \
	{                                                                      \
		.path = path_, .summary = summary_,                            \
		.operands = "[SERVICE...]", CMD_FLAGS(rows_),                  \
		CMD_EXAMPLES(example_), .max_operands = CMD_MANY, .run = run_, \
	}

static const struct cmd_example down_examples[] = {
	{ "remove containers, networks and volumes", "dhow compose down -v" },
};
static const struct cmd_example start_examples[] = {
	{ "start what was stopped", "dhow compose start" },
};
static const struct cmd_example stop_examples[] = {
	{ "stop all services", "dhow compose stop" },
};
static const struct cmd_example restart_examples[] = {
	{ "start a service anew", "dhow compose restart web" },
};
static const struct cmd_example kill_examples[] = {
	{ "have a service read its settings again",
	  "dhow compose kill -s HUP web" },
};
static const struct cmd_example rm_examples[] = {
	{ "remove stopped containers without asking", "dhow compose rm -f" },
};
static const struct cmd_example pause_examples[] = {
	{ "freeze a service", "dhow compose pause web" },
};
static const struct cmd_example unpause_examples[] = {
	{ "let it go on", "dhow compose unpause web" },
};

const struct cmd cmd_compose_down = {
	.path = "compose down",
	.summary = "stop and remove containers and networks",
	.operands = "[SERVICE...]",
	.about = "With named services, these and what depends on them. "
		 "Volumes and images stay unless -v and --rmi are given; "
		 "what is external stays always.",
	CMD_FLAGS(down_flags),
	CMD_EXAMPLES(down_examples),
	.max_operands = CMD_MANY,
	.run = run_down,
};

const struct cmd cmd_compose_start =
	SERVICES_CMD("compose start", "start containers that exist",
		     start_flags, run_start, start_examples);
const struct cmd cmd_compose_stop =
	SERVICES_CMD("compose stop", "stop containers without removing them",
		     stop_flags, run_stop, stop_examples);
const struct cmd cmd_compose_restart =
	SERVICES_CMD("compose restart", "stop and start containers",
		     restart_flags, run_restart, restart_examples);
const struct cmd cmd_compose_kill =
	SERVICES_CMD("compose kill", "send a signal to containers", kill_flags,
		     run_kill, kill_examples);
const struct cmd cmd_compose_rm =
	SERVICES_CMD("compose rm", "remove stopped containers", rm_flags,
		     run_rm, rm_examples);

const struct cmd cmd_compose_pause = {
	.path = "compose pause",
	.summary = "freeze containers",
	.operands = "[SERVICE...]",
	CMD_EXAMPLES(pause_examples),
	.max_operands = CMD_MANY,
	.run = run_pause,
};

const struct cmd cmd_compose_unpause = {
	.path = "compose unpause",
	.summary = "let frozen containers go on",
	.operands = "[SERVICE...]",
	CMD_EXAMPLES(unpause_examples),
	.max_operands = CMD_MANY,
	.run = run_unpause,
};
