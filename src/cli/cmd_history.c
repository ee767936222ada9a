/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_history.c - dhow history.
 */
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/image_platform.h"
#include "cli/say.h"
#include "image/image_history.h"
#include "ui/format.h"
#include "ui/width.h"

#define CREATED_BY_COLUMNS 45
#define SHORT_ID 12
#define MISSING "<missing>"

static const struct flag flags[] = {
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "human",
	  .letter = 'H',
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "print sizes and ages for people; =false prints bytes and times" },
	{ .name = "no-trunc",
	  .kind = FLAG_BOOL,
	  .help = "print whole ids and commands" },
	IMAGE_PLATFORM_FLAG,
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print ids only" },
};

static const struct format_field fields[] = {
	{ "Comment", "COMMENT" },
	{ "Created", "CREATED" },
	{ "CreatedAt", "CREATED AT" },
	{ "CreatedBy", "CREATED BY" },
	{ "CreatedSince", "CREATED" },
	{ "ID", "IMAGE" },
	{ "Size", "SIZE" },
	{ "Tags", "TAGS" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ID|CreatedSince|CreatedBy|Size|Comment",
	.quiet = "ID",
};

struct history {
	struct cmd_ctx *ctx;
	struct image_history image;
	struct image_row row;
	struct strvec tags;
	int64_t now_ns;
	bool human;
	bool no_trunc;
};

static void
history_release(struct history *history)
{
	image_history_release(&history->image);
	image_row_release(&history->row);
	strvec_release(&history->tags);
}

/* "2006-01-02T15:04:05+07:00", in the zone of this host. */
static void
add_local_time(struct strbuf *sb, int64_t ns)
{
	time_t seconds = (time_t)(ns / UNITS_NS_PER_S);
	char text[64] = "", zone[16] = "";
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return;
	(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)strftime(zone, sizeof(zone), "%z", &tm);
	strbuf_addstr(sb, text);
	if (strcmp(zone, "+0000") == 0)
		strbuf_addch(sb, 'Z');
	else
		strbuf_addf(sb, "%.3s:%s", zone, zone + 3);
}

static void
set_times(const struct history *history, const struct image_step *step,
	  struct node *node)
{
	cleanup_strbuf struct strbuf at = STRBUF_INIT;
	cleanup_strbuf struct strbuf since = STRBUF_INIT;
	int64_t ns = 0;

	if (step->created && units_parse_rfc3339(step->created, &ns, NULL) == 0)
		add_local_time(&at, ns);
	if (!at.len) {
		strbuf_addstr(&since, "N/A");
	} else if (history->human) {
		units_add_age(&since, (history->now_ns - ns) / UNITS_NS_PER_S);
		strbuf_addstr(&since, " ago");
	} else {
		strbuf_addstr(&since, at.buf);
	}
	node_set_str(node, "Created", since.buf);
	node_set_str(node, "CreatedAt", at.buf);
	node_set_str(node, "CreatedSince", since.buf);
}

static void
set_created_by(const struct history *history, const struct image_step *step,
	       struct node *node)
{
	cleanup_free char *text = xstrdup(step->created_by);
	struct span whole = span_of(text), cut;
	cleanup_strbuf struct strbuf shown = STRBUF_INIT;

	for (char *at = text; *at; at++)
		if (*at == '\t' || *at == '\n')
			*at = ' ';
	cut = width_cut(whole, CREATED_BY_COLUMNS);
	if (history->no_trunc || cut.len == whole.len) {
		strbuf_addstr(&shown, text);
	} else {
		cut = width_cut(whole, CREATED_BY_COLUMNS - 1);
		strbuf_addf(&shown, "%.*s…", (int)cut.len, cut.ptr);
	}
	node_set_str(node, "CreatedBy", shown.buf);
}

/* Only the newest step is an image that one can name. */
static struct node *
step_node(const struct history *history, size_t at)
{
	const struct image_step *step = &history->image.steps[at];
	const struct digest *id = &history->row.id;
	cleanup_strbuf struct strbuf size = STRBUF_INIT;
	cleanup_strbuf struct strbuf tags = STRBUF_INIT;
	struct node *node = node_new_obj();

	node_set_str(node, "Comment", step->comment);
	set_times(history, step, node);
	set_created_by(history, step, node);
	if (at == 0 && !history->no_trunc) {
		cleanup_free char *cut = xstrndup(digest_hex(id), SHORT_ID);

		node_set_str(node, "ID", cut);
	} else {
		node_set_str(node, "ID", at == 0 ? id->text : MISSING);
	}
	if (history->human)
		units_add_size(&size, (uint64_t)step->size_bytes);
	else
		strbuf_addf(&size, "%lld", (long long)step->size_bytes);
	node_set_str(node, "Size", size.buf);
	for (size_t i = 0; at == 0 && i < history->tags.len; i++)
		strbuf_addf(&tags, "%s%s", i ? ", " : "", history->tags.v[i]);
	node_set_str(node, "Tags", tags.buf);
	return node;
}

static int
print_steps(const struct history *history)
{
	const struct args *args = history->ctx->args;
	const struct format_request request = {
		.format = args_str(args, "format"),
		.is_quiet = args_bool(args, "quiet"),
	};
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	for (size_t i = 0; i < history->image.count; i++)
		node_push(rows, step_node(history, i));
	r = format_rows(&listing, &request, rows, &out, history->ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_release(history_release) struct history history = {
		.ctx = ctx,
		.image = IMAGE_HISTORY_INIT,
		.row = { .line = NULL },
		.tags = STRVEC_INIT,
		.now_ns = units_now_ns(),
		.human = args_bool(ctx->args, "human"),
		.no_trunc = args_bool(ctx->args, "no-trunc"),
	};
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_session struct session session = SESSION_INIT;
	struct store *store;
	int r;

	r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = image_find(store, args_operand(ctx->args, 0), &history.row,
			       NULL, ctx->err);
	if (r == 0)
		r = image_history_read(store, &history.row, &history.image,
				       ctx->err);
	if (r == 0)
		r = image_table_load(store, &table, ctx->err);
	if (r == 0)
		r = image_platform_check(ctx, store, args_operand(ctx->args, 0),
					 ctx->err);
	if (r < 0)
		return r;
	image_names(&table, &history.row.id, &history.tags, NULL);
	return print_steps(&history);
}

static const struct cmd_example examples[] = {
	{ "see how an image was made", "dhow history --no-trunc debian:12" },
};

const struct cmd cmd_history = {
	.path = "history",
	.aliases = "image history",
	.summary = "show the steps an image was made in",
	.operands = "IMAGE",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_IMAGE,
	.run = run,
};
