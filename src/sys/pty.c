/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/pty.c - pseudo terminals and the caller's own terminal.
 */
#include "sys/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"

int
pty_peer(int master, struct err *err)
{
	int unlock = 0, slave;

	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return err_sys(err, "unlock the terminal");
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return slave < 0 ? err_sys(err, "open the terminal") : slave;
}

int
pty_open(const char *ptmx_path, int *ret_master, int *ret_slave,
	 struct err *err)
{
	cleanup_close int master = -EBADF;
	int slave;

	master = open(ptmx_path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0)
		return err_sys(err, "open '%s'", ptmx_path);
	slave = pty_peer(master, err);
	if (slave < 0)
		return slave;
	*ret_master = take_fd(master);
	*ret_slave = slave;
	return 0;
}

int
pty_raw_enter(struct pty_raw *raw, int fd, struct err *err)
{
	struct termios raw_mode;

	if (tcgetattr(fd, &raw->saved) < 0)
		return err_sys(err, "read the terminal's mode");
	raw_mode = raw->saved;
	cfmakeraw(&raw_mode);
	if (tcsetattr(fd, TCSANOW, &raw_mode) < 0)
		return err_sys(err, "set the terminal's mode");
	raw->fd = fd;
	raw->active = true;
	return 0;
}

void
pty_raw_leave(struct pty_raw *raw)
{
	if (!raw->active)
		return;
	/* A terminal that is gone needs no mode. */
	(void)tcsetattr(raw->fd, TCSADRAIN, &raw->saved);
	raw->active = false;
}

void
pty_copy_size(int fd, int master)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0)
		(void)ioctl(master, TIOCSWINSZ, &size);
}
