/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/exec.h - a further process in a running container.
 */
#ifndef DHOW_CONTAINER_EXEC_H
#define DHOW_CONTAINER_EXEC_H

#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/strvec.h"
#include "container/spec.h"
#include "session/session.h"

/* All borrowed. */
struct exec_spec {
	const struct container_spec *container; /* as it was started */
	pid_t pid;                              /* its first process */
	int pidfd;                              /* of that */
	const char *cgroup; /* container_state.cgroup, or NULL */
	const struct strvec *argv;
	const struct strvec *env; /* over the container's own; may be NULL */
	const char *user;         /* NULL: the container's */
	const char *cwd;          /* NULL: the container's */
	bool privileged;
	bool tty;
	const struct winsize *size; /* of the terminal, or NULL */
	int stdio[3];               /* without a terminal */
};

struct exec_proc {
	pid_t pid; /* a child of the caller, who waits for it */
	int pidfd;
	int ttyfd; /* the terminal's master, or -EBADF */
};

#define EXEC_PROC_INIT                            \
	{                                         \
		.pidfd = -EBADF, .ttyfd = -EBADF, \
	}

/*
 * Start a command in a container with the rights, limits and environment
 * that its first process was given. The caller has one thread and is of the
 * user that owns the container; it need not be in U, and stays where it is.
 * Call sealed_ensure() early in a program that comes here.
 *
 * The process outlives the caller, but not the container.
 *
 * @ret_not_run: the command could not be executed, and -errno is what
 *               execve() said
 *
 * Returns 0 when the command runs; -ESRCH when the container has ended;
 * -ENOENT and others for a user or working directory that are not there.
 */
int exec_spawn(struct session *session, const struct exec_spec *spec,
	       struct exec_proc *ret_proc, bool *ret_not_run, struct err *err);

#endif
