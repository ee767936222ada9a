/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/spawn.h - a monitor in a process of its own, which nobody waits
 * for.
 */
#ifndef DHOW_CONTAINER_SPAWN_H
#define DHOW_CONTAINER_SPAWN_H

#include "container/monitor.h"

/* A connection before there is a monitor: what is sent is its first work. */
struct spawn {
	int ourfd;
	int peerfd; /* its end */
};

#define SPAWN_INIT                                \
	{                                         \
		.ourfd = -EBADF, .peerfd = -EBADF \
	}
#define cleanup_spawn cleanup_release(spawn_release)

int spawn_open(struct spawn *spawn, struct err *err);
void spawn_release(struct spawn *spawn);

/*
 * Start the process. What became of it is heard on spawn->ourfd
 * (container/monitor_client.h); job->lockfd is the process's now.
 *
 * The caller has one thread and need not be in U. The child is reaped by
 * whoever inherits it when the caller ends.
 */
int spawn_monitor(struct spawn *spawn, struct monitor_job *job,
		  struct err *err);

#endif
