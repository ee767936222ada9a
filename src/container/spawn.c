/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/spawn.c - a monitor in a process of its own, which nobody waits
 * for.
 *
 * Of the caller nothing is kept: no terminal, no pipe that somebody reads to
 * its end, no directory that somebody wants to unmount.
 */
#include "container/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "container/monitor_msg.h"
#include "sys/ns.h"

int
spawn_open(struct spawn *spawn, struct err *err)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return err_sys(err, "create a socket pair");
	spawn->ourfd = fds[0];
	spawn->peerfd = fds[1];
	return 0;
}

void
spawn_release(struct spawn *spawn)
{
	cleanup_close_p(&spawn->ourfd);
	cleanup_close_p(&spawn->peerfd);
	spawn->ourfd = spawn->peerfd = -EBADF;
}

/* Those that stay become 3, 4, …; the rest is closed. */
static void
spawn_keep_fds(int *const keep[], int count)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		(void)dup2(null, fd);
	for (int i = 0; i < count; i++)
		if (*keep[i] >= 0)
			*keep[i] = fcntl(*keep[i], F_DUPFD_CLOEXEC, 3 + count);
	for (int i = 0; i < count; i++)
		if (*keep[i] >= 0)
			*keep[i] = dup3(*keep[i], 3 + i, O_CLOEXEC);
	(void)syscall(SYS_close_range, 3 + count, ~0U, 0);
	/* Where a place stayed empty, what stood there before is no use. */
	for (int i = 0; i < count; i++)
		if (*keep[i] < 0)
			(void)close(3 + i);
}

static _Noreturn void
spawn_live(struct monitor_job *job, int peerfd)
{
	struct session *session = job->session;
	int *const keep[] = { &peerfd,
			      &job->lockfd,
			      &session->store.dirfd,
			      &session->paths.data_fd,
			      &session->paths.cache_fd,
			      &session->paths.run_fd };
	const struct monitor_reply not_run = { .answer = MONITOR_NOT_RUN };
	struct err err = ERR_INIT;
	bool command_failed;
	int status;

	(void)setsid();
	(void)prctl(PR_SET_NAME, "dhow-monitor", 0, 0, 0);
	spawn_keep_fds(keep, ARRAY_LEN(keep));
	job->peerfd = fcntl(peerfd, F_DUPFD_CLOEXEC, 3);
	if (monitor_run(job, &status, &command_failed, &err) < 0) {
		if (command_failed)
			(void)send(peerfd, &not_run, sizeof(not_run),
				   MSG_NOSIGNAL);
		(void)send(peerfd, &err, sizeof(err), MSG_NOSIGNAL);
	}
	_exit(0);
}

int
spawn_monitor(struct spawn *spawn, struct monitor_job *job, struct err *err)
{
	pid_t pid = ns_clone(0, NULL, err);

	if (pid == 0)
		spawn_live(job, spawn->peerfd);
	cleanup_close_p(&spawn->peerfd);
	spawn->peerfd = -EBADF;
	cleanup_close_p(&job->lockfd);
	job->lockfd = -EBADF;
	return pid < 0 ? pid : 0;
}
