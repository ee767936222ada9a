/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_image_inspect.c - dhow image inspect.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/inspect_objects.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
};

static int
run(struct cmd_ctx *ctx)
{
	return inspect_objects(ctx, "image", false);
}

static const struct cmd_example examples[] = {
	{ "what does an image run",
	  "dhow image inspect --format '{{.Config.Cmd}}' debian:12" },
};

const struct cmd cmd_image_inspect = {
	.path = "image inspect",
	.summary = "show all that is known of images",
	.operands = "IMAGE...",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.run = run,
};
