/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volumes.c - the volumes a container mounts.
 */
#include "container/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/log.h"
#include "store/volume.h"

int
volumes_ensure(struct store *store, struct container_spec *spec,
	       struct err *err)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		struct mount_spec *mount = &spec->mounts.items[i];
		cleanup_volume struct volume volume = VOLUME_INIT;
		char name[VOLUME_RANDOM_BYTES];
		int r;

		if (mount->kind != MOUNT_VOLUME)
			continue;
		if (!mount->source) {
			volume_random_name(name);
			mount->source = xstrdup(name);
			strvec_add(&spec->anonymous, name);
		}
		r = volume_ensure(store, mount->source, &volume, err);
		if (r < 0)
			return err_wrap(err, r, "volume '%s'", mount->source);
	}
	return 0;
}

/* Copy a directory of the image, its own mode and owner too. */
static int
volumes_copy_up(const struct volume *volume, int rootfd, const char *target,
		struct err *err)
{
	cleanup_close int fd = -EBADF;

	fd = fsx_openat_in_root(rootfd, target, O_RDONLY | O_DIRECTORY, 0,
				NULL);
	/* The image has nothing there: the volume stays empty. */
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return err_code(err, -fd, "open '%s' of the image", target);
	return fsx_copy_tree(fd, volume->datafd, 0, err);
}

static int
volumes_fill_one(struct store *store, const struct mount_spec *mount,
		 int rootfd, struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	cleanup_close int lockfd = -EBADF;
	int r;

	r = volume_open(store, mount->source, &volume, err);
	if (r < 0 || !volume.needs_copy_up)
		return r;
	r = volume_begin_copy_up(&volume, &lockfd, err);
	if (r <= 0)
		return r;
	if (mount->copy_up && !mount->subpath) {
		r = volumes_copy_up(&volume, rootfd, mount->target, err);
		if (r < 0)
			return r;
	}
	return volume_end_copy_up(&volume, err);
}

/* U: all of the source becomes the container's user's. */
static int
volumes_give(struct store *store, const struct mount_spec *mount, uid_t uid,
	     gid_t gid, struct err *err)
{
	cleanup_free char *path =
		mount->kind == MOUNT_VOLUME
			? xasprintf("volumes/%s/_data", mount->source)
			: xstrdup(mount->source);
	int r = fsx_chown_tree(store->dirfd, path, uid, gid, err);

	return r < 0 ? err_wrap(err, r, "give '%s' to the user", path) : 0;
}

int
volumes_fill(struct store *store, const struct container_spec *spec, int rootfd,
	     uid_t uid, gid_t gid, struct err *err)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		const struct mount_spec *mount = &spec->mounts.items[i];
		int r;

		if (mount->kind == MOUNT_VOLUME) {
			r = volumes_fill_one(store, mount, rootfd, err);
			if (r < 0)
				return err_wrap(err, r, "fill volume '%s'",
						mount->source);
		}
		if (mount->chown) {
			r = volumes_give(store, mount, uid, gid, err);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

void
volumes_remove(struct store *store, const struct strvec *names)
{
	for (size_t i = 0; i < names->len; i++) {
		struct err err = ERR_INIT;

		if (volume_remove(store, names->v[i], &err) < 0)
			log_debug("%s", err.text);
	}
}
