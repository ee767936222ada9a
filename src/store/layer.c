/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/layer.c - unpacked layers, immutable once they have their name.
 */
#include "store/layer.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/lock.h"
#include "base/log.h"
#include "data/node.h"

#define LAYER_JSON "layer.json"
#define LAYER_JSON_MAX_BYTES 4096

const char *
layer_path(const struct digest *diff_id, char buf[LAYER_PATH_BYTES])
{
	(void)snprintf(buf, LAYER_PATH_BYTES, "layers/%s/fs",
		       digest_hex(diff_id));
	return buf;
}

bool
layer_exists(struct store *store, const struct digest *diff_id)
{
	char path[LAYER_PATH_BYTES];

	return faccessat(store->dirfd, layer_path(diff_id, path), F_OK,
			 AT_SYMLINK_NOFOLLOW) == 0 &&
	       !layer_is_lost(store, diff_id);
}

int
layer_open(struct store *store, const struct digest *diff_id, struct err *err)
{
	char path[LAYER_PATH_BYTES];
	int fd;

	fd = openat(store->dirfd, layer_path(diff_id, path),
		    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "open layer '%s'", diff_id->text);
	return fd;
}

int
layer_read_info(struct store *store, const struct digest *diff_id,
		struct layer_info *ret_info, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	cleanup_free char *path = NULL;
	int r;

	path = xasprintf("layers/%s/" LAYER_JSON, digest_hex(diff_id));
	r = node_read_json_file(store->dirfd, path, LAYER_JSON_MAX_BYTES, &doc,
				err);
	if (r < 0)
		return err_wrap(err, r, "layer '%s'", diff_id->text);
	ret_info->size_bytes = node_get_int(doc, "size", 0);
	(void)snprintf(ret_info->id_mode, sizeof(ret_info->id_mode), "%s",
		       node_str_or(node_get(doc, "idMode"), ""));
	return 0;
}

/*
 * The file goes with the lock, so who waited may hold the lock of a file that
 * has no name any more: another may then lock a new one.
 */
static int
lock_named(struct store *store, const struct digest *diff_id,
	   int (*lock)(int dirfd, const char *name, struct err *err),
	   struct err *err)
{
	cleanup_free char *name = NULL;

	name = xasprintf("tmp/lock-%s", digest_hex(diff_id));
	for (;;) {
		int fd = lock(store->dirfd, name, err);
		struct stat st;

		if (fd < 0 || (fstat(fd, &st) == 0 && st.st_nlink > 0))
			return fd;
		(void)close(fd);
	}
}

int
layer_lock(struct store *store, const struct digest *diff_id, struct err *err)
{
	return lock_named(store, diff_id, lock_exclusive, err);
}

int
layer_try_lock(struct store *store, const struct digest *diff_id,
	       struct err *err)
{
	return lock_named(store, diff_id, lock_try, err);
}

void
layer_unlock(struct store *store, const struct digest *diff_id, int fd)
{
	cleanup_free char *name = NULL;

	name = xasprintf("tmp/lock-%s", digest_hex(diff_id));
	(void)unlinkat(store->dirfd, name, 0); /* left: only a stray file */
	(void)close(fd);
}

static int
draft_open(int dirfd, const char *name, struct err *err)
{
	int fd = openat(dirfd, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? err_sys(err, "open '%s'", name) : fd;
}

int
layer_begin(struct store *store, struct layer_draft *draft, struct err *err)
{
	char name[FSX_TMP_NAME_BYTES];

	*draft = (struct layer_draft)LAYER_DRAFT_INIT;
	fsx_tmp_name("layer", name);
	(void)snprintf(draft->path, sizeof(draft->path), "tmp/%s", name);
	if (mkdirat(store->dirfd, draft->path, 0755) < 0)
		return err_sys(err, "make '%s' in the store", draft->path);
	draft->dirfd = draft_open(store->dirfd, draft->path, err);
	if (draft->dirfd < 0)
		return draft->dirfd;
	if (mkdirat(draft->dirfd, "fs", 0755) < 0)
		return err_sys(err, "make '%s/fs' in the store", draft->path);
	draft->fsfd = draft_open(draft->dirfd, "fs", err);
	return draft->fsfd < 0 ? draft->fsfd : 0;
}

int
layer_describe(struct layer_draft *draft, const struct layer_info *info,
	       struct err *err)
{
	cleanup_node struct node *doc = node_new_obj();

	node_set_int(doc, "size", info->size_bytes);
	node_set_str(doc, "idMode", info->id_mode);
	return node_write_json_file(draft->dirfd, LAYER_JSON, doc, 0644,
				    FSX_NOSYNC, err);
}

static void
draft_release(struct layer_draft *draft)
{
	if (draft->dirfd > 0)
		(void)close(draft->dirfd);
	if (draft->fsfd > 0)
		(void)close(draft->fsfd);
	*draft = (struct layer_draft)LAYER_DRAFT_INIT;
}

/* What was lost makes room; two who find that at once do it in turn. */
static int
layer_clear_lost(struct store *store, const struct digest *diff_id,
		 struct err *err)
{
	char path[FSX_TMP_NAME_BYTES + 8] = "tmp/";
	int r = layer_bury(store, diff_id, path + 4, err);

	return r < 0 || !path[4] ? r : fsx_remove_tree(store->dirfd, path, err);
}

int
layer_name(struct store *store, struct layer_draft *draft,
	   const struct digest *diff_id, struct err *err)
{
	cleanup_free char *path = xasprintf("layers/%s", digest_hex(diff_id));

	while (renameat(store->dirfd, draft->path, store->dirfd, path) < 0) {
		int r;

		if (errno != EEXIST && errno != ENOTEMPTY)
			return err_sys(err, "name layer '%s'", diff_id->text);
		if (!layer_is_lost(store, diff_id)) {
			layer_abort(store, draft);
			return 0;
		}
		r = layer_clear_lost(store, diff_id, err);
		if (r < 0)
			return r;
	}
	draft_release(draft);
	return 0;
}

int
layer_commit(struct store *store, struct layer_draft *draft,
	     const struct digest *diff_id, const struct layer_info *info,
	     struct err *err)
{
	int r = layer_describe(draft, info, err);

	if (r == 0)
		r = layer_unsettle(draft, err);
	if (r > 0)
		store->unsettled = true;
	return r < 0 ? r : layer_name(store, draft, diff_id, err);
}

void
layer_abort(struct store *store, struct layer_draft *draft)
{
	struct err err = ERR_INIT;

	if (draft->path[0] &&
	    fsx_remove_tree(store->dirfd, draft->path, &err) < 0)
		log_debug("remove %s: %s", draft->path, err.text);
	draft_release(draft);
}

int
layer_bury(struct store *store, const struct digest *diff_id,
	   char tomb[FSX_TMP_NAME_BYTES], struct err *err)
{
	char name[FSX_TMP_NAME_BYTES + 8];
	cleanup_free char *path = NULL;

	fsx_tmp_name("gone", tomb);
	(void)snprintf(name, sizeof(name), "tmp/%s", tomb);
	path = xasprintf("layers/%s", digest_hex(diff_id));
	if (renameat(store->dirfd, path, store->dirfd, name) == 0)
		return 0;
	tomb[0] = '\0';
	if (errno != ENOENT)
		return err_sys(err, "remove layer '%s'", diff_id->text);
	return 0;
}
