/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_cache.c - finished steps, found again by what went into them.
 */
#include "build/step_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/proc.h"
#include "base/text.h"
#include "data/decode.h"
#include "store/layer.h"

#define RECORD_MAX_BYTES (1U << 20)

#define RECORD(kind, member) \
	FIELD_##kind(struct step_record, member, #member, FIELD_OMIT_EMPTY)

static const struct field record_fields[] = {
	RECORD(STR, key),       RECORD(STR, id),         RECORD(STR, same),
	RECORD(STR, tree),      RECORD(STR, layer),      RECORD(STR, blob),
	RECORD(INT, blob_size), RECORD(STR, media_type), RECORD(STR, boot),
	RECORD(STR, title),     RECORD(STR, parent),     RECORD(INT, size),
	RECORD(STRVEC, inputs), RECORD(INT, created_ns), FIELD_END,
};

void
step_record_release(struct step_record *record)
{
	decode_release(record_fields, record);
}

int
step_cache_lay_out(struct store *store, struct err *err)
{
	static const char *const dirs[] = { STEP_DIR,         STEP_TREE_DIR,
					    STEP_LAYER_DIR,   "build/mounts",
					    "build/contexts", "build/last",
					    "build/made",     "build/locks" };
	int r = 0;

	if (faccessat(store->dirfd, "build/locks", F_OK, 0) == 0)
		return 0;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(dirs); i++)
		r = fsx_mkdir_p(store->dirfd, dirs[i], 0700, err);
	return r;
}

int
step_cache_hold(struct store *store, struct err *err)
{
	return lock_shared(store->dirfd, "build/lock", err);
}

static char *
record_path(const char *key)
{
	return xasprintf(STEP_DIR "/%s", key);
}

int
step_cache_read(struct store *store, const char *key,
		struct step_record *ret_record)
{
	cleanup_node struct node *doc = NULL;
	cleanup_free char *path = record_path(key);
	struct step_record record = STEP_RECORD_INIT;

	if (node_read_json_file(store->dirfd, path, RECORD_MAX_BYTES, &doc,
				NULL) < 0 ||
	    decode_read(doc, record_fields, 0, &record, NULL) < 0 ||
	    !record.key || strcmp(record.key, key) != 0) {
		step_record_release(&record);
		return -ENOENT;
	}
	*ret_record = record;
	return 0;
}

char *
step_record_tree(const struct step_record *record)
{
	if (record->layer)
		return xasprintf("layers/%s/fs", record->layer + 7);
	return xasprintf(STEP_TREE_DIR "/%s/fs", record->tree);
}

char *
step_record_owners(const struct step_record *record)
{
	if (record->layer)
		return xasprintf("layers/%s/owners", record->layer + 7);
	return xasprintf(STEP_TREE_DIR "/%s/owners", record->tree);
}

static bool
tree_is_there(struct store *store, const struct step_record *record)
{
	cleanup_free char *path = NULL;

	if (record->layer ? !digest_is_valid(record->layer)
			  : !record->tree || strchr(record->tree, '/'))
		return false;
	if (!record->layer && record->boot &&
	    strcmp(record->boot, proc_boot_id()) != 0)
		return false;
	path = step_record_tree(record);
	return faccessat(store->dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Returns 0, -ENOENT, -ESTALE for a record without its tree. */
static int
find(struct store *store, const char *key, struct step_record *ret_record)
{
	struct step_record record;
	int r = step_cache_read(store, key, &record);

	if (r == 0 && record.same) {
		cleanup_free char *same = xstrdup(record.same);

		step_record_release(&record);
		r = text_is_hex_of(same, BLAKE2_HEX_BYTES - 1)
			    ? step_cache_read(store, same, &record)
			    : -ENOENT;
	}
	if (r < 0)
		return r;
	if (!tree_is_there(store, &record)) {
		step_record_release(&record);
		return -ESTALE;
	}
	if (ret_record)
		*ret_record = record;
	else
		step_record_release(&record);
	return 0;
}

int
step_cache_find(struct store *store, const char *key,
		struct step_record *ret_record)
{
	return find(store, key, ret_record) < 0 ? -ENOENT : 0;
}

int
step_cache_get(struct store *store, const char *key,
	       struct step_record *ret_record)
{
	int r = find(store, key, ret_record);
	int lockfd;

	if (r != -ESTALE)
		return r;
	lockfd = lock_shared(store->dirfd, STEP_EXPORT_LOCK, NULL);
	if (lockfd >= 0)
		(void)close(lockfd);
	return step_cache_find(store, key, ret_record);
}

int
step_cache_put(struct store *store, const struct step_record *record,
	       struct err *err)
{
	cleanup_node struct node *doc = decode_write(record_fields, record);
	cleanup_free char *path = record_path(record->key);

	return node_write_json_file(store->dirfd, path, doc, 0600, FSX_NOSYNC,
				    err);
}

void
step_cache_drop(struct store *store, const char *key)
{
	cleanup_free char *path = record_path(key);

	(void)unlinkat(store->dirfd, path, 0);
}

void
step_cache_touch(struct store *store, const char *key)
{
	cleanup_free char *path = record_path(key);

	(void)utimensat(store->dirfd, path, NULL, AT_SYMLINK_NOFOLLOW);
}

int
step_cache_lock(struct store *store, const char *key, struct err *err)
{
	cleanup_free char *name = xasprintf("build/locks/%s", key);

	/* Who had it removes the file: then another may hold a new one. */
	for (;;) {
		int fd = lock_exclusive(store->dirfd, name, err);
		struct stat st;

		if (fd < 0 || (fstat(fd, &st) == 0 && st.st_nlink > 0))
			return fd;
		(void)close(fd);
	}
}

void
step_cache_unlock(struct store *store, const char *key, int fd)
{
	cleanup_free char *name = xasprintf("build/locks/%s", key);

	(void)unlinkat(store->dirfd, name, 0);
	(void)close(fd);
}

int
step_cache_adopt(struct store *store, const char *draft, char **ret_tree,
		 struct err *err)
{
	char name[33];
	cleanup_free char *path = NULL;

	text_random_hex(name, sizeof(name) - 1);
	path = xasprintf(STEP_TREE_DIR "/%s", name);
	if (renameat(store->dirfd, draft, store->dirfd, path) < 0)
		return err_sys(err, "keep the step's files");
	*ret_tree = xstrdup(name);
	return 0;
}

int
step_cache_mark_layer(struct store *store, const struct digest *diff_id,
		      struct err *err)
{
	cleanup_free char *path =
		xasprintf(STEP_LAYER_DIR "/%s", digest_hex(diff_id));
	int fd = openat(store->dirfd, path, O_WRONLY | O_CREAT | O_CLOEXEC,
			0600);

	if (fd < 0)
		return err_sys(err, "note a layer of the build cache");
	(void)close(fd);
	return 0;
}
