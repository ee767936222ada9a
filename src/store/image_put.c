/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image_put.c - giving images their names.
 *
 * A name is one row. An image that loses its last tag keeps a row: named
 * "repository@digest" when it came from a registry, else without a name
 * (dangling). Such a row goes as soon as a tag says the same.
 */
#include "store/image.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"

void
image_row_make(const struct image_facts *facts, struct image_row *ret_row)
{
	cleanup_node struct node *entry = NULL;
	cleanup_node struct node *notes = node_new_obj();
	cleanup_free char *size = NULL;
	struct descriptor desc = {
		.media_type = xstrdup(facts->media_type),
		.digest = facts->manifest,
		.size_bytes = facts->manifest_bytes,
		.has_platform = facts->platform.arch[0] != '\0',
		.platform = facts->platform,
	};
	int r;

	size = xasprintf("%lld", (long long)facts->size_bytes);
	node_set_str(notes, IMAGE_TABLE_CONFIG, facts->id.text);
	if (facts->created)
		node_set_str(notes, IMAGE_TABLE_CREATED, facts->created);
	node_set_str(notes, IMAGE_TABLE_SIZE, size);
	if (facts->repo_digest && facts->repo_digest->text[0])
		node_set_str(notes, IMAGE_TABLE_DIGEST,
			     facts->repo_digest->text);
	desc.annotations = take_ptr(notes);
	entry = descriptor_to_node(&desc);
	r = image_row_from_node(entry, ret_row, NULL);
	assert(r == 0);
	descriptor_release(&desc);
}

/* "docker.io/library/debian" of a row's name; false when it has none. */
static bool
row_repository(const char *name, struct strbuf *sb)
{
	cleanup_ref struct ref ref = REF_INIT;

	if (!name || ref_parse(name, &ref, NULL) < 0)
		return false;
	ref_add_name(sb, &ref);
	return true;
}

/* The name a row keeps when its tag goes elsewhere, or NULL. */
static char *
row_digest_name(const char *name, const struct digest *repo_digest)
{
	cleanup_strbuf struct strbuf repo = STRBUF_INIT;

	if (!repo_digest->text[0] || !row_repository(name, &repo))
		return NULL;
	return xasprintf("%s@%s", repo.buf, repo_digest->text);
}

static bool
names_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
table_has_id(const struct image_table *table, const struct digest *id,
	     const struct image_row *except)
{
	for (size_t i = 0; i < table->len; i++)
		if (&table->rows[i] != except &&
		    digest_eq(&table->rows[i].id, id))
			return true;
	return false;
}

static bool
table_has_name(const struct image_table *table, const char *name)
{
	for (size_t i = 0; i < table->len; i++)
		if (names_equal(table->rows[i].name, name))
			return true;
	return false;
}

/* Take the name off row @at, which stays as much as it is still needed. */
static void
table_displace(struct image_table *table, size_t at)
{
	struct image_row *row = &table->rows[at];
	cleanup_free char *rest = NULL;
	struct image_row renamed;

	rest = row_digest_name(row->name, &row->repo_digest);
	if (rest ? table_has_name(table, rest)
		 : table_has_id(table, &row->id, row)) {
		image_table_remove(table, at);
		return;
	}
	image_row_renamed(row, rest, &renamed);
	image_row_release(row);
	*row = renamed;
}

/* Is @row made superfluous by an image @id under @name? */
static bool
row_is_covered(const struct image_row *row, const struct digest *id,
	       const char *digest_name)
{
	if (!row->name)
		return digest_eq(&row->id, id);
	return digest_name && strcmp(row->name, digest_name) == 0;
}

/* A digest is the repository's it was pulled from, and of no other. */
static void
row_for_name(const struct image_row *row, const char *name,
	     struct image_row *ret_row)
{
	cleanup_strbuf struct strbuf from = STRBUF_INIT;
	cleanup_strbuf struct strbuf to = STRBUF_INIT;

	image_row_renamed(row, name, ret_row);
	if (row_repository(row->name, &from) && row_repository(name, &to) &&
	    strcmp(from.buf, to.buf) != 0)
		image_row_forget_digest(ret_row);
}

bool
image_put_in(struct image_table *table, const struct image_row *row,
	     const char *name)
{
	cleanup_free char *digest_name = NULL;
	struct image_row added;
	bool changed = true;

	row_for_name(row, name, &added);
	digest_name = row_digest_name(name, &added.repo_digest);
	for (size_t i = table->len; i-- > 0;) {
		struct image_row *old = &table->rows[i];

		if (name && names_equal(old->name, name)) {
			changed = !digest_eq(&old->id, &added.id);
			if (digest_eq(&old->manifest, &added.manifest) ||
			    strchr(name, '@'))
				image_table_remove(table, i);
			else
				table_displace(table, i);
		} else if (row_is_covered(old, &added.id, digest_name)) {
			image_table_remove(table, i);
		}
	}
	if (name || !table_has_id(table, &added.id, NULL))
		image_table_add(table, added);
	else
		image_row_release(&added);
	return changed;
}

int
image_put(struct store *store, const struct image_row *row, const char *name,
	  bool *ret_changed, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_close int lockfd = -EBADF;
	bool changed;
	int r;

	r = store_lay_out(store, err);
	if (r < 0)
		return r;
	lockfd = store_lock_exclusive(store, err);
	if (lockfd < 0)
		return lockfd;
	r = image_table_load(store, &table, err);
	if (r < 0)
		return r;
	image_table_complete(store, &table);
	changed = image_put_in(&table, row, name);
	r = image_table_save(store, &table, err);
	if (r == 0 && ret_changed)
		*ret_changed = changed;
	return r;
}

static void
strvec_add_once(struct strvec *sv, char *str)
{
	if (strvec_has(sv, str))
		free(str);
	else
		strvec_add_take(sv, str);
}

static void
row_add_names(const struct image_row *row, struct strvec *tags,
	      struct strvec *digests)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (!row->name || ref_parse(row->name, &ref, NULL) < 0)
		return;
	if (tags && !ref.digest.text[0]) {
		ref_add_familiar(&text, &ref);
		strvec_add_once(tags, strbuf_take(&text));
	}
	if (digests && row->repo_digest.text[0]) {
		ref_add_familiar_name(&text, &ref);
		strbuf_addf(&text, "@%s", row->repo_digest.text);
		strvec_add_once(digests, strbuf_take(&text));
	}
}

void
image_names(const struct image_table *table, const struct digest *id,
	    struct strvec *tags, struct strvec *digests)
{
	for (size_t i = 0; i < table->len; i++)
		if (digest_eq(&table->rows[i].id, id))
			row_add_names(&table->rows[i], tags, digests);
}

int
image_tags_of(struct store *store, const char *name, struct strvec *names,
	      struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_strbuf struct strbuf want = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	size_t before = names->len;
	int r = ref_parse(name, &ref, err);

	if (r == 0 && (ref.tag_given || ref.digest.text[0]))
		r = err_set(err, EINVAL,
			    "'%s': all tags are asked for by the name alone",
			    name);
	if (r == 0)
		r = image_table_load(store, &table, err);
	if (r < 0)
		return r;
	ref_add_name(&want, &ref);
	for (size_t i = 0; i < table.len; i++) {
		cleanup_strbuf struct strbuf have = STRBUF_INIT;
		const char *row = table.rows[i].name;

		if (row && !strchr(row, '@') && row_repository(row, &have) &&
		    strcmp(have.buf, want.buf) == 0)
			strvec_add(names, row);
	}
	if (names->len == before)
		return err_set(err, ENOENT, "no image is called '%s'", name);
	return 0;
}
