/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/janitor.c - what is slow to take down, behind the command's back.
 */
#include "container/janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "conf/idspace.h"
#include "store/volume.h"
#include "sys/ns.h"

#define FUSE_END_MS 2000

static void
janitor_work(struct janitor *janitor)
{
	struct pollfd fuse = { .fd = janitor->fuse_pidfd, .events = POLLIN };
	struct err err = ERR_INIT;

	/* The last one to hold the mounts takes them down here. */
	cleanup_close_p(&janitor->mntfd);
	janitor->mntfd = -EBADF;
	/* fuse-overlayfs ends with its mount; who still holds that loses. */
	if (janitor->fuse_pidfd >= 0 && poll(&fuse, 1, FUSE_END_MS) == 0)
		(void)syscall(SYS_pidfd_send_signal, janitor->fuse_pidfd,
			      SIGKILL, NULL, 0);
	if (!janitor->removes)
		return;
	if (janitor->tomb[0] &&
	    fsx_remove_tree(janitor->store->dirfd, janitor->tomb, &err) < 0)
		log_debug("%s", err.text);
	for (size_t i = 0; i < janitor->volumes->len; i++)
		if (volume_remove(janitor->store, janitor->volumes->v[i],
				  &err) < 0)
			log_debug("%s", err.text);
}

/* Nothing of the caller's is kept: no terminal, no pipe somebody reads. */
static void
janitor_detach(struct janitor *janitor)
{
	int keep[] = { janitor->mntfd, janitor->fuse_pidfd, janitor->rundirfd,
		       janitor->store->dirfd };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int count = (int)(sizeof(keep) / sizeof(keep[0]));

	(void)setsid();
	(void)prctl(PR_SET_NAME, "dhow-janitor", 0, 0, 0);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(null, fd);
	/* Those that stay become 3, 4, …; the rest is closed. */
	for (int i = 0; i < count; i++)
		if (keep[i] >= 0)
			keep[i] = fcntl(keep[i], F_DUPFD_CLOEXEC, 3 + count);
	for (int i = 0; i < count; i++)
		if (keep[i] >= 0)
			keep[i] = dup3(keep[i], 3 + i, O_CLOEXEC);
	(void)syscall(SYS_close_range, 3 + count, ~0U, 0);
	janitor->mntfd = keep[0];
	janitor->fuse_pidfd = keep[1];
	janitor->rundirfd = keep[2];
	janitor->store->dirfd = keep[3];
}

void
janitor_start(struct janitor *janitor)
{
	pid_t parent = getpid(), pid;

	if (!janitor->store || janitor->store->dirfd < 0) {
		cleanup_close_p(&janitor->mntfd);
		return;
	}
	if (janitor->rundirfd < 0)
		return;
	pid = ns_clone(0, NULL, NULL);
	if (pid > 0) {
		cleanup_close_p(&janitor->mntfd);
		return;
	}
	if (pid < 0) {
		janitor_work(janitor);
		idspace_release(janitor->rundirfd, parent);
		return;
	}
	janitor_detach(janitor);
	/* Without a record of ours the next start makes its own U. */
	if (janitor->holds)
		(void)idspace_hold(janitor->rundirfd, NULL);
	idspace_release(janitor->rundirfd, parent);
	janitor_work(janitor);
	idspace_release(janitor->rundirfd, getpid());
	_exit(0);
}
