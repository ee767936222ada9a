/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_image_inspect.c - dhow image inspect.
 */
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/inspect_print.h"
#include "cli/say.h"
#include "image/image_inspect.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
};

/* What is missing is told at the end, after what was found. */
static int
collect(struct cmd_ctx *ctx, struct store *store, struct node *found)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	int status = 0;
	int r;

	r = image_list(store, &table, ctx->err);
	for (size_t i = 0; i < ctx->args->operands.len && r == 0; i++) {
		const struct image_row *row;
		struct err err = ERR_INIT;
		struct node *node;

		if (image_find_in(&table, args_operand(ctx->args, i), &row,
				  NULL, &err) == 0 &&
		    image_inspect(store, &table, row, &node, &err) == 0) {
			node_push(found, node);
			continue;
		}
		say_error(&err);
		status = 1;
	}
	return r < 0 ? r : status;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_node struct node *found = node_new_arr();
	struct store *store;
	int status;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = session_store(&session, &store, ctx->err);
	if (r < 0)
		return r;
	status = collect(ctx, store, found);
	return status < 0 ? status : inspect_print(ctx, found, status);
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
