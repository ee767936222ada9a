/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_images.c - dhow images.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/docker_format.h"
#include "cli/image_filter.h"
#include "cli/images_tree.h"
#include "cli/say.h"
#include "store/container_ref.h"
#include "store/image_remove.h"
#include "ui/format.h"

#define NONE "<none>"
#define SHORT_ID 12
/* What a line takes until it is printed, measured. */
#define LINE_EXPECTED_BYTES 1100

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "show intermediate images too (there are none)" },
	{ .name = "digests",
	  .kind = FLAG_BOOL,
	  .help = "show the digests by which images were pulled" },
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "show images by after, before, dangling, id, label, reference, since, until" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "no-trunc", .kind = FLAG_BOOL, .help = "print whole ids" },
	{ .name = "noheading",
	  .letter = 'n',
	  .kind = FLAG_BOOL,
	  .help = "print no headings" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print ids only" },
	{ .name = "sort",
	  .meta = "BY",
	  .kind = FLAG_ENUM,
	  .values = "created|id|repository|size|tag",
	  .fallback = "created",
	  .help = "order of the list" },
	{ .name = "tree",
	  .kind = FLAG_BOOL,
	  .conflicts = "format|quiet|digests",
	  .help = "show each image with its platform, and what its files and its blobs take" },
};

static const struct format_field fields[] = {
	{ "Containers", "CONTAINERS" },
	{ "CreatedAt", "CREATED AT" },
	{ "CreatedSince", "CREATED" },
	{ "Digest", "DIGEST" },
	{ "ID", "IMAGE ID" },
	{ "Repository", "REPOSITORY" },
	{ "SharedSize", "SHARED SIZE" },
	{ "Size", "SIZE" },
	{ "Tag", "TAG" },
	{ "UniqueSize", "UNIQUE SIZE" },
	{ "VirtualSize", "SIZE" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "Repository|Tag|ID|CreatedSince|Size",
	.raw = "repository: {{.Repository}}\ntag: {{.Tag}}\n"
	       "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\n"
	       "virtual_size: {{.Size}}\n",
	.quiet = "ID",
};

struct images {
	struct cmd_ctx *ctx;
	struct store *store;
	struct image_table table;
	struct image_filter filter;
	struct format_request request;
	struct map tagged; /* ids that have a tag */
	char *format;      /* of config.json, or NULL */
	int64_t now_ns;
	bool no_trunc;
	bool shows[ARRAY_LEN(fields)];
};

/* One line of the list. */
struct line {
	const struct image_row *row;
	struct ref ref;
	bool has_ref;
};

static void
images_release(struct images *images)
{
	image_table_release(&images->table);
	image_filter_release(&images->filter);
	map_release(&images->tagged);
	free(images->format);
}

static bool
row_is_tag(const struct image_row *row)
{
	return row->name && !strchr(row->name, '@');
}

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a ?: "", b ?: "");
}

static int
by_created(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;

	if (x->row->created_ns != y->row->created_ns)
		return x->row->created_ns < y->row->created_ns ? 1 : -1;
	return compare_text(x->row->name, y->row->name);
}

static int
by_id(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;

	return strcmp(x->row->id.text, y->row->id.text);
}

static int
by_name(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;

	return compare_text(x->row->name, y->row->name);
}

static int
by_size(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;

	if (x->row->size_bytes != y->row->size_bytes)
		return x->row->size_bytes < y->row->size_bytes ? -1 : 1;
	return by_name(a, b);
}

static int
by_tag(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;
	int r = compare_text(x->ref.tag, y->ref.tag);

	return r ? r : by_name(a, b);
}

static void
sort_lines(const char *by, struct line *lines, size_t count)
{
	static const struct {
		const char *name;
		int (*compare)(const void *a, const void *b);
	} orders[] = {
		{ "created", by_created }, { "id", by_id },
		{ "repository", by_name }, { "size", by_size },
		{ "tag", by_tag },
	};

	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		if (strcmp(orders[i].name, by) == 0)
			qsort(lines, count, sizeof(*lines), orders[i].compare);
}

struct use_count {
	const struct digest *id;
	size_t count;
};

static int
count_use(const struct container_ref *ref, void *data)
{
	struct use_count *use = data;

	use->count += digest_eq(&ref->image, use->id);
	return 0;
}

static void
add_containers(struct images *images, struct strbuf *sb,
	       const struct line *line)
{
	struct use_count use = { .id = &line->row->id };

	if (container_ref_each(images->store, count_use, &use, NULL) < 0)
		strbuf_addstr(sb, "N/A");
	else
		strbuf_addf(sb, "%zu", use.count);
}

static void
add_value(struct images *images, struct strbuf *sb, const char *field,
	  const struct line *line)
{
	const struct image_row *row = line->row;

	if (strcmp(field, "ID") == 0)
		strbuf_addf(
			sb, "%.*s", images->no_trunc ? DIGEST_BYTES : SHORT_ID,
			images->no_trunc ? row->id.text : digest_hex(&row->id));
	else if (strcmp(field, "Repository") == 0 && line->has_ref)
		ref_add_familiar_name(sb, &line->ref);
	else if (strcmp(field, "Tag") == 0 && row_is_tag(row))
		strbuf_addstr(sb, line->ref.tag ?: NONE);
	else if (strcmp(field, "Digest") == 0 && row->repo_digest.text[0])
		strbuf_addstr(sb, row->repo_digest.text);
	else if (strcmp(field, "Size") == 0 ||
		 strcmp(field, "VirtualSize") == 0)
		units_add_size(sb, (uint64_t)row->size_bytes);
	else if (strcmp(field, "CreatedAt") == 0)
		units_add_local_time(sb, row->created_ns);
	else if (strcmp(field, "Containers") == 0)
		add_containers(images, sb, line);
	else if (text_ends(field, "Size"))
		strbuf_addstr(sb, "N/A");
	else
		strbuf_addstr(sb, NONE);
}

