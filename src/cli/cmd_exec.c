/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_exec.c - dhow exec.
 */
#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/env_flags.h"
#include "cli/exit.h"
#include "cli/targets.h"
#include "container/exec_run.h"
#include "container/lookup.h"
#include "sys/sealed.h"

#define EXEC_DETACH_KEYS "ctrl-p,ctrl-q"

static int
check_terminal(struct cmd_ctx *ctx)
{
	if (args_bool(ctx->args, "detach") || !args_bool(ctx->args, "tty") ||
	    !args_bool(ctx->args, "interactive") || isatty(STDIN_FILENO))
		return 0;
	(void)err_set(ctx->err, EINVAL, "the input device is not a TTY");
	err_hint(ctx->err, "leave out -t, or -i, when input is piped");
	return -EINVAL;
}

/* The container, and what follows its name. */
static int
find_container(struct cmd_ctx *ctx, struct session *session,
	       struct container *ret_container, struct strvec *argv)
{
	size_t used;
	int r = targets_find_one(ctx, session, ret_container, &used);

	if (r == 0)
		strvec_add_array(argv, ctx->args->operands.v + used);
	if (r == 0 && !argv->len) {
		r = err_set(ctx->err, EINVAL, "no command is given");
		err_hint(ctx->err, "usage: dhow %s [OPTIONS] %s",
			 ctx->cmd->path, ctx->cmd->operands);
	}
	return r;
}

/* Docker's statuses: 1 says that there was nothing to enter. */
static int
exec_in(struct cmd_ctx *ctx, struct session *session,
	const struct container *container, const struct exec_request *request)
{
	struct exec_result result;
	int r = exec_run(session, container, request, &result, ctx->err);

	if (r < 0 && result.entered)
		ctx->fail_status = result.not_run ? exit_status_of_exec(r)
						  : EXIT_CANNOT_EXEC;
	if (r < 0)
		return r;
	return result.detached ? 0 : result.exit_status;
}

static int
run_exec(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	cleanup_strvec struct strvec argv = STRVEC_INIT, env = STRVEC_INIT;
	const struct args *args = ctx->args;
	const char *keys = args_str(args, "detach-keys");
	struct detach_keys detach_keys;
	struct exec_request request = {
		.argv = &argv,
		.env = &env,
		.user = args_str(args, "user"),
		.cwd = args_str(args, "workdir"),
		.privileged = args_bool(args, "privileged"),
		.tty = args_bool(args, "tty"),
		.open_stdin = args_bool(args, "interactive"),
		.detach = args_bool(args, "detach"),
		.detach_keys = &detach_keys,
	};
	int r;

	r = check_terminal(ctx);
	if (r == 0)
		r = detach_keys_parse(keys ?: EXEC_DETACH_KEYS, &detach_keys,
				      ctx->err);
	if (r == 0)
		r = env_flags_add(&env, args, ctx->err);
	if (r == 0 && request.cwd && *request.cwd != '/')
		r = err_set(ctx->err, EINVAL,
			    "--workdir '%s' is not an absolute path",
			    request.cwd);
	if (r == 0)
		r = sealed_ensure(ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = find_container(ctx, &session, &container, &argv);
	return r < 0 ? r : exec_in(ctx, &session, &container, &request);
}

static const struct flag flags[] = {
	TARGETS_CIDFILE,
	{ .name = "detach",
	  .kind = FLAG_BOOL,
	  .letter = 'd',
	  .help = "do not wait for the command, and do not show its output" },
	{ .name = "detach-keys",
	  .kind = FLAG_STR,
	  .meta = "KEYS",
	  .help = "what to type to leave a terminal (default ctrl-p,ctrl-q)" },
	{ .name = "env",
	  .kind = FLAG_LIST,
	  .letter = 'e',
	  .meta = "NAME[=VALUE]",
	  .help = "set a variable, or pass on the host's" },
	{ .name = "env-file",
	  .kind = FLAG_LIST,
	  .meta = "FILE",
	  .help = "read variables from a file",
	  .offer = OFFER_FILE },
	{ .name = "interactive",
	  .kind = FLAG_BOOL,
	  .letter = 'i',
	  .help = "pass our input on" },
	TARGETS_LATEST,
	{ .name = "privileged",
	  .kind = FLAG_BOOL,
	  .help = "all capabilities in the container's user namespace" },
	{ .name = "tty",
	  .kind = FLAG_BOOL,
	  .letter = 't',
	  .help = "give the command a terminal" },
	{ .name = "user",
	  .kind = FLAG_STR,
	  .letter = 'u',
	  .meta = "USER[:GROUP]",
	  .help = "run as this user of the container, by name or number" },
	{ .name = "workdir",
	  .kind = FLAG_STR,
	  .letter = 'w',
	  .meta = "DIR",
	  .help = "working directory in the container" },
};

static const struct cmd_example examples[] = {
	{ "work in a shell of a running container", "dhow exec -it web bash" },
	{ "ask a database", "dhow exec db psql -c 'select 1'" },
};

const struct cmd cmd_exec = {
	.path = "exec",
	.aliases = "container exec",
	.summary = "run a command in a running container",
	.operands = "CONTAINER COMMAND [ARG...]",
	.about = "The command gets the user, environment, working directory "
		 "and rights of the container, unless told otherwise. What it "
		 "starts in the background stays in the container.\n\n"
		 "Signals are passed on to the command; it outlives dhow, but "
		 "not the container.",
	.exits = "That of the command; 1 when the container does not run, "
		 "126 when the command could not be executed, 127 when there "
		 "is no such command, 128 + N when it was ended by signal N.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.stop_at_operand = true,
	.run = run_exec,
};
