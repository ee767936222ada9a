/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/lock.c - advisory locks on small files, released by close().
 */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"

static int
lock_take(int dirfd, const char *name, short type, int command, struct err *err)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
	cleanup_close int fd = -EBADF;
	int r;

	fd = openat(dirfd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (fd < 0)
		return err_sys(err, "open lock '%s'", name);
	do
		r = fcntl(fd, command, &lock);
	while (r < 0 && errno == EINTR);
	if (r < 0 && (errno == EAGAIN || errno == EACCES))
		return err_set(err, EBUSY, "lock '%s' is held", name);
	if (r < 0)
		return err_sys(err, "lock '%s'", name);
	return take_fd(fd);
}

int
lock_exclusive(int dirfd, const char *name, struct err *err)
{
	return lock_take(dirfd, name, F_WRLCK, F_OFD_SETLKW, err);
}

int
lock_shared(int dirfd, const char *name, struct err *err)
{
	return lock_take(dirfd, name, F_RDLCK, F_OFD_SETLKW, err);
}

int
lock_try(int dirfd, const char *name, struct err *err)
{
	return lock_take(dirfd, name, F_WRLCK, F_OFD_SETLK, err);
}
