/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_dev.c - /dev: nodes, links and the container's terminal.
 *
 * /dev is a tmpfs of ours by now, so plain names below its fd are safe.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "runtime/child.h"
#include "sys/pty.h"

/* An empty file to bind a device on. */
static int
child_dev_stub(int devfd, const char *name)
{
	int fd = openat(devfd, name,
			O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);

	return fd < 0 ? -errno : fd;
}

static int
child_dev_node(int devfd, const char *name, struct err *err)
{
	cleanup_close int target = child_dev_stub(devfd, name);
	char path[5 + NAME_MAX + 1];

	(void)snprintf(path, sizeof(path), "/dev/%s", name);
	if (target < 0)
		return err_code(err, -target, "make '%s'", path);
	return mountx_bind_path(path, target, err);
}

static int
child_dev_links(int devfd, struct err *err)
{
	static const struct {
		const char *name, *target;
	} links[] = {
		{ "fd", "/proc/self/fd" },
		{ "stdin", "/proc/self/fd/0" },
		{ "stdout", "/proc/self/fd/1" },
		{ "stderr", "/proc/self/fd/2" },
		{ "ptmx", "pts/ptmx" },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlinkat(links[i].target, devfd, links[i].name) < 0 &&
		    errno != EEXIST)
			return err_sys(err, "make '/dev/%s'", links[i].name);
	return 0;
}

/*
 * A terminal in the container's own devpts; the slave is known by fd, never
 * by name, and so is its bind to /dev/console (CVE-2025-52565).
 */
static int
child_dev_tty(struct child *child, int devfd, struct err *err)
{
	cleanup_close int master = -EBADF, ptmx = -EBADF, console = -EBADF;
	char path[FSX_FD_PATH_BYTES];
	int slave, r;

	ptmx = openat(devfd, "pts/ptmx", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (ptmx < 0)
		return err_sys(err, "open the container's ptmx");
	r = pty_open(fsx_fd_path(ptmx, path), &master, &slave, err);
	if (r < 0)
		return r;
	if (child->plan->tty_size.ws_row)
		(void)ioctl(slave, TIOCSWINSZ, &child->plan->tty_size);
	child->stdio[0] = child->stdio[1] = child->stdio[2] = slave;
	console = child_dev_stub(devfd, "console");
	if (console < 0)
		return err_code(err, -console, "make '/dev/console'");
	r = mountx_bind(slave, console, 0, 0, 0, err);
	return r < 0 ? r : child_send(child, RT_MSG_TTY, &master, 1, err);
}

int
child_setup_dev(struct child *child, struct err *err)
{
	const char *const *node = child->plan->dev_nodes;
	cleanup_close int devfd = -EBADF;
	int r = 0;

	devfd = fsx_openat_in_root(child->rootfd, "/dev",
				   O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, err);
	if (devfd < 0)
		return devfd;
	for (; r == 0 && *node; node++)
		r = child_dev_node(devfd, *node, err);
	if (r == 0)
		r = child_dev_links(devfd, err);
	if (r == 0 && child->plan->tty)
		r = child_dev_tty(child, devfd, err);
	return r;
}
