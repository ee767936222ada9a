/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/follow.c - lines of a log while others write and rotate it.
 */
#include "base/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"

#define FOLLOW_READ_BYTES 65536

static char *
follow_path(const struct follow *follow, int age)
{
	return age ? xasprintf("%s.%d", follow->name, age)
		   : xstrdup(follow->name);
}

/* Open the file of @age (0: the newest) and read it from its start. */
static int
follow_enter(struct follow *follow, int age, struct err *err)
{
	cleanup_free char *path = follow_path(follow, age);
	struct stat st;
	int fd = openat(follow->dirfd, path,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return errno == ENOENT ? -ENOENT
				       : err_sys(err, "open '%s'", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return err_set(err, EINVAL, "'%s' is no regular file", path);
	}
	cleanup_close_p(&follow->fd);
	follow->fd = fd;
	follow->ino = st.st_ino;
	return 0;
}

/* The oldest file of @age or less. -ENOENT when there is none. */
static int
follow_enter_oldest(struct follow *follow, int age, struct err *err)
{
	int r = -ENOENT;

	for (; r == -ENOENT && age >= 0; age--)
		r = follow_enter(follow, age, err);
	return r;
}

int
follow_open(struct follow *follow, int dirfd, const char *name, int max_old,
	    struct err *err)
{
	int r;

	*follow = (struct follow)FOLLOW_INIT;
	follow->dirfd = dirfd;
	follow->name = xstrdup(name);
	follow->max_old = max_old;
	r = follow_enter_oldest(follow, max_old, err);
	return r == -ENOENT ? 0 : r;
}

void
follow_close(struct follow *follow)
{
	cleanup_close_p(&follow->fd);
	cleanup_close_p(&follow->pollfd);
	free(follow->name);
	free(follow->buf);
	*follow = (struct follow)FOLLOW_INIT;
}

/* How old is the file being read by now? -1 when it is gone. */
static int
follow_age(const struct follow *follow)
{
	for (int age = 0; age <= follow->max_old; age++) {
		cleanup_free char *path = follow_path(follow, age);
		struct stat st;

		if (fstatat(follow->dirfd, path, &st, AT_SYMLINK_NOFOLLOW) ==
			    0 &&
		    st.st_ino == follow->ino)
			return age;
	}
	return -1;
}

/* Read more. Returns bytes, 0 at the end of this file. */
static ssize_t
follow_fill(struct follow *follow, struct err *err)
{
	ssize_t n;

	if (follow->at) {
		follow->len -= follow->at;
		(void)memmove(follow->buf, follow->buf + follow->at,
			      follow->len);
		follow->at = 0;
	}
	if (follow->cap - follow->len < FOLLOW_READ_BYTES) {
		follow->cap = 2 * follow->cap + FOLLOW_READ_BYTES;
		follow->buf = xreallocarray(follow->buf, follow->cap, 1);
	}
	do {
		n = read(follow->fd, follow->buf + follow->len,
			 follow->cap - follow->len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(err, "read '%s'", follow->name);
	follow->len += (size_t)n;
	return n;
}

int
follow_rest(struct follow *follow, struct span *ret_line)
{
	if (follow->at == follow->len)
		return 0;
	*ret_line =
		span_new(follow->buf + follow->at, follow->len - follow->at);
	follow->at = follow->len;
	return 1;
}

/* Cut a line off; the first @seen bytes are known to have no end of one. */
static bool
follow_cut(struct follow *follow, size_t seen, struct span *ret_line)
{
	struct span rest = span_new(follow->buf + follow->at + seen,
				    follow->len - follow->at - seen);
	size_t end = span_find(rest, '\n');

	if (end == rest.len)
		return false;
	*ret_line = span_new(follow->buf + follow->at, seen + end);
	follow->at += seen + end + 1;
	return true;
}

/* A whole line of this file: 1. 0 when it has no more. */
static int
follow_line(struct follow *follow, struct span *ret_line, struct err *err)
{
	size_t seen = 0;

	for (;;) {
		ssize_t n;

		if (follow_cut(follow, seen, ret_line))
			return 1;
		seen = follow->len - follow->at;
		if (seen >= FOLLOW_MAX_LINE_BYTES)
			return follow_rest(follow, ret_line);
		n = follow_fill(follow, err);
		if (n <= 0)
			return (int)n;
	}
}

/* Go on with the next newer file: 1, or 0 when there is none. */
static int
follow_advance(struct follow *follow, struct err *err)
{
	int age = follow->fd < 0 ? -1 : follow_age(follow);
	int r;

	r = follow_enter_oldest(follow, age < 0 ? follow->max_old : age - 1,
				err);
	return r == -ENOENT ? 0 : r < 0 ? r : 1;
}

/*
 * Who writes may take back what a full disk cut, or start the file over. What
 * was read of a line that is gone is forgotten.
 */
static bool
follow_shrank(struct follow *follow)
{
	off_t pos = lseek(follow->fd, 0, SEEK_CUR);
	off_t whole = pos - (off_t)(follow->len - follow->at);
	struct stat st;

	if (pos < 0 || fstat(follow->fd, &st) < 0 || st.st_size >= pos)
		return false;
	follow->at = follow->len = 0;
	return lseek(follow->fd, st.st_size >= whole ? whole : 0, SEEK_SET) >=
	       0;
}

int
follow_next(struct follow *follow, struct span *ret_line, struct err *err)
{
	for (;;) {
		int r = 0;

		if (follow->fd >= 0)
			r = follow_line(follow, ret_line, err);
		if (r != 0)
			return r;
		if (follow->fd >= 0) {
			if (follow_shrank(follow))
				continue;
			if (follow_age(follow) == 0)
				return 0;
			/* What came between our look and the rotation. */
			r = follow_line(follow, ret_line, err);
			if (r != 0)
				return r;
			if (follow_rest(follow, ret_line))
				return 1;
		}
		r = follow_advance(follow, err);
		if (r <= 0)
			return r;
	}
}

/*
 * Where in @fd the last *io_lines lines start; *io_lines becomes how many it
 * did not have.
 */
static int
follow_find_tail(int fd, uint64_t *io_lines, off_t *ret_at)
{
	char block[8192];
	off_t end = lseek(fd, 0, SEEK_END), at = end;

	while (at > 0) {
		size_t len =
			(size_t)at < sizeof(block) ? (size_t)at : sizeof(block);
		ssize_t n = pread(fd, block, len, at - (off_t)len);

		if (n != (ssize_t)len)
			return n < 0 ? -errno : -EIO;
		while (len > 0) {
			/* The last byte ends the last line, or is in it. */
			if (block[len - 1] == '\n' && at < end &&
			    --*io_lines == 0) {
				*ret_at = at;
				return 0;
			}
			len--;
			at--;
		}
	}
	*ret_at = 0;
	if (end > 0)
		--*io_lines;
	return end < 0 ? -errno : 0;
}

int
follow_skip_to_last(struct follow *follow, uint64_t lines, struct err *err)
{
	off_t at = 0;
	int r = 0;

	follow->at = follow->len = 0;
	for (int age = 0; age <= follow->max_old; age++) {
		r = follow_enter(follow, age, err);
		if (r == -ENOENT)
			continue;
		if (r == 0 && !lines) {
			at = lseek(follow->fd, 0, SEEK_END);
			break;
		}
		if (r == 0)
			r = follow_find_tail(follow->fd, &lines, &at);
		if (r < 0)
			return err_code(err, -r, "read '%s'", follow->name);
		if (!lines)
			break;
	}
	if (follow->fd >= 0 && lseek(follow->fd, at, SEEK_SET) < 0)
		return err_sys(err, "read '%s'", follow->name);
	return 0;
}

int
follow_pollfd(struct follow *follow, struct err *err)
{
	char dir[FSX_FD_PATH_BYTES];

	if (follow->pollfd >= 0)
		return follow->pollfd;
	follow->pollfd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (follow->pollfd < 0)
		return err_sys(err, "watch '%s'", follow->name);
	if (inotify_add_watch(follow->pollfd, fsx_fd_path(follow->dirfd, dir),
			      IN_MODIFY | IN_CREATE | IN_MOVED_TO |
				      IN_DELETE_SELF | IN_MOVE_SELF) < 0)
		return err_sys(err, "watch the directory of '%s'",
			       follow->name);
	return follow->pollfd;
}

void
follow_polled(struct follow *follow)
{
	char events[4096];

	while (follow->pollfd >= 0 &&
	       read(follow->pollfd, events, sizeof(events)) > 0)
		continue;
}
