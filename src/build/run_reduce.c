/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_reduce.c - from a whole root that was written to, to its layer.
 *
 * Where a host offers no overlay at all, a command runs on a copy of all
 * trees. What is still as it was below is removed from it; what is gone gets a
 * whiteout. A file is as it was when type, mode, owner, size and mtime are.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/owner_mark.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "build/run_mounts.h"

static int reduce_dir(int fd, const struct view_dir *below, bool *ret_empty,
		      struct err *err);

static bool
is_same_meta(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode && a->st_uid == b->st_uid &&
	       a->st_gid == b->st_gid;
}

static bool
is_same_link(int fd, const char *name, const struct view_node *node)
{
	cleanup_strbuf struct strbuf ours = STRBUF_INIT;
	cleanup_strbuf struct strbuf theirs = STRBUF_INIT;

	return fsx_readlink(fd, name, &ours) == 0 &&
	       fsx_readlink(node->dirfd, name, &theirs) == 0 &&
	       !strcmp(ours.buf, theirs.buf);
}

static bool
is_same(int fd, const char *name, const struct stat *st,
	const struct view_node *node)
{
	const struct stat *old = &node->st;

	if (!is_same_meta(st, old))
		return false;
	if (S_ISLNK(st->st_mode))
		return is_same_link(fd, name, node);
	if (S_ISREG(st->st_mode) &&
	    !owner_mark_is_same(fd, name, node->dirfd, name))
		return false;
	return st->st_rdev == old->st_rdev && st->st_size == old->st_size &&
	       st->st_mtim.tv_sec == old->st_mtim.tv_sec &&
	       st->st_mtim.tv_nsec == old->st_mtim.tv_nsec;
}

static int
reduce_subdir(int fd, const char *name, const struct stat *st,
	      const struct view_node *node, struct err *err)
{
	cleanup_close int sub = openat(
		fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, st->st_mtim };
	bool empty = false;
	int r;

	if (sub < 0)
		return err_sys(err, "open '%s'", name);
	r = reduce_dir(sub, &node->sub, &empty, err);
	if (r == 0 && empty && is_same_meta(st, &node->st) &&
	    owner_mark_is_same(fd, name, node->dirfd, name))
		(void)unlinkat(fd, name, AT_REMOVEDIR);
	else
		(void)futimens(sub, times);
	return r;
}

static int
reduce_entry(int fd, const char *name, const struct view_dir *below,
	     struct err *err)
{
	struct view_node node;
	struct stat st;
	int r;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", name);
	r = view_lookup(below, name, &node, err);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	if (S_ISDIR(st.st_mode) && S_ISDIR(node.st.st_mode))
		r = reduce_subdir(fd, name, &st, &node, err);
	else if (!S_ISDIR(st.st_mode) && is_same(fd, name, &st, &node) &&
		 unlinkat(fd, name, 0) < 0)
		r = err_sys(err, "remove '%s'", name);
	view_node_release(&node);
	return r;
}

int
run_list_names(int fd, struct strvec *names, struct err *err)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = own < 0 ? NULL : fdopendir(own);
	struct dirent *ent;

	if (!dir)
		return err_sys(err, "read a directory");
	while ((ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			strvec_add(names, ent->d_name);
	return 0;
}

/* What was below and is not here any more. */
static int
add_whiteouts(int fd, const struct view_dir *below, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = view_list(below, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++) {
		struct stat st;

		if (fstatat(fd, names.v[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			continue;
		if (mknodat(fd, names.v[i], S_IFCHR, makedev(0, 0)) < 0)
			r = err_sys(err, "make the whiteout of '%s'",
				    names.v[i]);
	}
	return r;
}

static int
reduce_dir(int fd, const struct view_dir *below, bool *ret_empty,
	   struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_strvec struct strvec left = STRVEC_INIT;
	int r = add_whiteouts(fd, below, err);

	if (r == 0)
		r = run_list_names(fd, &names, err);
	for (size_t i = 0; r == 0 && i < names.len; i++)
		r = reduce_entry(fd, names.v[i], below, err);
	if (r == 0)
		r = run_list_names(fd, &left, err);
	*ret_empty = left.len == 0;
	return r;
}

int
run_reduce(int rootfd, const struct view *below, struct err *err)
{
	bool empty;

	return reduce_dir(rootfd, &below->root, &empty, err);
}
