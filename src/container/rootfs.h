/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/rootfs.h - which storage driver carries a container's root.
 *
 * overlay:        the kernel's, where it allows it to users (userxattr)
 * fuse-overlayfs: a helper per container
 * copy:           the layers unpacked into a tree of the container's own
 *
 * `auto` tries them in this order. What failed once is not tried again until
 * reboot: the run directory's file "driver" remembers.
 */
#ifndef DHOW_CONTAINER_ROOTFS_H
#define DHOW_CONTAINER_ROOTFS_H

#include "base/strvec.h"
#include "container/dir.h"
#include "container/spec.h"
#include "runtime/plan.h"

enum driver {
	DRIVER_OVERLAY,
	DRIVER_FUSE,
	DRIVER_COPY,
	DRIVER_COUNT,
};

const char *driver_name(enum driver driver);

/*
 * "auto" (or NULL) and the names above. @ret_only: no other may be tried.
 * Returns -EINVAL with the names for anything else.
 */
int driver_parse(const char *text, enum driver *ret_driver, bool *ret_only,
		 struct err *err);

/* The first to try on this host, and the note for the next time. */
enum driver driver_first(int rundirfd);
void driver_remember(int rundirfd, enum driver driver);

struct rootfs {
	enum driver driver;
	struct rt_root root; /* borrows from below */
	struct strvec lowers;
	char *upper, *work, *mount_point;
	pid_t fuse_pid; /* fuse-overlayfs, or 0 */
	int fuse_pidfd;
	uint32_t squash_uid; /* single-id mode with another id than 0 */
	uint32_t squash_gid;
	bool squash;
	const char *store_path; /* borrowed */
};

#define ROOTFS_INIT                  \
	{                            \
		.fuse_pidfd = -EBADF \
	}

/* -ENOENT when a layer was lost (store/layer.h), with what brings it back. */
int rootfs_check_layers(struct store *store, const struct container_spec *spec,
			struct err *err);

/*
 * The plan's root for @driver; nothing is made. May be called again with
 * another driver after a failure.
 */
void rootfs_plan(struct rootfs *rootfs, enum driver driver,
		 const struct container_dir *dir,
		 const struct container_spec *spec);

/*
 * Make what the plan needs in the container's directory; the caller is in U.
 * @fresh: this driver has not carried the container before.
 */
int rootfs_make(struct rootfs *rootfs, const struct container_dir *dir,
		bool fresh, struct err *err);

/*
 * Make one tree of @layers (below the store, top first) in the directory @name
 * of the container's. The caller is in U.
 */
int rootfs_copy_layers(const struct container_dir *dir,
		       const struct strvec *layers, const char *name,
		       struct err *err);

/* launch.serve_fuse: start fuse-overlayfs on the mount's other end. */
int rootfs_serve_fuse(void *rootfs, int fusefd, struct err *err);

/* After a failed start: wait for the helper. Its mount is gone. */
void rootfs_finish(struct rootfs *rootfs);
void rootfs_release(struct rootfs *rootfs);

/*
 * Read a small file of the image before anything is mounted, from the top
 * layer that has it. Returns 0 or -ENOENT.
 */
int rootfs_peek(struct store *store, const struct container_spec *spec,
		const char *path, size_t max_bytes, struct strbuf *sb);

#endif
