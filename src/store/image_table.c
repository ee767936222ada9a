/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image_table.c - index.json as a table with one row per name.
 *
 * Reading a line by searching it is safe because image_row_from_node() wrote
 * it: the keys searched for come in a fixed order and once, and every quote
 * inside a value stands behind a backslash. A line with a backslash is parsed
 * as JSON.
 */
#include "store/image_table.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/manifest.h"

#define IMAGE_TABLE_LARGE (64 << 10)

bool
image_table_is_ours(struct span text)
{
	return span_starts(text, IMAGE_TABLE_HEAD);
}

void
image_row_release(struct image_row *row)
{
	if (!row->line_is_borrowed)
		free(row->line);
	free(row->name);
	free(row->media_type);
	*row = (struct image_row){ .line = NULL };
}

void
image_row_copy(struct image_row *to, const struct image_row *from)
{
	*to = *from;
	to->line = xstrdup_null(from->line);
	to->line_is_borrowed = false;
	to->name = xstrdup_null(from->name);
	to->media_type = xstrdup_null(from->media_type);
}

void
image_table_add(struct image_table *table, struct image_row row)
{
	array_push(table->rows, table->len, table->cap, row);
}

void
image_table_remove(struct image_table *table, size_t at)
{
	image_row_release(&table->rows[at]);
	table->len--;
	memmove(&table->rows[at], &table->rows[at + 1],
		(table->len - at) * sizeof(table->rows[0]));
}

void
image_table_release(struct image_table *table)
{
	for (size_t i = 0; i < table->len; i++)
		image_row_release(&table->rows[i]);
	free(table->rows);
	free(table->text);
	*table = (struct image_table)IMAGE_TABLE_INIT;
}

/* The five annotations as they stand in one row; NULL where absent. */
struct row_notes {
	const char *name;
	const char *config;
	const char *created;
	const char *size;
	const char *digest;
};

/* What cannot be read counts as unknown: it is only shown, never trusted. */
static void
row_set_notes(struct image_row *row, const struct row_notes *notes)
{
	uint64_t size = 0;

	row->name = xstrdup_null(notes->name);
	row->size_bytes = -1;
	if (notes->config)
		(void)digest_parse(notes->config, &row->id, NULL);
	if (notes->digest)
		(void)digest_parse(notes->digest, &row->repo_digest, NULL);
	if (notes->created)
		(void)units_parse_rfc3339(notes->created, &row->created_ns,
					  NULL);
	if (notes->size &&
	    units_parse_u64(notes->size, 0, INT64_MAX, &size, NULL) == 0)
		row->size_bytes = (int64_t)size;
}

/* An entry with exactly the members the searching reader relies on. */
static struct node *
row_normal_node(const struct descriptor *desc)
{
	cleanup_node struct node *full = descriptor_to_node(desc);
	static const char *const keys[] = { "mediaType", "digest", "size",
					    "platform", "annotations" };
	struct node *entry = node_new_obj();

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct node *value = node_get(full, keys[i]);

		if (value)
			node_set(entry, keys[i], node_clone(value));
	}
	return entry;
}

int
image_row_from_node(const struct node *entry, struct image_row *ret_row,
		    struct err *err)
{
	cleanup_release(descriptor_release) struct descriptor desc = { 0 };
	cleanup_node struct node *normal = NULL;
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	struct image_row row = { .line = NULL };
	const struct node *notes;
	int r;

	r = descriptor_from_node(entry, &desc, err);
	if (r < 0)
		return r;
	normal = row_normal_node(&desc);
	notes = node_get(normal, "annotations");
	row.media_type = xstrdup(desc.media_type);
	row.manifest = desc.digest;
	row.manifest_bytes = desc.size_bytes;
	row_set_notes(&row,
		      &(struct row_notes){
			      .name = node_get_str(notes, IMAGE_TABLE_NAME),
			      .config = node_get_str(notes, IMAGE_TABLE_CONFIG),
			      .created =
				      node_get_str(notes, IMAGE_TABLE_CREATED),
			      .size = node_get_str(notes, IMAGE_TABLE_SIZE),
			      .digest = node_get_str(notes, IMAGE_TABLE_DIGEST),
		      });
	node_write_json(&line, normal, NODE_COMPACT);
	row.line = strbuf_take(&line);
	*ret_row = row;
	return 0;
}

/* What is known of a row whose line turns out to be damaged. */
static struct node *
row_salvage(const struct image_row *row)
{
	struct node *entry = node_new_obj();
	struct node *notes;

	node_set_str(entry, "mediaType", row->media_type);
	node_set_str(entry, "digest", row->manifest.text);
	node_set_int(entry, "size", row->manifest_bytes);
	notes = node_need_obj(entry, "annotations");
	if (row->name)
		node_set_str(notes, IMAGE_TABLE_NAME, row->name);
	if (row->repo_digest.text[0])
		node_set_str(notes, IMAGE_TABLE_DIGEST, row->repo_digest.text);
	return entry;
}

