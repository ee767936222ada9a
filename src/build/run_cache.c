/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_cache.c - cache mounts: directories that outlive builds.
 *
 * build/mounts/<hash of namespace and id>/
 *   mount.json  what it is called
 *   data, data.1, …  the content; further ones for sharing=private while the
 *               first is in use
 *   lock, lock.1, …  shared by users of one, exclusive for sharing=locked and
 *               private, and for prune
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "build/layer_copy.h"
#include "build/run_mounts.h"

#define CACHE_MAX_COPIES 256

struct cache_dir {
	struct run_mounts *mounts;
	const struct df_mount *mount;
	const char *id;
	char *path; /* below the store */
	int fd;
	size_t copy; /* 0: data, else data.N */
};

static void
cache_name(const struct run_mounts *mounts, const char *id,
	   char hex[BLAKE2_HEX_BYTES])
{
	const char *space =
		build_arg(mounts->room->work->build, "BUILDKIT_CACHE_MOUNT_NS");
	struct blake2 hash;

	blake2_init(&hash);
	blake2_add_text(&hash, space ?: "");
	blake2_add_text(&hash, id);
	blake2_end_hex(&hash, hex);
}

static char *
numbered(const char *word, size_t copy)
{
	return copy ? xasprintf("%s.%zu", word, copy) : xstrdup(word);
}

static int
take_lock(struct cache_dir *cache, struct err *err)
{
	enum df_mount_sharing sharing = cache->mount->sharing;
	int fd = -EBUSY;

	if (sharing == DF_MOUNT_SHARED)
		fd = lock_shared(cache->fd, "lock", err);
	else if (sharing == DF_MOUNT_LOCKED)
		fd = lock_exclusive(cache->fd, "lock", err);
	for (; fd == -EBUSY && cache->copy < CACHE_MAX_COPIES; cache->copy++) {
		cleanup_free char *name = numbered("lock", cache->copy);

		fd = lock_try(cache->fd, name, err);
		if (fd != -EBUSY)
			break;
	}
	if (fd < 0)
		return fd;
	array_push(cache->mounts->lockfds, cache->mounts->lock_count,
		   cache->mounts->lock_cap, fd);
	return 0;
}

/* What a new one begins with. */
static int
fill(struct cache_dir *cache, const struct origin *origin, int fd,
     struct err *err)
{
	const struct df_mount *mount = cache->mount;
	const struct view nothing = { .root = { .fds = NULL } };
	cleanup_strbuf struct strbuf owners = STRBUF_INIT;
	struct copy_job job = { .below = &nothing,
				.upperfd = fd,
				.owners = &owners };
	struct walk_source source;
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	int r;

	if (!mount->from)
		return 0;
	r = origin_open(origin, cache->mounts->room->work->build->store,
			&source, err);
	if (r == 0)
		r = view_find(&source.view, mount->source ?: "", true, &place,
			      err);
	if (r == 0 && !place.dir.count)
		r = err_set(err, ENOTDIR, "cache source '%s' is no directory",
			    mount->source ?: "/");
	if (r == 0)
		r = copy_tree(&job, &source, place.path.buf, "", NULL, err);
	view_close(&source.view);
	return r;
}

/* It appears whole: two builds may come for the first time at once. */
static int
make_data(struct cache_dir *cache, const char *name,
	  const struct origin *origin, struct err *err)
{
	const struct df_mount *mount = cache->mount;
	char tmp[FSX_TMP_NAME_BYTES];
	cleanup_close int fd = -EBADF;
	int r;

	if (faccessat(cache->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	fsx_tmp_name("new", tmp);
	fd = fsx_opendir_p(cache->fd, tmp, 0755, err);
	if (fd < 0)
		return fd;
	r = fill(cache, origin, fd, err);
	if (r < 0)
		return r;
	/* With one id there is no other to give it to. */
	if (fchown(fd, (uid_t)mount->uid, (gid_t)mount->gid) < 0 &&
	    errno != EINVAL && errno != EPERM)
		return err_sys(err, "set the owner of a cache mount");
	if (fchmod(fd, (mode_t)mount->mode) < 0)
		return err_sys(err, "set the mode of a cache mount");
	if (renameat(cache->fd, tmp, cache->fd, name) == 0)
		return 0;
	(void)fsx_remove_tree(cache->fd, tmp, NULL);
	return errno == EEXIST || errno == ENOTEMPTY
		       ? 0
		       : err_sys(err, "make a cache mount");
}

static int
describe(const struct cache_dir *cache, const char *target, struct err *err)
{
	cleanup_node struct node *doc = node_new_obj();

	if (faccessat(cache->fd, "mount.json", F_OK, 0) == 0) {
		(void)utimensat(cache->fd, "mount.json", NULL, 0);
		return 0;
	}
	node_set_str(doc, "id", cache->id);
	node_set_str(doc, "target", target);
	return node_write_json_file(cache->fd, "mount.json", doc, 0600,
				    FSX_NOSYNC, err);
}

static int
open_cache(struct cache_dir *cache, const char *target,
	   const struct origin *origin, struct err *err)
{
	struct store *store = cache->mounts->room->work->build->store;
	cleanup_free char *data = NULL;
	const char *below = cache->mount->from ? NULL : cache->mount->source;
	cleanup_free char *path = NULL;
	int r;

	cache->fd = fsx_opendir_p(store->dirfd, cache->path, 0700, err);
	if (cache->fd < 0)
		return cache->fd;
	r = take_lock(cache, err);
	if (r == 0)
		r = describe(cache, target, err);
	data = numbered("data", cache->copy);
	if (r == 0)
		r = make_data(cache, data, origin, err);
	if (r < 0)
		return r;
	path = xasprintf("%s/%s", cache->path, data);
	run_mounts_bind(cache->mounts, path, below, target,
			cache->mount->readonly);
	return 0;
}

int
run_mounts_add_cache(struct run_mounts *mounts, const struct df_mount *mount,
		     const struct origin *origin, const char *target,
		     struct err *err)
{
	struct cache_dir cache = { .mounts = mounts,
				   .mount = mount,
				   .id = mount->id ?: target,
				   .fd = -EBADF };
	char hex[BLAKE2_HEX_BYTES];
	int r;

	cache_name(mounts, cache.id, hex);
	cache.path = xasprintf("build/mounts/%.32s", hex);
	r = open_cache(&cache, target, origin, err);
	if (cache.fd >= 0)
		(void)close(cache.fd);
	free(cache.path);
	return r < 0 ? err_wrap(err, r, "cache mount '%s'", target) : 0;
}
