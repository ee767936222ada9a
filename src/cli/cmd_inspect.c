/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_inspect.c - dhow inspect: whatever has the name or id.
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
	  .help = "show the sizes of containers too" },
	{ .name = "type",
	  .letter = 't',
	  .meta = "TYPE",
	  .kind = FLAG_ENUM,
	  .values = "container|image|network|volume|secret|pod|all",
	  .fallback = "all",
	  .help = "look for this kind only" },
};

static int
run(struct cmd_ctx *ctx)
{
	return inspect_objects(ctx, args_str(ctx->args, "type"),
			       args_bool(ctx->args, "size"));
}

static const struct cmd_example examples[] = {
	{ "the address of a container",
	  "dhow inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web" },
	{ "the layers of an image",
	  "dhow inspect --format '{{json .RootFS.Layers}}' debian:12" },
};

const struct cmd cmd_inspect = {
	.path = "inspect",
	.summary = "show all that is known of images, containers and more",
	.operands = "NAME|ID...",
	.about =
		"Prints an array of what was found. What is missing is told on standard error, and the exit status is 1 then.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_OBJECT,
	.run = run,
};