static void
add_since(struct images *images, struct strbuf *sb, const struct line *line)
{
	if (!line->row->created_ns) {
		strbuf_addstr(sb, "N/A");
		return;
	}
	units_add_age(sb, (images->now_ns - line->row->created_ns) /
				  UNITS_NS_PER_S);
	strbuf_addstr(sb, " ago");
}

/* An object with the fields that are shown, in the order of the table. */
static struct node *
line_node(struct images *images, const struct line *line)
{
	struct node *node = node_new_obj();

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		cleanup_strbuf struct strbuf value = STRBUF_INIT;
		const char *name = fields[i].name;

		if (!images->shows[i])
			continue;
		if (strcmp(name, "CreatedSince") == 0)
			add_since(images, &value, line);
		else
			add_value(images, &value, name, line);
		node_set_str(node, name, value.buf);
	}
	return node;
}

/* A digest row says nothing new beside a tag of the same image. */
static bool
row_is_shown(struct images *images, const struct image_row *row)
{
	bool has_tag = map_has(&images->tagged, row->id.text);

	if (has_tag && !row_is_tag(row))
		return false;
	return image_filter_image(&images->filter, images->store, row, has_tag);
}

static size_t
make_lines(struct images *images, struct line *lines)
{
	size_t count = 0;

	for (size_t i = 0; i < images->table.len; i++) {
		struct line line = { .row = &images->table.rows[i],
				     .ref = REF_INIT };

		if (!row_is_shown(images, line.row))
			continue;
		line.has_ref = line.row->name &&
			       ref_parse(line.row->name, &line.ref, NULL) == 0;
		if (image_filter_name(&images->filter,
				      line.has_ref ? &line.ref : NULL))
			lines[count++] = line;
		else
			ref_release(&line.ref);
	}
	return count;
}

static void
print_tree(struct images *images, struct line *lines, size_t count)
{
	cleanup_free struct images_tree_line *shown =
		xcalloc(count + 1, sizeof(*shown));
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < count; i++) {
		cleanup_strbuf struct strbuf name = STRBUF_INIT;
		cleanup_free char *user = NULL;

		if (lines[i].has_ref)
			ref_add_familiar(&name, &lines[i].ref);
		strvec_add(&names, name.len ? name.buf : NONE);
		user = image_user(images->store, &lines[i].row->id);
		shown[i] = (struct images_tree_line){ .row = lines[i].row,
						      .name = names.v[i],
						      .in_use = user };
		ref_release(&lines[i].ref);
	}
	images_tree_add(&out, images->store, shown, count);
	say_text(&out);
}

static int
print_images(struct images *images)
{
	cleanup_free struct line *lines =
		xcalloc(images->table.len + 1, sizeof(*lines));
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	size_t count;
	int r;

	alloc_expect(images->table.len * LINE_EXPECTED_BYTES);
	count = make_lines(images, lines);

	format_shown(&listing, &images->request, images->shows);
	sort_lines(args_str(images->ctx->args, "sort"), lines, count);
	if (args_bool(images->ctx->args, "tree")) {
		print_tree(images, lines, count);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		node_push(rows, line_node(images, &lines[i]));
		ref_release(&lines[i].ref);
	}
	r = format_rows(&listing, &images->request, rows, &out,
			images->ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static int
read_images(struct images *images, struct session *session)
{
	const struct args *args = images->ctx->args;
	cleanup_strvec struct strvec filters = STRVEC_INIT;
	struct err *err = images->ctx->err;
	int r;

	r = session_store(session, &images->store, err);
	if (r == 0)
		r = image_list(images->store, &images->table, err);
	if (r < 0)
		return r;
	strvec_add_all(&filters, args_list(args, "filter"));
	if (args->operands.len)
		strvec_addf(&filters, "reference=%s", args_operand(args, 0));
	for (size_t i = 0; i < images->table.len; i++)
		if (row_is_tag(&images->table.rows[i]))
			map_set(&images->tagged, images->table.rows[i].id.text,
				images);
	return image_filter_parse(&filters, &images->table, &images->filter,
				  err);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_release(images_release) struct images images = {
		.ctx = ctx,
		.table = IMAGE_TABLE_INIT,
		.filter = IMAGE_FILTER_INIT,
		.tagged = MAP_INIT,
		.now_ns = units_now_ns(),
		.no_trunc = args_bool(ctx->args, "no-trunc"),
		.request = { .format = args_str(ctx->args, "format"),
			     .is_quiet = args_bool(ctx->args, "quiet"),
			     .no_heading = args_bool(ctx->args, "noheading") },
	};
	int r;

	if (args_bool(ctx->args, "digests"))
		images.request.columns =
			"Repository|Tag|Digest|ID|CreatedSince|Size";
	if (!images.request.format && !images.request.is_quiet) {
		images.format = docker_format(ctx, "imagesFormat");
		images.request.format = images.format;
	}
	r = cmd_session(ctx, &session);
	if (r == 0)
		r = read_images(&images, &session);
	return r < 0 ? r : print_images(&images);
}

static const struct cmd_example examples[] = {
	{ "list all images", "dhow images" },
	{ "names of Debian's images, with sizes",
	  "dhow images --format '{{.Repository}}:{{.Tag}} {{.Size}}' 'debian*'" },
};

const struct cmd cmd_images = {
	.path = "images",
	.aliases = "image ls|image list",
	.summary = "list images",
	.operands = "[REPOSITORY[:TAG]]",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = 1,
	.offer = OFFER_IMAGE,
	.run = run,
};
