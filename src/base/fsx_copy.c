/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/fsx_copy.c - whole trees: copying.
 *
 * Both trees are walked by directory fds that were opened without following
 * links; a name that is a symlink is copied as one, never followed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/map.h"
#include "base/text.h"

#define FSX_COPY_MAX_DEPTH 256
#define FSX_COPY_XATTR_BYTES (64U << 10)
#define FSX_OPAQUE "user.overlay.opaque"

struct fsx_copy {
	int flags;
	int topfd;        /* where the copy's own tree begins */
	struct map links; /* inode → path below topfd, where it was copied to */
	struct strbuf path; /* of the directory being copied, with a '/' */
};

static int fsx_copy_dir(struct fsx_copy *copy, int fromfd, int tofd, int depth,
			struct err *err);

/* Attributes of the overlay itself say nothing in a copy. */
static bool
fsx_copies_xattr(const char *name)
{
	return !text_starts(name, "user.overlay.") &&
	       !text_starts(name, "trusted.") &&
	       !text_starts(name, "user.fuseoverlayfs.") &&
	       strcmp(name, "security.selinux") != 0;
}

static void
fsx_copy_xattrs(int fromfd, int tofd)
{
	cleanup_free char *names = xmalloc(FSX_COPY_XATTR_BYTES);
	cleanup_free char *value = xmalloc(FSX_COPY_XATTR_BYTES);
	ssize_t len = flistxattr(fromfd, names, FSX_COPY_XATTR_BYTES);

	for (char *name = names; len > 0 && name < names + len;
	     name += strlen(name) + 1) {
		ssize_t size;

		if (!fsx_copies_xattr(name))
			continue;
		size = fgetxattr(fromfd, name, value, FSX_COPY_XATTR_BYTES);
		/* What the target cannot hold is the target's loss. */
		if (size >= 0)
			(void)fsetxattr(tofd, name, value, (size_t)size, 0);
	}
}

/* Owner, mode and times, in the order in which none undoes another. */
static int
fsx_copy_meta(int tofd, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchown(tofd, st->st_uid, st->st_gid) < 0 && errno != EPERM &&
	    errno != EINVAL)
		return -errno;
	if (fchmod(tofd, st->st_mode & 07777) < 0)
		return -errno;
	(void)futimens(tofd, times);
	return 0;
}

static int
fsx_copy_data(int fromfd, int tofd, struct err *err)
{
	int64_t n;

	if (ioctl(tofd, FICLONE, fromfd) == 0)
		return 0;
	n = io_copy(fromfd, tofd, UINT64_MAX, err);
	return n < 0 ? (int)n : 0;
}

static int
fsx_copy_file(int fromdir, int todir, const char *name, const struct stat *st,
	      struct err *err)
{
	cleanup_close int from = -EBADF, to = -EBADF;
	int r;

	from = openat(fromdir, name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from < 0)
		return err_sys(err, "open '%s'", name);
	to = openat(todir, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return err_sys(err, "create '%s'", name);
	r = fsx_copy_data(from, to, err);
	if (r < 0)
		return err_wrap(err, r, "copy '%s'", name);
	fsx_copy_xattrs(from, to);
	r = fsx_copy_meta(to, st);
	return r < 0 ? err_code(err, -r, "set attributes of '%s'", name) : 0;
}

/* Symlinks, FIFOs, sockets and devices. */
static int
fsx_copy_special(int fromdir, int todir, const char *name,
		 const struct stat *st, struct err *err)
{
	cleanup_strbuf struct strbuf target = STRBUF_INIT;
	struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r = 0;

	if (S_ISLNK(st->st_mode)) {
		r = fsx_readlink(fromdir, name, &target);
		if (r == 0 && symlinkat(target.buf, todir, name) < 0)
			r = -errno;
	} else if (mknodat(todir, name, st->st_mode, st->st_rdev) < 0) {
		/* Without privileges there are no devices: left out. */
		return errno == EPERM ? 0 : err_sys(err, "create '%s'", name);
	}
	if (r < 0)
		return err_code(err, -r, "create '%s'", name);
	if (fchownat(todir, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) <
		    0 &&
	    errno != EPERM && errno != EINVAL)
		return err_sys(err, "set the owner of '%s'", name);
	(void)utimensat(todir, name, times, AT_SYMLINK_NOFOLLOW);
	return 0;
}

static bool
fsx_is_opaque(int fd)
{
	char value[2];

	return fgetxattr(fd, FSX_OPAQUE, value, sizeof(value)) == 1 &&
	       value[0] == 'y';
}

static int
fsx_copy_subdir(struct fsx_copy *copy, int fromdir, int todir, const char *name,
		const struct stat *st, int depth, struct err *err)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	cleanup_close int from = openat(fromdir, name, flags);
	cleanup_close int to = -EBADF;
	size_t len = copy->path.len;
	int r;

