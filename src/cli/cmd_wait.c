/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_wait.c - dhow wait.
 */
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/lifecycle.h"

static int
wait_each(struct cmd_ctx *ctx, struct session *session,
	  const struct strvec *names)
{
	int failed = 0;

	for (size_t i = 0; i < names->len; i++) {
		cleanup_container struct container container = CONTAINER_INIT;
		struct err err = ERR_INIT;
		int status, r;

		r = container_find(session, names->v[i], &container, &err);
		if (r == -ENOENT && args_bool(ctx->args, "ignore")) {
			(void)printf("-1\n");
			continue;
		}
		if (r == 0)
			r = lifecycle_wait(session, &container, &status, &err);
		if (r < 0) {
			say_error(&err);
			failed = 1;
			continue;
		}
		(void)printf("%d\n", status);
		(void)fflush(stdout);
	}
	return failed;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, targets_any, &names);
	return r < 0 ? r : wait_each(ctx, &session, &names);
}

static const struct flag flags[] = {
	{ .name = "ignore",
	  .kind = FLAG_BOOL,
	  .help = "print -1 for a container that is not there" },
	TARGETS_LATEST,
};

static const struct cmd_example examples[] = {
	{ "wait for a container and print its exit status", "dhow wait job" },
};

const struct cmd cmd_wait = {
	.path = "wait",
	.aliases = "container wait",
	.summary = "wait until containers end, and print their exit statuses",
	.operands = "CONTAINER...",
	.about =
		"Of a container that does not run the last exit status is printed. One that its restart policy brings back has ended too.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run,
};
