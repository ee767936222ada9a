/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/live.c - whether a container lives, as the kernel says.
 *
 * A file that is removed while another process waits to lock it would leave
 * two holders of one name: who locks looks again whether the name still means
 * the file.
 */
#include "container/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/lock.h"

#define LIVE_BACKLOG 64
#define LIVE_NAME_BYTES 96

static void
live_name(char name[LIVE_NAME_BYTES], const char *id, const char *suffix)
{
	(void)snprintf(name, LIVE_NAME_BYTES, LIVE_DIR "/%.64s%s", id, suffix);
}

enum live
live_test(int rundirfd, const char *id)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char name[LIVE_NAME_BYTES];
	cleanup_close int fd = -EBADF;

	live_name(name, id, "");
	fd = openat(rundirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return LIVE_ABSENT;
	if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
		return LIVE_HELD;
	return lock.l_type == F_UNLCK ? LIVE_FREE : LIVE_HELD;
}

static bool
live_is_same(int rundirfd, const char *name, int fd)
{
	struct stat at, of;

	return fstatat(rundirfd, name, &at, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstat(fd, &of) == 0 && at.st_ino == of.st_ino &&
	       at.st_dev == of.st_dev;
}

int
live_hold(int rundirfd, const char *id, struct err *err)
{
	char name[LIVE_NAME_BYTES];

	live_name(name, id, "");
	for (;;) {
		int fd = lock_try(rundirfd, name, NULL);

		if (fd == -ENOENT) {
			int r = fsx_mkdir_p(rundirfd, LIVE_DIR, 0700, err);

			if (r < 0)
				return r;
			continue;
		}
		if (fd == -EBUSY)
			return err_set(err, EBUSY,
				       "another process acts on container "
				       "%.12s",
				       id);
		if (fd < 0)
			return err_code(err, -fd, "lock '%s'", name);
		if (live_is_same(rundirfd, name, fd))
			return fd;
		(void)close(fd);
	}
}

void
live_remove(int rundirfd, const char *id)
{
	char name[LIVE_NAME_BYTES];

	live_name(name, id, ".ctl");
	(void)unlinkat(rundirfd, name, 0);
	live_name(name, id, "");
	(void)unlinkat(rundirfd, name, 0);
}

/* However long the path of the run directory is. */
static struct sockaddr_un
live_address(int rundirfd, const char *id)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path),
		       "/proc/self/fd/%d/" LIVE_DIR "/%.64s.ctl", rundirfd, id);
	return addr;
}

int
live_listen(int rundirfd, const char *id, struct err *err)
{
	struct sockaddr_un addr = live_address(rundirfd, id);
	cleanup_close int fd = -EBADF;
	char name[LIVE_NAME_BYTES];
	int r;

	/* The run directory is the user's alone. */
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_sys(err, "make a control socket");
	r = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	if (r < 0 && errno == EADDRINUSE) {
		live_name(name, id, ".ctl");
		(void)unlinkat(rundirfd, name, 0);
		r = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	}
	if (r < 0 || listen(fd, LIVE_BACKLOG) < 0)
		return err_sys(err, "make the control socket of %.12s", id);
	return take_fd(fd);
}

int
live_connect(int rundirfd, const char *id, struct err *err)
{
	struct sockaddr_un addr = live_address(rundirfd, id);
	cleanup_close int fd = -EBADF;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, "make a socket");
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return take_fd(fd);
	if (errno == ENOENT || errno == ECONNREFUSED)
		return err_set(err, ENOENT, "nobody watches container %.12s",
			       id);
	return err_sys(err, "connect to the monitor of %.12s", id);
}
