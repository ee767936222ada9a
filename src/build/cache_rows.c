/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/cache_rows.c - what the build cache holds, and taking it away.
 *
 * Removing waits for no build: while one runs nothing is removed. What has no
 * record any more (trees of replaced steps, aliases whose step is gone) goes
 * with every prune.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/units.h"
#include "build/build_priv.h"
#include "store/image_remove.h"
#include "store/layer.h"

void
build_cache_list_release(struct build_cache_list *list)
{
	for (size_t i = 0; i < list->len; i++) {
		free(list->rows[i].id);
		free(list->rows[i].text);
	}
	free(list->rows);
	*list = (struct build_cache_list){ .rows = NULL };
}

static int
each_name(struct store *store, const char *dir, struct strvec *names)
{
	int fd = openat(store->dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *ent;

	while (list && (ent = readdir(list)))
		if (ent->d_name[0] != '.')
			strvec_add(names, ent->d_name);
	return list ? 0 : -ENOENT;
}

static int64_t
mtime_of(struct store *store, const char *path)
{
	struct stat st;

	if (fstatat(store->dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * UNITS_NS_PER_S + st.st_mtim.tv_nsec;
}

/* Diff ids that images have: those layers cost the cache nothing. */
static void
read_shared(struct store *store, struct map *shared)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;

	if (image_table_load(store, &table, NULL) < 0)
		return;
	image_table_complete(store, &table);
	for (size_t i = 0; i < table.len; i++) {
		struct image_config config = { .doc = NULL };

		if (image_read_config(store, &table.rows[i], &config, NULL) ==
		    0)
			for (size_t k = 0; k < config.diff_id_count; k++)
				(void)map_set(shared, config.diff_ids[k].text,
					      shared);
		image_config_release(&config);
	}
}

static void
add_step(struct store *store, const char *key, const struct map *shared,
	 struct build_cache_list *list)
{
	cleanup_step_record struct step_record record = STEP_RECORD_INIT;
	cleanup_free char *path = xasprintf(STEP_DIR "/%s", key);

	if (step_cache_read(store, key, &record) < 0 || record.same)
		return;
	array_push(list->rows, list->len, list->cap,
		   (struct build_cache_row){
			   .id = xstrdup(key),
			   .text = xstrdup(record.title ?: ""),
			   .is_shared = record.layer &&
					map_has(shared, record.layer),
			   .size_bytes = record.size,
			   .created_ns = record.created_ns,
			   .used_ns = mtime_of(store, path),
		   });
}

static void
add_mount(struct store *store, const char *name, struct build_cache_list *list)
{
	cleanup_free char *dir = xasprintf("build/mounts/%s", name);
	cleanup_free char *file = xasprintf("%s/mount.json", dir);
	cleanup_free char *lock = xasprintf("%s/lock", dir);
	cleanup_node struct node *doc = NULL;
	struct fsx_usage usage = { .disk_bytes = 0 };
	int fd;

	if (node_read_json_file(store->dirfd, file, 65536, &doc, NULL) < 0)
		return;
	(void)fsx_tree_usage(store->dirfd, dir, &usage, NULL);
	fd = lock_try(store->dirfd, lock, NULL);
	array_push(list->rows, list->len, list->cap,
		   (struct build_cache_row){
			   .id = xstrdup(name),
			   .text = xasprintf(
				   "cache mount %s",
				   node_str_or(node_get(doc, "target"), "")),
			   .is_mount = true,
			   .in_use = fd < 0,
			   .size_bytes = (int64_t)usage.disk_bytes,
			   .created_ns = mtime_of(store, lock),
			   .used_ns = mtime_of(store, file),
		   });
	if (fd >= 0)
		(void)close(fd);
}

static int
by_use(const void *a, const void *b)
{
	const struct build_cache_row *x = a, *y = b;

	return x->used_ns < y->used_ns ? -1 : x->used_ns > y->used_ns;
}

static void
read_rows(struct store *store, struct build_cache_list *list)
{
	cleanup_strvec struct strvec steps = STRVEC_INIT;
	cleanup_strvec struct strvec mounts = STRVEC_INIT;
	cleanup_map struct map shared = MAP_INIT;

	read_shared(store, &shared);
	(void)each_name(store, STEP_DIR, &steps);
	for (size_t i = 0; i < steps.len; i++)
		add_step(store, steps.v[i], &shared, list);
	(void)each_name(store, "build/mounts", &mounts);
	for (size_t i = 0; i < mounts.len; i++)
		add_mount(store, mounts.v[i], list);
	if (list->len)
		qsort(list->rows, list->len, sizeof(*list->rows), by_use);
}

int
build_cache_list(struct session *session, struct build_cache_list *list,
		 struct err *err)
{
	struct store *store;
	int r = session_store(session, &store, err);

	/* Cache mounts may hold files of any sub-id. */
	if (r == 0 && faccessat(store->dirfd, "build", F_OK, 0) < 0)
		return 0;
	if (r == 0)
		r = session_enter(session, false, err);
	if (r == 0)
		read_rows(store, list);
	return r;
}

static void
drop_step(struct store *store, const char *key)
{
	cleanup_step_record struct step_record record = STEP_RECORD_INIT;
	struct err err = ERR_INIT;

	if (step_cache_read(store, key, &record) < 0)
		return;
	step_cache_drop(store, key);
	if (record.tree) {
		cleanup_free char *tree =
			xasprintf(STEP_TREE_DIR "/%s", record.tree);

		if (fsx_remove_tree(store->dirfd, tree, &err) < 0)
			log_debug("prune: %s", err.text);
	}
}

static void
drop_mount(struct store *store, const char *name)
{
	cleanup_free char *dir = xasprintf("build/mounts/%s", name);
	struct err err = ERR_INIT;

	if (fsx_remove_tree(store->dirfd, dir, &err) < 0)
		log_debug("prune: %s", err.text);
}

/* What no record names: trees, marks of layers; aliases of nothing. */
static void
sweep(struct store *store)
{
	cleanup_strvec struct strvec steps = STRVEC_INIT;
	cleanup_strvec struct strvec trees = STRVEC_INIT;
	cleanup_strvec struct strvec layers = STRVEC_INIT;
	cleanup_map struct map needed = MAP_INIT;

	(void)each_name(store, STEP_DIR, &steps);
	for (size_t i = 0; i < steps.len; i++) {
		cleanup_step_record struct step_record record =
			STEP_RECORD_INIT;

		if (step_cache_get(store, steps.v[i], &record) < 0) {
			step_cache_drop(store, steps.v[i]);
			continue;
		}
		if (record.tree)
			(void)map_set(&needed, record.tree, store);
		if (record.layer)
			(void)map_set(&needed, record.layer + 7, store);
	}
	(void)each_name(store, STEP_TREE_DIR, &trees);
	for (size_t i = 0; i < trees.len; i++) {
		cleanup_free char *path =
			xasprintf(STEP_TREE_DIR "/%s", trees.v[i]);

		if (!map_has(&needed, trees.v[i]))
			(void)fsx_remove_tree(store->dirfd, path, NULL);
	}
	(void)each_name(store, STEP_LAYER_DIR, &layers);
	for (size_t i = 0; i < layers.len; i++) {
		cleanup_free char *path =
			xasprintf(STEP_LAYER_DIR "/%s", layers.v[i]);

		if (!map_has(&needed, layers.v[i]))
			(void)unlinkat(store->dirfd, path, 0);
	}
}

static bool
is_wanted(const struct build_prune *prune, const struct build_cache_row *row,
	  int64_t left)
{
	if (row->in_use || (!prune->all && (row->is_mount || row->is_shared)))
		return false;
	if (prune->older_ns && units_now_ns() - row->used_ns < prune->older_ns)
		return false;
	if (prune->wants && !prune->wants(prune->arg, row))
		return false;
	return !prune->keep_bytes || left > prune->keep_bytes;
}

/* Move the row to @removed. */
static void
take_row(struct store *store, struct build_cache_row *row,
	 struct build_cache_list *removed, uint64_t *io_bytes)
{
	if (row->is_mount)
		drop_mount(store, row->id);
	else
		drop_step(store, row->id);
	if (!row->is_shared)
		*io_bytes += (uint64_t)row->size_bytes;
	array_push(removed->rows, removed->len, removed->cap, *row);
	*row = (struct build_cache_row){ .id = NULL };
}

static int
prune_rows(struct store *store, const struct build_prune *prune,
	   struct build_cache_list *removed, uint64_t *ret_bytes,
	   struct err *err)
{
	struct build_cache_list list = { .rows = NULL };
	uint64_t bytes = 0;
	int64_t left = 0;

	read_rows(store, &list);
	for (size_t i = 0; i < list.len; i++)
		left += list.rows[i].is_shared ? 0 : list.rows[i].size_bytes;
	for (size_t i = 0; i < list.len; i++) {
		struct build_cache_row *row = &list.rows[i];

		if (!is_wanted(prune, row, left))
			continue;
		left -= row->is_shared ? 0 : row->size_bytes;
		take_row(store, row, removed, &bytes);
	}
	sweep(store);
	build_cache_list_release(&list);
	*ret_bytes = bytes;
	/* Layers that only the cache had. */
	return store_gc(store, NULL, err);
}

int
build_cache_prune(struct session *session, const struct build_prune *prune,
		  struct build_cache_list *removed, uint64_t *ret_bytes,
		  struct err *err)
{
	cleanup_close int lockfd = -EBADF;
	struct store *store;
	int r = session_store(session, &store, err);

	*ret_bytes = 0;
	if (r < 0 || faccessat(store->dirfd, "build/lock", F_OK, 0) < 0)
		return r;
	lockfd = lock_try(store->dirfd, "build/lock", err);
	if (lockfd == -EBUSY) {
		if (err)
			err_reset(err);
		(void)err_set(err, EBUSY, "a build is running");
		err_hint(err, "prune when it has ended");
	}
	if (lockfd < 0)
		return lockfd;
	r = session_enter(session, false, err);
	return r < 0 ? r : prune_rows(store, prune, removed, ret_bytes, err);
}
