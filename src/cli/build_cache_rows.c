/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_cache_rows.c - what builder du and builder prune have in common.
 */
#include "cli/build_cache_rows.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "ui/format.h"
#include "ui/table.h"

static const char *const filter_keys[] = { "description", "id",     "inuse",
					   "private",     "shared", "type",
					   "unused-for",  "until",  NULL };

static const struct format_field fields[] = {
	{ "CacheType", "CACHE TYPE" },
	{ "CreatedAt", "CREATED AT" },
	{ "CreatedSince", "CREATED" },
	{ "Description", "DESCRIPTION" },
	{ "ID", "ID" },
	{ "InUse", "IN USE" },
	{ "LastUsedAt", "LAST ACCESSED AT" },
	{ "LastUsedSince", "LAST ACCESSED" },
	{ "Parent", "PARENT" },
	{ "Reclaimable", "RECLAIMABLE" },
	{ "Shared", "SHARED" },
	{ "Size", "SIZE" },
	{ "UsageCount", "USAGE" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ID|Reclaimable|Size|LastUsedSince",
	.quiet = "ID",
};

int
build_cache_filter_init(struct build_cache_filter *filter,
			const struct strvec *texts, struct err *err)
{
	static const char *const ages[] = { "until", "unused-for" };
	int r = filter_add_all(&filter->filter, texts, filter_keys, err);

	filter->now_ns = units_now_ns();
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(ages); i++) {
		const char *text = filter_value(&filter->filter, ages[i]);
		int64_t ns;

		if (!text)
			continue;
		r = units_parse_duration(text, &ns, err);
		if (r < 0)
			r = err_wrap(err, r, "--filter %s", ages[i]);
		else if (ns > filter->older_ns)
			filter->older_ns = ns;
	}
	return r;
}

void
build_cache_filter_release(struct build_cache_filter *filter)
{
	filter_release(&filter->filter);
}

static bool
matches_bool(const struct filter *filter, const char *key, bool value)
{
	bool wanted = value;

	if (filter_has(filter, key) && !*filter_value(filter, key))
		wanted = true;
	else if (filter_bool(filter, key, &wanted, NULL) < 0)
		return false;
	return wanted == value;
}

static const char *
type_of(const struct build_cache_row *row)
{
	return row->is_mount ? "exec.cachemount" : "regular";
}

bool
build_cache_filter_match(void *arg, const struct build_cache_row *row)
{
	const struct build_cache_filter *filter = arg;
	const struct filter *given = &filter->filter;

	return filter_match_prefix(given, "id", row->id) &&
	       filter_match(given, "type", type_of(row)) &&
	       filter_match_name(given, "description", row->text) &&
	       matches_bool(given, "inuse", row->in_use) &&
	       matches_bool(given, "shared", row->is_shared) &&
	       matches_bool(given, "private", !row->is_shared) &&
	       filter->now_ns - row->used_ns >= filter->older_ns;
}

void
build_cache_rows_filter(struct build_cache_list *list,
			struct build_cache_filter *filter)
{
	struct build_cache_list out = { .rows = NULL };

	for (size_t i = 0; i < list->len; i++) {
		if (build_cache_filter_match(filter, &list->rows[i])) {
			array_push(out.rows, out.len, out.cap, list->rows[i]);
			continue;
		}
		free(list->rows[i].id);
		free(list->rows[i].text);
	}
	free(list->rows);
	*list = out;
}

static void
set_since(struct node *node, const char *since_key, const char *at_key,
	  int64_t ns, int64_t now_ns)
{
	cleanup_strbuf struct strbuf since = STRBUF_INIT, at = STRBUF_INIT;

	if (ns > 0) {
		units_add_age(&since, (now_ns - ns) / UNITS_NS_PER_S);
		strbuf_addstr(&since, " ago");
		units_add_rfc3339(&at, ns);
	}
	node_set_str(node, since_key, since.buf);
	node_set_str(node, at_key, at.buf);
}

static void
set_bool(struct node *node, const char *key, bool value)
{
	node_set_str(node, key, value ? "true" : "false");
}

static struct node *
row_node(const struct build_cache_row *row, int64_t now_ns)
{
	struct node *node = node_new_obj();
	cleanup_strbuf struct strbuf size = STRBUF_INIT, uses = STRBUF_INIT;

	units_add_size(&size, (uint64_t)row->size_bytes);
	strbuf_addf(&uses, "%lld", (long long)row->use_count);
	node_set_str(node, "ID", row->id);
	node_set_str(node, "Parent", "");
	node_set_str(node, "CacheType", type_of(row));
	node_set_str(node, "Description", row->text);
	node_set_str(node, "Size", size.buf);
	node_set_str(node, "UsageCount", uses.buf);
	set_bool(node, "InUse", row->in_use);
	set_bool(node, "Reclaimable", !row->in_use);
	set_bool(node, "Shared", row->is_shared);
	set_since(node, "CreatedSince", "CreatedAt", row->created_ns, now_ns);
	set_since(node, "LastUsedSince", "LastUsedAt", row->used_ns, now_ns);
	return node;
}

/* A block per row, as buildx du --verbose has it. */
static void
add_blocks(const struct node *rows, struct strbuf *out)
{
	static const char *const shown[] = {
		"ID",         "CreatedAt",     "Size",      "Description",
		"UsageCount", "LastUsedSince", "CacheType", "Reclaimable",
		"Shared",     "InUse",
	};

	for (size_t i = 0; i < node_len(rows); i++) {
		cleanup_strbuf struct strbuf table = STRBUF_INIT;

		for (size_t j = 0; j < ARRAY_LEN(shown); j++)
			strbuf_addf(&table, "%s:\t%s\n", shown[j],
				    node_get_str(node_at(rows, i), shown[j]));
		table_add(out, span_new(table.buf, table.len));
		strbuf_addch(out, '\n');
	}
}

int
build_cache_rows_add(const struct build_cache_list *list, const char *format,
		     bool verbose, struct strbuf *out, struct err *err)
{
	cleanup_node struct node *rows = node_new_arr();
	struct format_request request = { .format = format };
	int64_t now_ns = units_now_ns();

	for (size_t i = 0; i < list->len; i++)
		(void)node_push(rows, row_node(&list->rows[i], now_ns));
	if (verbose && !format) {
		add_blocks(rows, out);
		return 0;
	}
	return format_rows(&listing, &request, rows, out, err);
}

uint64_t
build_cache_rows_bytes(const struct build_cache_list *list, bool reclaimable)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < list->len; i++)
		if (!reclaimable || !list->rows[i].in_use)
			bytes += (uint64_t)list->rows[i].size_bytes;
	return bytes;
}