	if (from < 0)
		return err_sys(err, "open '%s'", name);
	if (depth >= FSX_COPY_MAX_DEPTH)
		return err_set(err, ELOOP, "'%s' is nested too deep", name);
	if ((copy->flags & FSX_COPY_LAYER) && fsx_is_opaque(from)) {
		r = fsx_remove_tree(todir, name, err);
		if (r < 0)
			return r;
	}
	if (mkdirat(todir, name, 0700) < 0 && errno != EEXIST)
		return err_sys(err, "create '%s'", name);
	to = openat(todir, name, flags);
	if (to < 0)
		return err_sys(err, "open '%s'", name);
	strbuf_addf(&copy->path, "%s/", name);
	r = fsx_copy_dir(copy, from, to, depth + 1, err);
	strbuf_truncate(&copy->path, len);
	if (r < 0)
		return err_wrap(err, r, "%s", name);
	fsx_copy_xattrs(from, to);
	r = fsx_copy_meta(to, st);
	return r < 0 ? err_code(err, -r, "set attributes of '%s'", name) : 0;
}

/* A further name of what was copied already. Returns 1 when it was one. */
static int
fsx_copy_link(struct fsx_copy *copy, int todir, const char *name,
	      const struct stat *st)
{
	const char *first;
	char key[40];

	(void)snprintf(key, sizeof(key), "%" PRIx64 ":%" PRIx64,
		       (uint64_t)st->st_dev, (uint64_t)st->st_ino);
	first = map_get(&copy->links, key);
	if (first)
		return linkat(copy->topfd, first, todir, name, 0) == 0;
	(void)map_set(&copy->links, key,
		      xasprintf("%s%s", copy->path.buf, name));
	return 0;
}

static int
fsx_copy_entry(struct fsx_copy *copy, int fromdir, int todir, const char *name,
	       int depth, struct err *err)
{
	struct stat st, there;
	int r;

	if (fstatat(fromdir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", name);
	/* Only a directory over a directory is a merge. */
	if (fstatat(todir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !(S_ISDIR(st.st_mode) && S_ISDIR(there.st_mode))) {
		r = fsx_remove_tree(todir, name, err);
		if (r < 0)
			return r;
	}
	if ((copy->flags & FSX_COPY_LAYER) && S_ISCHR(st.st_mode) &&
	    st.st_rdev == makedev(0, 0))
		return 0;
	if (S_ISDIR(st.st_mode))
		return fsx_copy_subdir(copy, fromdir, todir, name, &st, depth,
				       err);
	if (st.st_nlink > 1 && fsx_copy_link(copy, todir, name, &st))
		return 0;
	if (S_ISREG(st.st_mode))
		return fsx_copy_file(fromdir, todir, name, &st, err);
	return fsx_copy_special(fromdir, todir, name, &st, err);
}

static int
fsx_copy_dir(struct fsx_copy *copy, int fromfd, int tofd, int depth,
	     struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *ent;
	int own = fcntl(fromfd, F_DUPFD_CLOEXEC, 3), r = 0;

	dir = own < 0 ? NULL : fdopendir(own);
	if (!dir)
		return err_sys(err, "read directory");
	rewinddir(dir);
	while (r == 0 && (ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			r = fsx_copy_entry(copy, fromfd, tofd, ent->d_name,
					   depth, err);
	return r;
}

int
fsx_copy_tree(int fromfd, int tofd, int flags, struct err *err)
{
	struct fsx_copy copy = {
		.flags = flags,
		.topfd = tofd,
		.path = STRBUF_INIT,
	};
	struct stat st;
	int r;

	r = fsx_copy_dir(&copy, fromfd, tofd, 0, err);
	for (map_each(e, &copy.links))
		free(e->value);
	map_release(&copy.links);
	strbuf_release(&copy.path);
	if (r < 0)
		return r;
	fsx_copy_xattrs(fromfd, tofd);
	if (fstat(fromfd, &st) < 0)
		return err_sys(err, "look at a directory");
	r = fsx_copy_meta(tofd, &st);
	return r < 0 ? err_code(err, -r, "set attributes of a directory") : 0;
}