/* As @row with one annotation set (NULL: removed). */
static void
row_with_note(const struct image_row *row, const char *key, const char *value,
	      struct image_row *ret_row)
{
	cleanup_node struct node *entry = NULL;
	struct image_row checked;
	struct node *notes;
	int r;

	r = node_parse_json(span_of(row->line), "row", &entry, NULL);
	if (r == 0)
		r = image_row_from_node(entry, &checked, NULL);
	if (r == 0) {
		image_row_release(&checked);
	} else {
		node_free(entry);
		entry = row_salvage(row);
	}
	notes = node_need_obj(entry, "annotations");
	if (value)
		node_set_str(notes, key, value);
	else
		(void)node_del(notes, key); /* may be absent */
	r = image_row_from_node(entry, ret_row, NULL);
	assert(r == 0);
}

void
image_row_renamed(const struct image_row *row, const char *name,
		  struct image_row *ret_row)
{
	row_with_note(row, IMAGE_TABLE_NAME, name, ret_row);
}

void
image_row_complete(struct image_row *row, const struct image_row_facts *facts)
{
	cleanup_free char *size =
		xasprintf("%lld", (long long)facts->size_bytes);
	const char *const notes[][2] = {
		{ IMAGE_TABLE_NAME, facts->name },
		{ IMAGE_TABLE_CONFIG, facts->id.text },
		{ IMAGE_TABLE_CREATED, facts->created },
		{ IMAGE_TABLE_SIZE, size },
	};

	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		struct image_row next;

		if (!notes[i][1])
			continue;
		row_with_note(row, notes[i][0], notes[i][1], &next);
		image_row_release(row);
		*row = next;
	}
}

void
image_row_forget_digest(struct image_row *row)
{
	struct image_row without;

	row_with_note(row, IMAGE_TABLE_DIGEST, NULL, &without);
	image_row_release(row);
	*row = without;
}

/* Longer values are no digests, numbers, dates or references. */
#define LINE_VALUE_BYTES 512

/* A string of a line, by the text that stands in front of it. */
struct line_value {
	const char *text; /* NULL: absent, or too long */
	char buf[LINE_VALUE_BYTES];
};

/* @key: with its quotes, colon and the value's first quote. */
static const char *
line_value(struct span line, const char *key, struct line_value *value)
{
	size_t key_len = strlen(key);
	const char *at = memmem(line.ptr, line.len, key, key_len);
	struct span rest;
	size_t len;

	value->text = NULL;
	if (!at)
		return NULL;
	rest = span_skip(line, (size_t)(at - line.ptr) + key_len);
	len = span_find(rest, '"');
	if (len >= sizeof(value->buf))
		return NULL;
	memcpy(value->buf, rest.ptr, len);
	value->buf[len] = '\0';
	value->text = value->buf;
	return value->text;
}

/* The number after ,"size": */
static bool
line_size(struct span line, int64_t *ret_size)
{
	static const char key[] = ",\"size\":";
	const char *at = memmem(line.ptr, line.len, key, sizeof(key) - 1);
	char digits[24];
	uint64_t size;
	size_t len = 0;

	if (!at)
		return false;
	at += sizeof(key) - 1;
	while (at + len < line.ptr + line.len && len < sizeof(digits) - 1 &&
	       text_is_digit(at[len]))
		len++;
	memcpy(digits, at, len);
	digits[len] = '\0';
	if (units_parse_u64(digits, 0, INT64_MAX, &size, NULL) < 0)
		return false;
	*ret_size = (int64_t)size;
	return true;
}

#define LINE_KEY(name) "\"" name "\":\""

static int
row_search_line(struct span line, struct image_row *row)
{
	struct line_value name;
	struct line_value config;
	struct line_value created;
	struct line_value size;
	struct line_value digest;
	const char *text;

	text = line_value(line, LINE_KEY("digest"), &digest);
	if (!text || digest_parse(text, &row->manifest, NULL) < 0 ||
	    !line_size(line, &row->manifest_bytes))
		return -EBADMSG;
	text = line_value(line, LINE_KEY("mediaType"), &name);
	if (!text || !text[0])
		return -EBADMSG;
	row->media_type = xstrdup(text);
	row_set_notes(
		row,
		&(struct row_notes){
			.name = line_value(line, LINE_KEY(IMAGE_TABLE_NAME),
					   &name),
			.config = line_value(line, LINE_KEY(IMAGE_TABLE_CONFIG),
					     &config),
			.created = line_value(
				line, LINE_KEY(IMAGE_TABLE_CREATED), &created),
			.size = line_value(line, LINE_KEY(IMAGE_TABLE_SIZE),
					   &size),
			.digest = line_value(line, LINE_KEY(IMAGE_TABLE_DIGEST),
					     &digest),
		});
	return 0;
}

/*
 * @line: one line of our file, without its comma and line end; the row has no
 * text of its own then.
 */
static int
row_from_line(struct span line, struct image_row *ret_row, struct err *err)
{
	cleanup_node struct node *entry = NULL;
	struct image_row row = { .line = NULL };
	int r;

	if (!memchr(line.ptr, '\\', line.len)) {
		if (row_search_line(line, &row) == 0) {
			*ret_row = row;
			return 0;
		}
		image_row_release(&row);
	}
	r = node_parse_json(line, IMAGE_TABLE_FILE, &entry, err);
	return r < 0 ? r : image_row_from_node(entry, ret_row, err);
}

