/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_image_inspect.c - dhow image inspect.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/image_platform.h"
#include "cli/inspect_objects.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
	IMAGE_PLATFORM_FLAG,
};

static int
check_platforms(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	struct store *store;
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = session_store(&session, &store, ctx->err);
	for (size_t i = 0; i < ctx->args->operands.len && r == 0; i++)
		r = image_platform_check(ctx, store, args_operand(ctx->args, i),
					 ctx->err);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	int r = args_given(ctx->args, "platform") ? check_platforms(ctx) : 0;

	return r < 0 ? r : inspect_objects(ctx, "image", false);
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
