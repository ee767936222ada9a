/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/view.h - a pile of trees seen as one, read by fd.
 *
 * What an overlay mount would show, without mounting: the same on every host,
 * in any user namespace. Trees have the layer store's marks of what is
 * deleted. A single directory (a context) is a pile of one.
 *
 * Rule R1: names are looked up one component at a time below the trees;
 * symlinks and ".." stay inside, as in a chroot.
 */
#ifndef DHOW_STORE_VIEW_H
#define DHOW_STORE_VIEW_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"

/* The directories that make up one, top first; all owned, O_PATH. */
struct view_dir {
	int *fds;
	size_t count, cap;
};

#define cleanup_view_dir cleanup_release(view_dir_release)
void view_dir_release(struct view_dir *dir);

struct view {
	struct view_dir root;
};

#define cleanup_view cleanup_release(view_close)

/*
 * Open directories below @dirfd, top first; more may be put below them.
 * Returns 0 or -errno (-ENOENT: a tree is gone).
 */
int view_add(struct view *view, int dirfd, const struct strvec *paths,
	     struct err *err);
/* Put one more directory at the bottom; @fd is copied. */
int view_add_fd(struct view *view, int fd, struct err *err);
void view_close(struct view *view);

/* One name in a directory, links not followed. */
struct view_node {
	struct stat st;
	int dirfd;           /* the directory that has it, borrowed from dir */
	struct view_dir sub; /* of a directory; else empty */
};

void view_node_release(struct view_node *node);

/* Returns 0, -ENOENT, or another -errno. */
int view_lookup(const struct view_dir *dir, const char *name,
		struct view_node *ret_node, struct err *err);

/* Sorted names of what is in the directory. */
int view_list(const struct view_dir *dir, struct strvec *names,
	      struct err *err);

/* Where a path leads. */
struct view_place {
	struct strbuf path; /* without links, "." and ".."; no leading '/' */
	bool exists;
	struct stat st;      /* if it exists */
	struct view_dir dir; /* the directory itself, if it is one */
	int fd;              /* O_PATH, of anything else that exists; -EBADF */
};

#define VIEW_PLACE_INIT                            \
	{                                          \
		.path = STRBUF_INIT, .fd = -EBADF, \
	}
#define cleanup_view_place cleanup_release(view_place_release)
void view_place_release(struct view_place *place);

/*
 * Follow @path from the root. What does not exist is taken as it is written.
 *
 * @follow: the last component too, when it is a link
 *
 * Returns 0 also when it does not exist; -ELOOP; -ENOTDIR when something on
 * the way is no directory; -ENAMETOOLONG.
 */
int view_find(const struct view *view, const char *path, bool follow,
	      struct view_place *place, struct err *err);

/* Append a regular file's content; -ENOENT when there is none. */
int view_read(const struct view *view, const char *path, size_t max_bytes,
	      struct strbuf *sb, struct err *err);

#endif
