/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/ns.c - making and entering namespaces.
 */
#include "sys/ns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"

#define NS_CHILDREN_BYTES (1 << 20)

pid_t
ns_clone(uint64_t flags, int *ret_pidfd, struct err *err)
{
	int pidfd = -EBADF;
	struct clone_args args = {
		.flags = flags | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		/* A sibling has that of the caller. */
		.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
	};
	pid_t pid;

	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0 && errno == ENOSYS) {
		/* Before 5.3: clone(2) with the same flags, pidfd from 5.2. */
		pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL,
				     NULL, NULL);
		if (pid > 0)
			pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	}
	if (pid < 0) {
		int r = err_sys(err, "create namespaces");

		if (errno == EPERM || errno == ENOSPC || errno == EUSERS)
			err_hint(
				err,
				"user namespaces are off or used up on this host: run 'dhow doctor'");
		return r;
	}
	if (pid > 0 && ret_pidfd)
		*ret_pidfd = pidfd;
	else if (pid > 0 && pidfd >= 0)
		(void)close(pidfd);
	return pid;
}

int
ns_userns_holder(struct ns_holder *ret_holder, struct err *err)
{
	int pipefd[2];
	pid_t pid;
	char byte;

	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	pid = ns_clone(CLONE_NEWUSER, NULL, err);
	if (pid < 0) {
		(void)close(pipefd[0]);
		(void)close(pipefd[1]);
		return pid;
	}
	if (!pid) {
		(void)close(pipefd[1]);
		/* End of file is the word to go. */
		(void)!read(pipefd[0], &byte, 1);
		_exit(0);
	}
	(void)close(pipefd[0]);
	*ret_holder = (struct ns_holder){ .pid = pid, .waitfd = pipefd[1] };
	return 0;
}

void
ns_holder_release(struct ns_holder *holder)
{
	if (holder->pid <= 0)
		return;
	(void)close(holder->waitfd);
	while (waitpid(holder->pid, NULL, 0) < 0 && errno == EINTR)
		;
	holder->pid = 0;
}

pid_t
ns_readable(pid_t pid)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char path[64];
	struct stat st;
	int child;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	if (stat(path, &st) == 0 || errno != EACCES)
		return pid;
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
		       (int)pid, (int)pid);
	if (fsx_read_file(AT_FDCWD, path, NS_CHILDREN_BYTES, &sb, NULL) < 0 ||
	    sscanf(sb.buf, "%d", &child) != 1)
		return pid;
	return child;
}

int
ns_open(pid_t pid, const char *name, struct err *err)
{
	char path[48];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_sys(err, "open '%s'", path) : fd;
}

int
ns_open_readable(pid_t pid, const char *name, struct err *err)
{
	pid_t through = ns_readable(pid);
	cleanup_close int fd = ns_open(through, name, err);

	/* Its number may have gone to somebody else before we opened. */
	if (fd >= 0 && ns_readable(pid) != through)
		return err_set(err, ESRCH, "process %d ended", (int)through);
	return take_fd(fd);
}

int
ns_enter_net(int fd, struct err *err)
{
	return setns(fd, CLONE_NEWNET) < 0
		       ? err_sys(err, "enter the network namespace")
		       : 0;
}

int
ns_enter_user(int fd, struct err *err)
{
	if (setns(fd, CLONE_NEWUSER) < 0)
		return err_sys(err, "enter the user namespace");
	/* Changing credentials made us unreadable for our own user. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return err_sys(err, "stay readable");
	/* Where 0 is not mapped (single-id mode) the one id has the rights. */
	if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) &&
	    errno != EINVAL)
		return err_sys(err, "become root of the user namespace");
	return 0;
}
