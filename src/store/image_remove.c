/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image_remove.c - taking names and images away.
 */
#include "store/image_remove.h"

#include <string.h>

#include "store/container_ref.h"

void
image_removal_release(struct image_removal *removal)
{
	strvec_release(&removal->untagged);
	strvec_release(&removal->deleted);
}

static void
familiar_of(const char *name, struct strbuf *sb)
{
	cleanup_ref struct ref ref = REF_INIT;

	if (ref_parse(name, &ref, NULL) == 0)
		ref_add_familiar(sb, &ref);
	else
		strbuf_addstr(sb, name);
}

static bool
row_is_tag(const struct image_row *row)
{
	return row->name && !strchr(row->name, '@');
}

/* How many tags has the image, and do they lie in one repository? */
static size_t
count_tags(const struct image_table *table, const struct digest *id,
	   bool *ret_one_repository)
{
	cleanup_strvec struct strvec repos = STRVEC_INIT;
	size_t count = 0;

	for (size_t i = 0; i < table->len; i++) {
		cleanup_strbuf struct strbuf repo = STRBUF_INIT;
		cleanup_ref struct ref ref = REF_INIT;

		if (!digest_eq(&table->rows[i].id, id) ||
		    !row_is_tag(&table->rows[i]) ||
		    ref_parse(table->rows[i].name, &ref, NULL) < 0)
			continue;
		count++;
		ref_add_name(&repo, &ref);
		if (!strvec_has(&repos, repo.buf))
			strvec_add(&repos, repo.buf);
	}
	*ret_one_repository = repos.len <= 1;
	return count;
}

static void
removal_note_row(struct image_removal *removal, const struct image_row *row)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (!row->name)
		return;
	familiar_of(row->name, &text);
	strvec_add_take(&removal->untagged, strbuf_take(&text));
}

/* "Untagged: debian@sha256:…" for what was pulled. */
static void
removal_note_digests(struct image_removal *removal,
		     const struct image_table *table, const struct digest *id)
{
	cleanup_strvec struct strvec digests = STRVEC_INIT;

	image_names(table, id, NULL, &digests);
	for (size_t i = 0; i < digests.len; i++)
		if (!strvec_has(&removal->untagged, digests.v[i]))
			strvec_add(&removal->untagged, digests.v[i]);
}

static void
remove_all_rows(struct image_table *table, const struct digest *id_at,
		struct image_removal *removal)
{
	struct digest id = *id_at;

	for (size_t i = 0; i < table->len; i++)
		if (digest_eq(&table->rows[i].id, &id))
			removal_note_row(removal, &table->rows[i]);
	removal_note_digests(removal, table, &id);
	strvec_add(&removal->deleted, id.text);
	for (size_t i = table->len; i-- > 0;)
		if (digest_eq(&table->rows[i].id, &id))
			image_table_remove(table, i);
}

/* May the image itself go? @shown: what was asked for. */
static int
check_unused(struct store *store, const struct digest *id, const char *shown,
	     bool force, struct err *err)
{
	cleanup_free char *user = NULL;

	if (force)
		return 0;
	user = image_user(store, id);
	if (!user)
		return 0;
	err_set(err, EBUSY, "image '%s' is used by container %.12s", shown,
		user);
	err_hint(err, "dhow rm %.12s, or use --force", user);
	return -EBUSY;
}

static int
remove_by_name(struct store *store, struct image_table *table, size_t at,
	       const char *text, bool force, struct image_removal *removal,
	       struct err *err)
{
	struct image_row *row = &table->rows[at];
	bool one_repository;
	int r;

	if (row_is_tag(row) &&
	    count_tags(table, &row->id, &one_repository) > 1) {
		removal_note_row(removal, row);
		image_table_remove(table, at);
		return 0;
	}
	r = check_unused(store, &row->id, text, force, err);
	if (r == 0)
		remove_all_rows(table, &row->id, removal);
	return r;
}

static int
remove_by_id(struct store *store, struct image_table *table,
	     const struct image_row *row, const char *text, bool force,
	     struct image_removal *removal, struct err *err)
{
	bool one_repository;
	int r;

	(void)count_tags(table, &row->id, &one_repository);
	if (!one_repository && !force) {
		err_set(err, EBUSY,
			"image '%s' has names in several repositories", text);
		err_hint(err, "remove one name, or all with --force");
		return -EBUSY;
	}
	r = check_unused(store, &row->id, text, force, err);
	if (r == 0)
		remove_all_rows(table, &row->id, removal);
	return r;
}

/* Find, change and save, under the exclusive lock. */
static int
table_open_locked(struct store *store, struct image_table *table, int *ret_fd,
		  struct err *err)
{
	int fd = store_lock_exclusive(store, err);
	int r;

	if (fd < 0)
		return fd;
	r = image_table_load(store, table, err);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	image_table_complete(store, table);
	*ret_fd = fd;
	return 0;
}

int
image_remove(struct store *store, const char *text, bool force,
	     struct image_removal *removal, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_close int lockfd = -EBADF;
	const struct image_row *row;
	enum image_match match;
	int r;

	r = table_open_locked(store, &table, &lockfd, err);
	if (r == 0)
		r = image_find_in(&table, text, &row, &match, err);
	if (r < 0)
		return r;
	if (match == IMAGE_BY_ID)
		r = remove_by_id(store, &table, row, text, force, removal, err);
	else
		r = remove_by_name(store, &table, (size_t)(row - table.rows),
				   text, force, removal, err);
	return r < 0 ? r : image_table_save(store, &table, err);
}

int
image_untag(struct store *store, const char *text,
	    struct image_removal *removal, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	cleanup_close int lockfd = -EBADF;
	const struct image_row *row;
	enum image_match match;
	struct image_row copy;
	int r;

	r = table_open_locked(store, &table, &lockfd, err);
	if (r == 0)
		r = image_find_in(&table, text, &row, &match, err);
	if (r < 0)
		return r;
	if (match == IMAGE_BY_ID || !row->name)
		return err_set(err, ENOENT, "'%s' is no name of an image",
			       text);
	image_row_copy(&copy, row);
	removal_note_row(removal, row);
	image_table_remove(&table, (size_t)(row - table.rows));
	/* Without any other name it stays, as dangling. */
	(void)image_put_in(&table, &copy, NULL);
	image_row_release(&copy);
	return image_table_save(store, &table, err);
}
