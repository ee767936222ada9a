/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image.c - finding the images of a store.
 *
 * What a person types is a name first, then an id: a row found by its exact
 * canonical name in a file of ours costs one file read.
 */
#include "store/image.h"

#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"

#define IMAGE_ID_SHOWN 12
#define IMAGE_CANDIDATES_SHOWN 5

/* What image_find() was asked for, taken apart once. */
struct query {
	const char *text;
	const char *hex; /* what may be (the start of) an id, or NULL */
	bool is_digest;  /* 64 digits: not a name in any case */
	bool is_ref;
	struct ref ref;
	char *name;    /* canonical, of the tag */
	char *synonym; /* the same below localhost/, or without; or NULL */
};

static void
query_release(struct query *query)
{
	ref_release(&query->ref);
	free(query->name);
	free(query->synonym);
}

static bool
text_is_hex_start(const char *text)
{
	size_t len = 0;

	while (text_is_hex(text[len]))
		len++;
	return len > 0 && len <= DIGEST_HEX_LEN && !text[len];
}

/* "localhost/NAME" and plain "NAME" stand for each other. */
static char *
query_synonym(const struct ref *ref)
{
	const char *plain = text_after(ref->path, "library/");

	if (strcmp(ref->domain, "localhost") == 0)
		return xasprintf("docker.io/%s%s:%s",
				 strchr(ref->path, '/') ? "" : "library/",
				 ref->path, ref->tag);
	if (!ref->domain_given)
		return xasprintf("localhost/%s:%s", plain ? plain : ref->path,
				 ref->tag);
	return NULL;
}

static int
query_parse(const char *text, struct query *query, struct err *err)
{
	const char *hex = text_after(text, "sha256:");
	struct ref tagged;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	int r;

	*query = (struct query){ .text = text, .ref = REF_INIT };
	if (text_is_hex_start(hex ? hex : text))
		query->hex = hex ? hex : text;
	query->is_digest =
		query->hex && (hex || strlen(query->hex) == DIGEST_HEX_LEN);
	if (query->is_digest)
		return 0;
	r = ref_parse(text, &query->ref, err);
	if (r < 0)
		return query->hex ? 0 : r;
	query->is_ref = true;
	if (!query->ref.tag)
		return 0;
	tagged = query->ref;
	tagged.digest.text[0] = '\0';
	ref_add_canonical(&name, &tagged);
	query->name = strbuf_take(&name);
	query->synonym = query_synonym(&query->ref);
	return 0;
}

static const struct image_row *
table_by_name(const struct image_table *table, const char *name)
{
	for (size_t i = 0; name && i < table->len; i++)
		if (table->rows[i].name &&
		    strcmp(table->rows[i].name, name) == 0)
			return &table->rows[i];
	return NULL;
}

/*
 * name@digest: the row must be of that repository; a digest alone proves
 * nothing about the name in front of it (moby 20.10.20).
 */
static const struct image_row *
table_by_repo_digest(const struct image_table *table, const struct ref *want)
{
	for (size_t i = 0; i < table->len; i++) {
		const struct image_row *row = &table->rows[i];
		cleanup_ref struct ref ref = REF_INIT;

		if (!digest_eq(&row->repo_digest, &want->digest) &&
		    !digest_eq(&row->manifest, &want->digest))
			continue;
		if (row->name && ref_parse(row->name, &ref, NULL) == 0 &&
		    strcmp(ref.domain, want->domain) == 0 &&
		    strcmp(ref.path, want->path) == 0)
			return row;
	}
	return NULL;
}

static int
err_ambiguous(const struct image_table *table, const char *hex, struct err *err)
{
	cleanup_strvec struct strvec seen = STRVEC_INIT;
	cleanup_strbuf struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < table->len; i++) {
		const char *id = digest_hex(&table->rows[i].id);

		if (!text_starts(id, hex) || strvec_has(&seen, id))
			continue;
		strvec_add(&seen, id);
		if (seen.len <= IMAGE_CANDIDATES_SHOWN)
			strbuf_addf(&list, "%s%.*s", list.len ? ", " : "",
				    IMAGE_ID_SHOWN, id);
	}
	err_set(err, EEXIST, "'%s' is the start of %zu image ids: %s%s", hex,
		seen.len, list.buf,
		seen.len > IMAGE_CANDIDATES_SHOWN ? ", …" : "");
	err_hint(err, "give more digits");
	return -EEXIST;
}

