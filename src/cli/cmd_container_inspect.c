/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_container_inspect.c - dhow container inspect.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/inspect_objects.h"
#include "cli/targets.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
	TARGETS_LATEST,
	{ .name = "size",
	  .letter = 's',
	  .kind = FLAG_BOOL,
	  .help = "show what they take on disk too" },
};

static int
run(struct cmd_ctx *ctx)
{
	return inspect_objects(ctx, "container", args_bool(ctx->args, "size"));
}

static const struct cmd_example examples[] = {
	{ "ask for the process id",
	  "dhow container inspect --format '{{.State.Pid}}' web" },
};

const struct cmd cmd_container_inspect = {
	.path = "container inspect",
	.summary = "show all that is known of containers",
	.operands = "CONTAINER...",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run,
};
