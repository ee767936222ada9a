/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_diff.c - dhow diff.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "container/changes.h"

static int
run_diff(struct cmd_ctx *ctx)
{
	static const char letters[CHANGE_KIND_COUNT] = {
		[CHANGE_MODIFIED] = 'C',
		[CHANGE_ADDED] = 'A',
		[CHANGE_DELETED] = 'D',
	};
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	cleanup_change_list struct change_list list = CHANGE_LIST_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = container_find(&session, args_operand(ctx->args, 0),
				   &container, ctx->err);
	if (r == 0)
		r = changes_find(&session, &container, &list, ctx->err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list.len; i++)
		strbuf_addf(&text, "%c %s\n", letters[list.items[i].kind],
			    list.items[i].path);
	say_text(&text);
	return 0;
}

static const struct cmd_example examples[] = {
	{ "see what a container wrote", "dhow diff web" },
};

const struct cmd cmd_diff = {
	.path = "diff",
	.aliases = "container diff",
	.summary = "list what a container changed of its image's files",
	.operands = "CONTAINER",
	.about = "A line per file: A when it was added, C when it was changed, "
		 "D when it was deleted. Volumes are no part of it.",
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.run = run_diff,
};