/* Returns 1 when found, 0, or -EEXIST. */
static int
table_by_id(const struct image_table *table, const char *hex,
	    const struct image_row **ret_row, struct err *err)
{
	const struct image_row *found = NULL;

	for (size_t i = 0; i < table->len; i++) {
		const struct image_row *row = &table->rows[i];

		if (!row->id.text[0] || !text_starts(digest_hex(&row->id), hex))
			continue;
		if (found && !digest_eq(&found->id, &row->id))
			return err_ambiguous(table, hex, err);
		if (!found)
			found = row;
	}
	if (found)
		*ret_row = found;
	return found != NULL;
}

/* A whole digest may also be that of the manifest or of the repository. */
static const struct image_row *
table_by_manifest(const struct image_table *table, const char *hex)
{
	struct digest want = digest_of_hex(hex);

	for (size_t i = 0; i < table->len; i++)
		if (digest_eq(&table->rows[i].manifest, &want) ||
		    digest_eq(&table->rows[i].repo_digest, &want))
			return &table->rows[i];
	return NULL;
}

static const struct image_row *
table_by_query_name(const struct image_table *table, const struct query *query,
		    enum image_match *ret_match)
{
	const struct image_row *row;

	if (query->is_ref && query->ref.digest.text[0]) {
		*ret_match = IMAGE_BY_DIGEST;
		return table_by_repo_digest(table, &query->ref);
	}
	*ret_match = IMAGE_BY_NAME;
	row = table_by_name(table, query->name);
	return row ? row : table_by_name(table, query->synonym);
}

static int
table_by_query(const struct image_table *table, const struct query *query,
	       const struct image_row **ret_row, enum image_match *ret_match,
	       struct err *err)
{
	const struct image_row *row = NULL;
	int r;

	row = table_by_query_name(table, query, ret_match);
	if (!row && query->hex) {
		*ret_match = IMAGE_BY_ID;
		r = table_by_id(table, query->hex, &row, err);
		if (r < 0)
			return r;
		if (!row && strlen(query->hex) == DIGEST_HEX_LEN)
			row = table_by_manifest(table, query->hex);
	}
	if (!row)
		return err_set(err, ENOENT, "image '%s' is not here",
			       query->text);
	*ret_row = row;
	return 0;
}

int
image_find_in(const struct image_table *table, const char *text,
	      const struct image_row **ret_row, enum image_match *ret_match,
	      struct err *err)
{
	cleanup_release(query_release) struct query query;
	enum image_match match;
	int r;

	r = query_parse(text, &query, err);
	if (r < 0)
		return r;
	r = table_by_query(table, &query, ret_row, &match, err);
	if (r == 0 && ret_match)
		*ret_match = match;
	return r;
}

/* The quick way: one name in a file of ours. 1 when found. */
static int
find_quick(struct span text, const struct query *query,
	   struct image_row *ret_row)
{
	if (!query->name || query->ref.digest.text[0] ||
	    !image_table_is_ours(text))
		return 0;
	return image_table_find(text, query->name, ret_row, NULL) == 0;
}

int
image_find(struct store *store, const char *text, struct image_row *ret_row,
	   enum image_match *ret_match, struct err *err)
{
	cleanup_release(query_release) struct query query;
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_strbuf struct strbuf file = STRBUF_INIT;
	const struct image_row *row;
	enum image_match match = IMAGE_BY_NAME;
	int r;

	r = query_parse(text, &query, err);
	if (r < 0)
		return r;
	r = fsx_read_file(store->dirfd, IMAGE_TABLE_FILE, IMAGE_TABLE_MAX_BYTES,
			  &file, err);
	if (r < 0 && r != -ENOENT)
		return r;
	if (!find_quick(span_new(file.buf, file.len), &query, ret_row)) {
		r = image_list(store, &table, err);
		if (r == 0)
			r = table_by_query(&table, &query, &row, &match, err);
		if (r < 0)
			return r;
		image_row_copy(ret_row, row);
	}
	if (ret_match)
		*ret_match = match;
	return 0;
}
