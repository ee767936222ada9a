/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_healthcheck.c - dhow healthcheck run.
 */
#include <stdio.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/exit.h"
#include "container/lifecycle.h"

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	int exit_code = 0;
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = container_find(&session, args_operand(ctx->args, 0),
				   &container, ctx->err);
	if (r == 0)
		r = lifecycle_probe(&session, &container, &exit_code, ctx->err);
	if (r == 0 && exit_code)
		(void)printf("unhealthy\n");
	return r < 0 ? r : exit_code != 0;
}

static const struct flag flags[] = {
	{ .name = "ignore-result",
	  .kind = FLAG_BOOL,
	  .refuse = "every answer is recorded",
	  .harmless = "false",
	  .hidden = true },
};

static const struct cmd_example examples[] = {
	{ "ask at once, instead of waiting for the next time",
	  "dhow healthcheck run checked" },
};

const struct cmd cmd_healthcheck_run = {
	.path = "healthcheck run",
	.summary = "ask a container for its health now",
	.operands = "CONTAINER",
	.about = "The answer counts as those that come by themselves: inspect "
		 "shows it, and the status changes by it.",
	.exits = "0 when the answer was healthy, 1 when it was not, 125 when "
		 "there was none.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.fail_status = EXIT_ENGINE,
	.run = run,
};
