/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/gc.c - removing what nothing refers to.
 *
 * Under the store's lock everything unneeded is taken out of sight: blobs are
 * unlinked, layers renamed into tmp/. Their trees are emptied after the lock
 * is gone. A crash in between leaves them to store_collect_tmp().
 */
#include "store/image_remove.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/map.h"
#include "base/text.h"
#include "store/blob.h"
#include "store/container_ref.h"
#include "store/index_list.h"
#include "store/layer.h"

struct gc {
	struct store *store;
	struct map blobs; /* hex of those still needed */
	struct map layers;
	struct strvec tombs; /* names below tmp/ */
	uint64_t bytes;
};

static char gc_mark[1];

static void
gc_release(struct gc *gc)
{
	map_release(&gc->blobs);
	map_release(&gc->layers);
	strvec_release(&gc->tombs);
}

static void
gc_need(struct map *set, const struct digest *digest)
{
	map_set(set, digest_hex(digest), gc_mark);
}

static void
gc_need_config(struct gc *gc, const struct digest *digest)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct image_row row = { .id = *digest };

	gc_need(&gc->blobs, digest);
	if (image_read_config(gc->store, &row, &config, NULL) < 0)
		return;
	for (size_t i = 0; i < config.diff_id_count; i++)
		gc_need(&gc->layers, &config.diff_ids[i]);
}

static void
gc_need_manifest(struct gc *gc, struct span bytes)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};

	if (manifest_parse(bytes, NULL, &manifest, NULL) < 0)
		return;
	gc_need_config(gc, &manifest.config.digest);
	for (size_t i = 0; i < manifest.layer_count; i++)
		gc_need(&gc->blobs, &manifest.layers[i].digest);
}

/* @depth: an index may name manifests, but no further index. */
static void
gc_need_document(struct gc *gc, const struct digest *digest, int depth)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	struct span span;

	gc_need(&gc->blobs, digest);
	if (blob_read(gc->store, digest, MANIFEST_MAX_BYTES, &bytes, NULL) < 0)
		return;
	span = span_new(bytes.buf, bytes.len);
	if (manifest_bytes_are_index(span, NULL, NULL) != 1) {
		gc_need_manifest(gc, span);
		return;
	}
	if (depth > 0 || image_index_parse(span, NULL, &index, NULL) < 0)
		return;
	for (size_t i = 0; i < index.manifest_count; i++)
		gc_need_document(gc, &index.manifests[i].digest, depth + 1);
}

static int
gc_need_container(const struct container_ref *ref, void *data)
{
	struct gc *gc = data;

	for (size_t i = 0; i < ref->layer_count; i++)
		gc_need(&gc->layers, &ref->layers[i]);
	return 0;
}

/* What the build cache refers to: a file of its name for each layer. */
static void
gc_need_build(struct gc *gc)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	int fd;

	fd = openat(gc->store->dirfd, "build/layers",
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && (entry = readdir(dir)))
		if (text_is_hex_of(entry->d_name, DIGEST_HEX_LEN))
			map_set(&gc->layers, entry->d_name, gc_mark);
}

/* What a list refers to here; the rest of it lies elsewhere. */
static void
gc_need_list(const struct node *index, void *data)
{
	const struct node *manifests = node_get(index, "manifests");
	struct gc *gc = data;

	for (size_t i = 0; i < node_len(manifests); i++) {
		const char *text =
			node_get_str(node_at(manifests, i), "digest");
		struct digest digest;

		if (text && digest_parse(text, &digest, NULL) == 0)
			gc_need_document(gc, &digest, 1);
	}
}

static int
gc_mark_all(struct gc *gc, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	int r;

	r = image_table_load(gc->store, &table, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < table.len; i++)
		gc_need_document(gc, &table.rows[i].manifest, 0);
	index_list_each(gc->store, gc_need_list, gc);
	gc_need_build(gc);
	return container_ref_each(gc->store, gc_need_container, gc, err);
}

