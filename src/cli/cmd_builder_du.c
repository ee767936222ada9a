/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_builder_du.c - dhow builder du.
 */
#include "base/units.h"
#include "cli/build_cache_rows.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"

static const struct flag flags[] = {
	{ .name = "builder",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .ignore = "",
	  .hidden = true },
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "only what matches: id, type, until, unused-for, inuse, shared, private, description" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "verbose", .kind = FLAG_BOOL, .help = "print all there is" },
};

static void
add_total(struct strbuf *out, const char *label, uint64_t bytes)
{
	strbuf_addf(out, "%s:\t", label);
	units_add_size(out, bytes);
	strbuf_addch(out, '\n');
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct build_cache_filter filter = BUILD_CACHE_FILTER_INIT;
	struct build_cache_list list = { .rows = NULL };
	const char *format = args_str(ctx->args, "format");
	int r = build_cache_filter_init(&filter, args_list(ctx->args, "filter"),
					ctx->err);

	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = build_cache_list(&session, &list, ctx->err);
	if (r == 0) {
		build_cache_rows_filter(&list, &filter);
		r = build_cache_rows_add(&list, format,
					 args_bool(ctx->args, "verbose"), &out,
					 ctx->err);
	}
	if (r == 0 && !format) {
		add_total(&out, "Reclaimable",
			  build_cache_rows_bytes(&list, true));
		add_total(&out, "Total", build_cache_rows_bytes(&list, false));
	}
	if (r == 0)
		say_text(&out);
	build_cache_list_release(&list);
	build_cache_filter_release(&filter);
	return r;
}

static const struct cmd_example examples[] = {
	{ "see what the build cache takes", "dhow builder du" },
};

const struct cmd cmd_builder_du = {
	.path = "builder du",
	.aliases = "buildx du",
	.summary = "list what the build cache holds",
	.about =
		"A step whose layer is in an image too takes no room of its own.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