static struct span
line_trim(struct span line)
{
	if (line.len && line.ptr[line.len - 1] == ',')
		line.len--;
	return line;
}

/* The table's own text is cut into lines, which the rows borrow. */
static int
table_parse_lines(struct image_table *table, struct err *err)
{
	struct span rest = span_of(table->text + sizeof(IMAGE_TABLE_HEAD) - 1);
	struct span line;
	int r;

	while (span_next(&rest, '\n', &line)) {
		struct image_row row;

		if (span_starts(line, "]}"))
			return 0;
		line = line_trim(line);
		r = row_from_line(line, &row, err);
		if (r < 0)
			return r;
		if (!row.line) {
			row.line = table->text + (line.ptr - table->text);
			row.line[line.len] = '\0';
			row.line_is_borrowed = true;
		}
		image_table_add(table, row);
	}
	return err_set(err, EBADMSG, "the store's index.json is cut short");
}

static int
table_parse_whole(struct span text, struct image_table *table, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	const struct node *entries;
	int r;

	r = node_parse_json(text, IMAGE_TABLE_FILE, &doc, err);
	if (r < 0)
		return r;
	if (node_kind(doc) != NODE_OBJ)
		return err_set(err, EBADMSG, "index.json is no object");
	entries = node_get(doc, "manifests");
	for (size_t i = 0; i < node_len(entries); i++) {
		struct image_row row;

		r = image_row_from_node(node_at(entries, i), &row, err);
		if (r < 0)
			return err_wrap(err, r, "index.json, entry %zu", i);
		image_table_add(table, row);
	}
	return 0;
}

/* @table has its text, of @len bytes. */
static int
table_parse(struct image_table *table, size_t len, struct err *err)
{
	struct span text = span_new(table->text, len);
	int r;

	r = image_table_is_ours(text) ? table_parse_lines(table, err)
				      : table_parse_whole(text, table, err);
	if (r < 0)
		image_table_release(table);
	return r;
}

int
image_table_parse(struct span text, struct image_table *table, struct err *err)
{
	/* Not span_dup(): a NUL in a damaged table would cut the copy. */
	*table = (struct image_table){ .text = xmalloc(text.len + 1) };
	if (text.len)
		memcpy(table->text, text.ptr, text.len);
	table->text[text.len] = '\0';
	return table_parse(table, text.len, err);
}

int
image_table_find(struct span text, const char *name, struct image_row *ret_row,
		 struct err *err)
{
	cleanup_free char *want = NULL;
	const char *from;
	const char *at;
	const char *end;
	struct span line;
	int r;

	want = xasprintf("\"" IMAGE_TABLE_NAME "\":\"%s\"", name);
	at = memmem(text.ptr, text.len, want, strlen(want));
	if (!at)
		return err_set(err, ENOENT, "image '%s' is not here", name);
	from = memrchr(text.ptr, '\n', (size_t)(at - text.ptr));
	end = memchr(at, '\n', (size_t)(text.ptr + text.len - at));
	if (!from || !end)
		return err_set(err, EBADMSG, "index.json is damaged");
	line = line_trim(span_new(from + 1, (size_t)(end - from - 1)));
	r = row_from_line(line, ret_row, err);
	if (r == 0 && !ret_row->line)
		ret_row->line = span_dup(line);
	return r;
}

/* A large table: its text, and about as much for its rows. */
static void
text_expect(struct store *store)
{
	struct stat st;

	if (fstatat(store->dirfd, IMAGE_TABLE_FILE, &st, 0) == 0 &&
	    st.st_size > IMAGE_TABLE_LARGE)
		alloc_expect(2 * (size_t)st.st_size);
}

int
image_table_load(struct store *store, struct image_table *table,
		 struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	size_t len;
	int r;

	*table = (struct image_table)IMAGE_TABLE_INIT;
	text_expect(store);
	r = fsx_read_file(store->dirfd, IMAGE_TABLE_FILE, IMAGE_TABLE_MAX_BYTES,
			  &text, err);
	if (r == -ENOENT) {
		err_reset(err);
		return 0;
	}
	if (r == 0) {
		len = text.len;
		table->text = strbuf_take(&text);
		r = table_parse(table, len, err);
	}
	return r < 0 ? err_wrap(err, r, "the store's image table") : 0;
}

int
image_table_save(struct store *store, const struct image_table *table,
		 struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, IMAGE_TABLE_HEAD);
	for (size_t i = 0; i < table->len; i++) {
		strbuf_addstr(&text, table->rows[i].line);
		strbuf_addstr(&text, i + 1 < table->len ? ",\n" : "\n");
	}
	strbuf_addstr(&text, IMAGE_TABLE_TAIL);
	return fsx_write_atomic(store->dirfd, IMAGE_TABLE_FILE, text.buf,
				text.len, 0644, 0, err);
}
