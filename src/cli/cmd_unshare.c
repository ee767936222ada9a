/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_unshare.c - dhow unshare.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/exit.h"

/* Mounts made in there are not seen outside. */
static int
leave_mounts(struct err *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return err_sys(err, "make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_sys(err, "keep mounts apart");
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	const char *shell = getenv("SHELL");
	char *login[] = { (char *)(shell && *shell ? shell : "/bin/sh"), NULL };
	const struct strvec *operands = &ctx->args->operands;
	char **argv = operands->len > 0 ? operands->v : login;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = session_enter(&session, true, ctx->err);
	if (r == 0)
		r = leave_mounts(ctx->err);
	if (r < 0)
		return r;
	(void)setenv("CONTAINERS_GRAPHROOT", session.paths.data, 1);
	(void)setenv("CONTAINERS_RUNROOT", session.paths.run, 1);
	(void)execvp(argv[0], argv);
	ctx->fail_status = exit_status_of_exec(-errno);
	return err_sys(ctx->err, "execute '%s'", argv[0]);
}

static const struct cmd_example examples[] = {
	{ "see files of a volume as their containers do",
	  "dhow unshare ls -ln" },
	{ "remove what a container left in a bind mount",
	  "dhow unshare rm -rf ./left" },
};

const struct cmd cmd_unshare = {
	.path = "unshare",
	.summary = "run a command with the ids that containers have",
	.operands = "[COMMAND [ARG...]]",
	.about = "In the user namespace of your containers you are root over "
		 "all ids of your account: files that containers made under "
		 "other ids can be looked at and removed. Mounts are not seen "
		 "outside. CONTAINERS_GRAPHROOT and CONTAINERS_RUNROOT name "
		 "the directories of the store and of what runs.\n\n"
		 "Without COMMAND it is your shell.",
	.exits = "That of the command; 126 when it is not executable, 127 "
		 "when there is none, 125 when dhow failed.",
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.fail_status = EXIT_ENGINE,
	.stop_at_operand = true,
	.run = run,
};
