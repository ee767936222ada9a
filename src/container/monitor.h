/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor.h - who watches a container for its life.
 *
 * One loop for every container: a foreground run is it itself, with its own
 * standard streams; otherwise it is a process of its own that nobody waits
 * for (container/spawn.h). It starts the container and starts it again, keeps
 * the log, passes streams on, answers on the control socket
 * (container/monitor_msg.h), asks for the container's health and records
 * what becomes of it.
 *
 *	starting → up → (waiting to start again → up)… → over
 *
 * While it lives it holds the container's lock; when it is killed the kernel
 * kills the container, and the record is corrected by who reads it next.
 */
#ifndef DHOW_CONTAINER_MONITOR_H
#define DHOW_CONTAINER_MONITOR_H

#include <stdbool.h>
#include <sys/ioctl.h>

#include "container/lookup.h"
#include "container/spec.h"
#include "session/session.h"

/* What is asked of it; all borrowed. */
struct monitor_job {
	struct session *session;
	struct container_spec *spec;
	const char *driver; /* --storage-driver, or NULL */
	/*
	 * A container that exists: its record, and the lock on it, which
	 * becomes the monitor's. NULL: a new one, which a failed start
	 * leaves nothing of.
	 */
	struct container *container;
	int lockfd;
	/* Foreground: the caller's own streams. */
	bool local;
	bool streams[3];
	bool sig_proxy;
	bool attached;       /* its streams go to who starts it */
	struct winsize size; /* of the terminal who starts it sits at */
	/* Otherwise: a first client that is connected already, or -EBADF. */
	int peerfd;
};

#define MONITOR_JOB_INIT                            \
	{                                           \
		.lockfd = -EBADF, .peerfd = -EBADF, \
	}

/*
 * Start the container and watch it to its end. The caller becomes a member of
 * U.
 *
 * @ret_status: exit status of the command: code, or 128 + signal
 * @ret_not_run: -errno is what execve() said
 *
 * Returns 0 when the command ran.
 */
int monitor_run(const struct monitor_job *job, int *ret_status,
		bool *ret_not_run, struct err *err);

#endif