typedef int (*gc_fn)(struct gc *gc, const struct digest *digest,
		     struct err *err);

static int
gc_drop_blob(struct gc *gc, const struct digest *digest, struct err *err)
{
	char path[BLOB_PATH_BYTES];
	struct stat st;

	if (fstatat(gc->store->dirfd, blob_path(digest, path), &st,
		    AT_SYMLINK_NOFOLLOW) == 0)
		gc->bytes += (uint64_t)st.st_size;
	return blob_remove(gc->store, digest, err);
}

static int
gc_drop_layer(struct gc *gc, const struct digest *digest, struct err *err)
{
	char tomb[FSX_TMP_NAME_BYTES];
	struct layer_info info;
	int r;

	if (layer_read_info(gc->store, digest, &info, NULL) == 0)
		gc->bytes += (uint64_t)info.size_bytes;
	r = layer_bury(gc->store, digest, tomb, err);
	if (r == 0 && tomb[0])
		strvec_add(&gc->tombs, tomb);
	return r;
}

/* Call @fn for each digest in directory @name that is not in @needed. */
static int
gc_sweep(struct gc *gc, const char *name, const struct map *needed, gc_fn fn,
	 struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	int fd;
	int r = 0;

	fd = openat(gc->store->dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(err, "read '%s'", name);
	dir = fdopendir(fd);
	if (!dir) {
		(void)close(fd);
		return err_sys(err, "read '%s'", name);
	}
	while (r == 0 && (entry = readdir(dir))) {
		struct digest digest;

		if (!text_is_hex_of(entry->d_name, DIGEST_HEX_LEN) ||
		    map_has(needed, entry->d_name))
			continue;
		digest = digest_of_hex(entry->d_name);
		r = fn(gc, &digest, err);
	}
	return r;
}

static int
gc_mark_and_sweep(struct gc *gc, struct err *err)
{
	cleanup_close int lockfd = -EBADF;
	cleanup_close int pinfd = -EBADF;
	int r;

	lockfd = store_lock_exclusive(gc->store, err);
	if (lockfd < 0)
		return lockfd;
	pinfd = store_unpinned(gc->store, err);
	if (pinfd == -EBUSY) {
		err_reset(err);
		log_debug(
			"gc: something is being pulled, so nothing is removed");
		return 0;
	}
	if (pinfd < 0)
		return pinfd;
	r = gc_mark_all(gc, err);
	if (r == 0)
		r = gc_sweep(gc, "blobs/sha256", &gc->blobs, gc_drop_blob, err);
	if (r == 0)
		r = gc_sweep(gc, "layers", &gc->layers, gc_drop_layer, err);
	return r;
}

int
store_gc(struct store *store, uint64_t *ret_bytes, struct err *err)
{
	cleanup_release(gc_release) struct gc gc = { .store = store };
	int r;

	r = gc_mark_and_sweep(&gc, err);
	for (size_t i = 0; i < gc.tombs.len; i++) {
		cleanup_free char *path = xasprintf("tmp/%s", gc.tombs.v[i]);
		int removed =
			fsx_remove_tree(store->dirfd, path, r < 0 ? NULL : err);

		if (removed < 0 && r == 0)
			r = removed;
	}
	store_collect_tmp(store);
	if (r == 0 && ret_bytes)
		*ret_bytes = gc.bytes;
	return r;
}

struct user_search {
	const struct digest *image;
	char *found;
};

static int
user_match(const struct container_ref *ref, void *data)
{
	struct user_search *search = data;

	if (!digest_eq(&ref->image, search->image))
		return 0;
	search->found = xstrdup(ref->id);
	return 1;
}

char *
image_user(struct store *store, const struct digest *id)
{
	struct user_search search = { .image = id };

	/* An unreadable record hides no user: gc then removes nothing. */
	(void)container_ref_each(store, user_match, &search, NULL);
	return search.found;
}
