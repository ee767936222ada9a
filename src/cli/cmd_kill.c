/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_kill.c - dhow kill, dhow pause, dhow unpause.
 */
#include <signal.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/targets.h"
#include "container/lifecycle.h"
#include "spec/signal_spec.h"

static int
kill_one(struct session *session, const struct container *container, void *data,
	 struct err *err)
{
	return lifecycle_kill(session, container, *(const int *)data, err);
}

static int
run_kill(struct cmd_ctx *ctx)
{
	const char *text = args_str(ctx->args, "signal");
	int signo, r = signal_spec_parse(text, &signo, ctx->err);

	if (r < 0)
		return err_wrap(ctx->err, r, "--signal '%s'", text);
	return targets_run(ctx, targets_live, false, kill_one, &signo);
}

static const struct flag kill_flags[] = {
	TARGETS_ALL("signal every container that runs"),
	TARGETS_CIDFILE,
	TARGETS_LATEST,
	{ .name = "signal",
	  .kind = FLAG_STR,
	  .letter = 's',
	  .meta = "SIGNAL",
	  .fallback = "KILL",
	  .offer = OFFER_SIGNAL,
	  .help = "what to send" },
};

static const struct cmd_example kill_examples[] = {
	{ "tell a server to read its configuration again",
	  "dhow kill --signal HUP web" },
};

const struct cmd cmd_kill = {
	.path = "kill",
	.aliases = "container kill",
	.summary = "send a signal to containers",
	.operands = "CONTAINER...",
	.about =
		"The signal goes to the container's first process, at once. After SIGKILL, or the signal that stop sends, no restart policy brings the container back.",
	.exits = "1 when a container does not run.",
	CMD_FLAGS(kill_flags),
	CMD_EXAMPLES(kill_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_kill,
};

static int
pause_one(struct session *session, const struct container *container,
	  void *data, struct err *err)
{
	return lifecycle_pause(session, container, data != NULL, err);
}

static int
run_pause(struct cmd_ctx *ctx)
{
	static int yes;

	return targets_run(ctx, targets_live, false, pause_one, &yes);
}

static int
run_unpause(struct cmd_ctx *ctx)
{
	return targets_run(ctx, targets_paused, false, pause_one, NULL);
}

static const struct flag pause_flags[] = {
	TARGETS_ALL("pause every container that runs"),
	TARGETS_CIDFILE,
	TARGETS_FILTER,
	TARGETS_LATEST,
};

static const struct cmd_example pause_examples[] = {
	{ "hold a container while its files are copied",
	  "dhow pause db && cp -a data backup; dhow unpause db" },
};

#define PAUSE_ABOUT                                                          \
	"Where a freezer of the kernel is delegated to you (dhow info says " \
	"so), the container cannot tell that it was paused. Elsewhere its "  \
	"processes are stopped by SIGSTOP and go on by SIGCONT."

const struct cmd cmd_pause = {
	.path = "pause",
	.aliases = "container pause",
	.summary = "hold all processes of containers",
	.operands = "CONTAINER...",
	.about = PAUSE_ABOUT,
	CMD_FLAGS(pause_flags),
	CMD_EXAMPLES(pause_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_pause,
};

static const struct flag unpause_flags[] = {
	TARGETS_ALL("let every paused container go on"),
	TARGETS_CIDFILE,
	TARGETS_FILTER,
	TARGETS_LATEST,
};

const struct cmd cmd_unpause = {
	.path = "unpause",
	.aliases = "container unpause",
	.summary = "let paused containers go on",
	.operands = "CONTAINER...",
	.about = PAUSE_ABOUT,
	CMD_FLAGS(unpause_flags),
	CMD_EXAMPLES(pause_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_unpause,
};
