/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/fsx.c - files, by directory fd.
 */
#include "base/fsx.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"

#define FSX_MAX_SYMLINKS 40

/*
 * The walk for kernels before 5.6. A path still to go is kept as text, a
 * symlink's target is put in front of it; the stack of directory fds makes
 * ".." an operation that cannot leave the root.
 */
struct fsx_walk {
	int fds[PATH_MAX / 2];
	size_t depth; /* fds[0] is the root, borrowed */
	char *rest;
	int links;
};

static void
fsx_walk_pop(struct fsx_walk *walk)
{
	if (walk->depth > 1)
		(void)close(walk->fds[--walk->depth]);
}

static void
fsx_walk_release(struct fsx_walk *walk)
{
	while (walk->depth > 1)
		fsx_walk_pop(walk);
	free(walk->rest);
}

/* Put the target of the symlink @name in front of what is left. */
static int
fsx_walk_link(struct fsx_walk *walk, const char *name)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	if (++walk->links > FSX_MAX_SYMLINKS)
		return -ELOOP;
	r = fsx_readlink(walk->fds[walk->depth - 1], name, &sb);
	if (r < 0)
		return r;
	if (sb.buf[0] == '/')
		while (walk->depth > 1)
			fsx_walk_pop(walk);
	strbuf_addch(&sb, '/');
	strbuf_addstr(&sb, walk->rest);
	if (sb.len >= PATH_MAX)
		return -ENAMETOOLONG;
	free(walk->rest);
	walk->rest = strbuf_take(&sb);
	return 0;
}

/* Cut the next component off walk->rest; NULL at the end. Caller frees. */
static char *
fsx_walk_next(struct fsx_walk *walk)
{
	size_t skip = strspn(walk->rest, "/");
	size_t len = strcspn(walk->rest + skip, "/");
	char *name;

	if (!len)
		return NULL;
	name = xstrndup(walk->rest + skip, len);
	(void)memmove(walk->rest, walk->rest + skip + len,
		      strlen(walk->rest + skip + len) + 1);
	return name;
}

static bool
fsx_walk_at_end(const struct fsx_walk *walk)
{
	return !walk->rest[strspn(walk->rest, "/")];
}

/*
 * Take one component. Returns 0 to go on, a new fd (> 0 never collides: the
 * standard three are open) when @name was the last one, or -errno.
 */
static int
fsx_walk_step(struct fsx_walk *walk, const char *name, int flags, mode_t mode)
{
	int dirfd = walk->fds[walk->depth - 1];
	bool last = fsx_walk_at_end(walk);
	struct stat st;
	int fd;

	if (!strcmp(name, "."))
		return 0;
	if (!strcmp(name, "..")) {
		fsx_walk_pop(walk);
		return 0;
	}
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode) && !(last && (flags & O_NOFOLLOW)))
		return fsx_walk_link(walk, name);
	if (last) {
		fd = openat(dirfd, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
		return fd < 0 ? -errno : fd;
	}
	if (walk->depth == ARRAY_LEN(walk->fds))
		return -ENAMETOOLONG;
	fd = openat(dirfd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	walk->fds[walk->depth++] = fd;
	return 0;
}

static int
fsx_open_by_walk(int rootfd, const char *path, int flags, mode_t mode)
{
	struct fsx_walk *walk = xcalloc(1, sizeof(*walk));
	int r = 0;

	walk->fds[walk->depth++] = rootfd;
	walk->rest = xstrdup(path);
	while (r == 0) {
		cleanup_free char *name = fsx_walk_next(walk);

		if (name) {
			r = fsx_walk_step(walk, name, flags, mode);
			continue;
		}
		/* The path ended in ".", ".." or was the root itself. */
		r = openat(walk->fds[walk->depth - 1], ".",
			   (flags & ~(O_CREAT | O_EXCL)) | O_CLOEXEC);
		if (r < 0)
			r = -errno;
	}
	fsx_walk_release(walk);
	free(walk);
	return r;
}

int
fsx_openat_in_root(int rootfd, const char *path, int flags, mode_t mode,
		   struct err *err)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = flags & (O_CREAT | O_TMPFILE) ? mode : 0,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long r;

	if (!*path)
		path = ".";
	do
		r = syscall(SYS_openat2, rootfd, path, &how, sizeof(how));
	while (r < 0 && (errno == EAGAIN || errno == EINTR));
	if (r < 0 && (errno == ENOSYS || errno == EPERM)) {
		r = fsx_open_by_walk(rootfd, path, flags, mode);
		if (r < 0)
			return err_code(err, (int)-r, "open '%s'", path);
	}
	if (r < 0)
		return err_sys(err, "open '%s'", path);
	return (int)r;
}

