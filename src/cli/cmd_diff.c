/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_diff.c - dhow diff.
 */
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/changes.h"
#include "ui/format.h"
#include "ui/width.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	TARGETS_LATEST,
};

static const struct format_field fields[] = {
	{ "Path", "PATH" },
	{ "Type", "CHANGE TYPE" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Type|Path",
	.quiet = "Path",
};

static int
print_changes(const struct change_list *list, const char *format,
	      struct err *err)
{
	static const char *const letters[CHANGE_KIND_COUNT] = {
		[CHANGE_MODIFIED] = "C",
		[CHANGE_ADDED] = "A",
		[CHANGE_DELETED] = "D",
	};
	const struct format_request request = {
		.format = format ?: "{{.Type}} {{.Path}}"
	};
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	for (size_t i = 0; i < list->len; i++) {
		struct node *row = node_push(rows, node_new_obj());

		node_set_str(row, "Path", list->items[i].path);
		node_set_str(row, "Type", letters[list->items[i].kind]);
	}
	r = format_rows(&listing, &request, rows, &text, err);
	if (r < 0)
		return r;
	/* Scripts get the names as they are, terminals what does no harm. */
	if (isatty(STDOUT_FILENO)) {
		cleanup_strbuf struct strbuf safe = STRBUF_INIT;

		width_add_safe(&safe, span_new(text.buf, text.len), "\t\n");
		say_text(&safe);
	} else {
		say_text(&text);
	}
	return 0;
}

static int
run_diff(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	cleanup_change_list struct change_list list = CHANGE_LIST_INIT;
	size_t used;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_find_one(ctx, &session, &container, &used);
	if (r == 0)
		r = changes_find(&session, &container, &list, ctx->err);
	return r < 0 ? r
		     : print_changes(&list, args_str(ctx->args, "format"),
				     ctx->err);
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
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.run = run_diff,
};
