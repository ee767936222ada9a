/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/layer_of.c - what a container changed, as the tree of a layer.
 *
 * What is made stands in the store's tmp/: after a crash it is collected.
 */
#include "container/layer_of.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/owner_mark.h"
#include "base/alloc.h"
#include "container/changes.h"
#include "container/rootfs.h"

static int
layer_of_make_dir(struct layer_of *layer, struct err *err)
{
	char name[FSX_TMP_NAME_BYTES];

	fsx_tmp_name("commit", name);
	(void)snprintf(layer->made, sizeof(layer->made), "tmp/%s", name);
	(void)snprintf(layer->path, sizeof(layer->path), "%s", layer->made);
	if (mkdirat(layer->store->dirfd, layer->made, 0755) < 0)
		return err_sys(err, "make '%s'", layer->made);
	return 0;
}

/* The directory that has @path, below @rootfd, and its name in there. */
static int
layer_of_parent(int rootfd, const char *path, const char **ret_name,
		struct err *err)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *dir = xstrndup(path, (size_t)(slash - path) + 1);

	*ret_name = slash + 1;
	return fsx_openat_in_root(rootfd, dir, O_RDONLY | O_DIRECTORY, 0, err);
}

static int
layer_of_make_like(int dirfd, int fromdirfd, const char *name,
		   const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	cleanup_close int from = openat(fromdirfd, name, O_PATH | O_CLOEXEC);
	cleanup_close int fd = -EBADF;
	struct owner owner;

	if (mkdirat(dirfd, name, 0700) < 0 ||
	    fchownat(dirfd, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) <
		    0 ||
	    fchmodat(dirfd, name, st->st_mode & 07777, 0) < 0 ||
	    utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (from < 0 || !owner_mark_get(from, &owner))
		return 0;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : owner_mark_set(fd, &owner);
}

/* Directories are made, files get one more name, what is gone a mark. */
static int
layer_of_take(int fromfd, int tofd, const struct change *change,
	      struct err *err)
{
	const char *name;
	cleanup_close int to = layer_of_parent(tofd, change->path, &name, err);
	cleanup_close int from = -EBADF;
	struct stat st;
	int r = 0;

	if (to < 0)
		return to;
	if (change->kind == CHANGE_DELETED) {
		r = mknodat(to, name, S_IFCHR, makedev(0, 0)) < 0 ? -errno : 0;
		return r < 0 ? err_code(err, -r, "mark '%s' as deleted",
					change->path)
			     : 0;
	}
	from = layer_of_parent(fromfd, change->path, &name, err);
	if (from < 0)
		return from;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", change->path);
	if (S_ISDIR(st.st_mode))
		r = layer_of_make_like(to, from, name, &st);
	else if (linkat(from, name, to, name, 0) < 0)
		r = -errno;
	return r < 0 ? err_code(err, -r, "take '%s'", change->path) : 0;
}

static int
layer_of_copy(struct layer_of *layer, const struct container *container,
	      const struct change_list *list, struct err *err)
{
	cleanup_close int from = openat(container->dirfd, "root",
					O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int to = openat(layer->store->dirfd, layer->made,
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	if (from < 0 || to < 0)
		return err_sys(err, "open the files of container '%s'",
			       container->name);
	/* Sorted: a directory comes before what is in it. */
	for (size_t i = 0; r == 0 && i < list->len; i++)
		r = layer_of_take(from, to, &list->items[i], err);
	return r;
}

static int
layer_of_find(struct session *session, const struct container *container,
	      struct layer_of *layer, struct err *err)
{
	cleanup_change_list struct change_list list = CHANGE_LIST_INIT;
	const char *driver = container->state.driver;
	bool copied = driver && !strcmp(driver, driver_name(DRIVER_COPY));
	int r;

	r = session_enter(session, false, err);
	if (r < 0)
		return r;
	if (!copied && faccessat(container->dirfd, "upper", F_OK, 0) == 0) {
		(void)snprintf(layer->path, sizeof(layer->path),
			       "containers/%s/upper", container->id);
		return 0;
	}
	r = layer_of_make_dir(layer, err);
	if (r < 0 || !copied)
		return r;
	r = changes_find(session, container, &list, err);
	return r < 0 ? r : layer_of_copy(layer, container, &list, err);
}

int
layer_of_container(struct session *session, const struct container *container,
		   struct layer_of *ret_layer, struct err *err)
{
	struct layer_of layer = LAYER_OF_INIT;
	int r;

	r = session_store(session, &layer.store, err);
	if (r == 0)
		r = layer_of_find(session, container, &layer, err);
	if (r < 0) {
		layer_of_release(&layer);
		return r;
	}
	*ret_layer = layer;
	return 0;
}

void
layer_of_release(struct layer_of *layer)
{
	/* What fails here is collected later. */
	if (layer->made[0])
		(void)fsx_remove_tree(layer->store->dirfd, layer->made, NULL);
	*layer = (struct layer_of)LAYER_OF_INIT;
}