/* The usual case: all but the last component is there. */
static int
fsx_mkdir_last(int rootfd, const char *path, mode_t mode)
{
	const char *slash = strrchr(path, '/');
	const char *leaf = slash ? slash + 1 : path;
	cleanup_free char *above = xstrndup(path, (size_t)(leaf - path));
	cleanup_close int parent = -EBADF;
	int fd;

	if (!*leaf || !strcmp(leaf, ".") || !strcmp(leaf, ".."))
		return -EINVAL;
	parent = fsx_openat_in_root(rootfd, above, O_PATH | O_DIRECTORY, 0,
				    NULL);
	if (parent < 0)
		return parent;
	if (mkdirat(parent, leaf, mode) < 0)
		return -errno;
	fd = openat(parent, leaf,
		    O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int
fsx_mkdir_in_root(int rootfd, const char *path, mode_t mode, struct err *err)
{
	cleanup_strbuf struct strbuf have = STRBUF_INIT;
	cleanup_close int fd = -EBADF;

	fd = fsx_mkdir_last(rootfd, path, mode);
	if (fd >= 0)
		return take_fd(fd);
	fd = fsx_openat_in_root(rootfd, ".", O_PATH | O_DIRECTORY, 0, err);
	while (fd >= 0) {
		size_t skip = strspn(path, "/");
		size_t len = strcspn(path + skip, "/");
		cleanup_free char *name = xstrndup(path + skip, len);
		int parent = fd;

		if (!len)
			return take_fd(fd);
		path += skip + len;
		strbuf_addch(&have, '/');
		strbuf_addstr(&have, name);
		fd = fsx_openat_in_root(rootfd, have.buf, O_PATH | O_DIRECTORY,
					0, NULL);
		/* The parent was resolved inside the root and is held open. */
		if (fd == -ENOENT && strcmp(name, "..") != 0) {
			if (mkdirat(parent, name, mode) < 0 && errno != EEXIST)
				fd = err_sys(err, "make directory '%s'",
					     have.buf);
			else
				fd = openat(parent, name,
					    O_PATH | O_DIRECTORY | O_CLOEXEC |
						    O_NOFOLLOW);
			if (fd == -1)
				fd = err_sys(err, "open '%s'", have.buf);
		} else if (fd < 0) {
			fd = err_code(err, -fd, "open '%s'", have.buf);
		}
		(void)close(parent);
	}
	return fd;
}

int
fsx_mkdir_p(int dirfd, const char *path, mode_t mode, struct err *err)
{
	cleanup_free char *copy = xstrdup(path);

	if (mkdirat(dirfd, path, mode) == 0)
		return 0;
	for (char *p = copy + 1; errno == ENOENT && *copy; p++) {
		p = strchr(p, '/');
		if (!p)
			break;
		*p = '\0';
		if (mkdirat(dirfd, copy, mode) < 0 && errno != EEXIST)
			return err_sys(err, "make directory '%s'", copy);
		*p = '/';
		errno = ENOENT;
	}
	if (mkdirat(dirfd, path, mode) < 0) {
		struct stat st;

		if (errno != EEXIST)
			return err_sys(err, "make directory '%s'", path);
		if (fstatat(dirfd, path, &st, 0) == 0 && !S_ISDIR(st.st_mode))
			return err_set(err, ENOTDIR, "'%s' is no directory",
				       path);
	}
	return 0;
}

int
fsx_opendir_p(int dirfd, const char *path, mode_t mode, struct err *err)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int fd = openat(dirfd, path, flags);
	int r;

	if (fd < 0 && errno == ENOENT) {
		r = fsx_mkdir_p(dirfd, path, mode, err);
		if (r < 0)
			return r;
		fd = openat(dirfd, path, flags);
	}
	return fd < 0 ? err_sys(err, "open directory '%s'", path) : fd;
}

/* fsync the directory that holds @name. */
static int
fsx_sync_parent(int dirfd, const char *name, struct err *err)
{
	const char *slash = strrchr(name, '/');
	cleanup_free char *parent =
		slash ? xstrndup(name, (size_t)(slash - name)) : xstrdup(".");
	cleanup_close int fd = openat(dirfd, *parent ? parent : "/",
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return err_sys(err, "sync the directory of '%s'", name);
	return 0;
}

static int
fsx_publish(int dirfd, const char *tmp, const char *name, int flags,
	    struct err *err)
{
	int r;

	if (flags & FSX_EXCL)
		r = linkat(dirfd, tmp, dirfd, name, 0);
	else
		r = renameat(dirfd, tmp, dirfd, name);
	if (r < 0)
		r = err_sys(err, "write '%s'", name);
	if (r < 0 || (flags & FSX_EXCL))
		(void)unlinkat(dirfd, tmp, 0);
	if (r == 0 && !(flags & FSX_NOSYNC))
		r = fsx_sync_parent(dirfd, name, err);
	return r;
}

int
fsx_write_atomic(int dirfd, const char *name, const void *data, size_t len,
		 mode_t mode, int flags, struct err *err)
{
	const char *slash = strrchr(name, '/');
	cleanup_close int fd = -EBADF;
	cleanup_free char *tmp = NULL;
	char leaf[FSX_TMP_NAME_BYTES];
	int r;

	fsx_tmp_name(".tmp", leaf);
	tmp = xasprintf("%.*s%s", slash ? (int)(slash + 1 - name) : 0, name,
			leaf);
	fd = openat(dirfd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return err_sys(err, "write '%s'", name);
	r = io_write_all(fd, data, len);
	if (r == 0 && fchmod(fd, mode) < 0)
		r = -errno;
	if (r == 0 && !(flags & FSX_NOSYNC) && fsync(fd) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlinkat(dirfd, tmp, 0);
		return err_code(err, -r, "write '%s'", name);
	}
	return fsx_publish(dirfd, tmp, name, flags, err);
}

/* O_NONBLOCK: a FIFO in the way must not make us wait. */
#define FSX_READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static int
fsx_read_fd(int fd, const char *name, size_t max_bytes, struct strbuf *sb,
	    struct err *err)
{
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at '%s'", name);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EINVAL, "'%s' is no regular file", name);
	(void)strbuf_grow(sb, (size_t)st.st_size < max_bytes
				      ? (size_t)st.st_size + 1
				      : 1);
	r = io_read_all(fd, max_bytes, sb, err);
	return r < 0 ? err_wrap(err, r, "read '%s'", name) : 0;
}

int
fsx_read_file(int dirfd, const char *name, size_t max_bytes, struct strbuf *sb,
	      struct err *err)
{
	cleanup_close int fd = openat(dirfd, name, FSX_READ_FLAGS);

	if (fd < 0)
		return err_sys(err, "open '%s'", name);
	return fsx_read_fd(fd, name, max_bytes, sb, err);
}

int
fsx_read_in_root(int rootfd, const char *path, size_t max_bytes,
		 struct strbuf *sb, struct err *err)
{
	cleanup_close int fd = -EBADF;
	struct stat st;

	/* Looked at before it is opened for reading: devices have effects. */
	fd = fsx_openat_in_root(rootfd, path, O_PATH, 0, err);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, EINVAL, "'%s' is no regular file", path);
	(void)close(take_fd(fd));
	fd = fsx_openat_in_root(rootfd, path, FSX_READ_FLAGS, 0, err);
	return fd < 0 ? fd : fsx_read_fd(fd, path, max_bytes, sb, err);
}

int
fsx_readlink(int dirfd, const char *name, struct strbuf *sb)
{
	ssize_t n =
		readlinkat(dirfd, name, strbuf_grow(sb, PATH_MAX), PATH_MAX);

	if (n < 0)
		return -errno;
	sb->len += (size_t)n;
	sb->buf[sb->len] = '\0';
	return n == PATH_MAX ? -ENAMETOOLONG : 0;
}

const char *
fsx_fd_path(int fd, char buf[FSX_FD_PATH_BYTES])
{
	(void)snprintf(buf, FSX_FD_PATH_BYTES, "/proc/self/fd/%d", fd);
	return buf;
}
