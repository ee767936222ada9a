/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_enter.c - a command in a container that runs already.
 *
 * It is in all namespaces of the container, and "/" is the container's root:
 * nothing that is found there is trusted, /proc least of all.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "runtime/child.h"
#include "sys/pty.h"

#define CHILD_PTMX makedev(5, 2)

/* The multiplexer of the container's devpts, and of nothing else. */
static int
child_open_ptmx(struct err *err)
{
	cleanup_close int rootfd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int ptsfd = -EBADF, fd = -EBADF;
	struct statfs fs;
	struct stat st;

	if (rootfd < 0)
		return err_sys(err, "open the root directory");
	ptsfd = fsx_openat_in_root(rootfd, "/dev/pts",
				   O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, err);
	if (ptsfd < 0)
		return ptsfd;
	if (fstatfs(ptsfd, &fs) < 0 || fs.f_type != DEVPTS_SUPER_MAGIC)
		return err_set(err, EACCES,
			       "the container's /dev/pts is none of ours");
	fd = openat(ptsfd, "ptmx",
		    O_RDWR | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "open the container's ptmx");
	if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode) ||
	    st.st_rdev != CHILD_PTMX)
		return err_set(err, EACCES,
			       "the container's ptmx is not a terminal's");
	if (fcntl(fd, F_SETFL, O_RDWR) < 0)
		return err_sys(err, "set up the terminal");
	return take_fd(fd);
}

static int
child_make_tty(struct child *child, struct err *err)
{
	cleanup_close int master = child_open_ptmx(err);
	int slave, r;

	if (master < 0)
		return master;
	slave = pty_peer(master, err);
	if (slave < 0)
		return slave;
	child->stdio[0] = child->stdio[1] = child->stdio[2] = slave;
	r = child_send(child, RT_MSG_TTY, &master, 1, err);
	/* It has the size that it should have after this. */
	return r < 0 ? r : child_wait(child, RT_MSG_GO, err);
}

static int
child_go_on(struct child *child, struct err *err)
{
	int r = 0;

	/* Another user id, but the capabilities stay until they are dropped. */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return err_sys(err, "keep capabilities");
	if (child->plan->tty)
		r = child_make_tty(child, err);
	if (r == 0)
		r = child_become(child, err);
	return r < 0 ? r : child_exec(child, err);
}

_Noreturn void
child_enter(const struct rt_plan *plan, struct rt_late *late, int linkfd)
{
	struct child child = {
		.plan = plan,
		.late = late,
		.linkfd = linkfd,
		.rootfd = -EBADF,
		.stdio = { plan->stdio[0], plan->stdio[1], plan->stdio[2] },
	};
	struct err err = ERR_INIT;
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	child_reset_signals();
	(void)child_go_on(&child, &err);
	/* Nobody to tell when this fails: the parent sees us end. */
	(void)!write(linkfd, &err, sizeof(err));
	_exit(127);
}
