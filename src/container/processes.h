/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/processes.h - the processes of a running container, by /proc.
 *
 * What lives in its pid namespace; with --pid host, what descends from its
 * first process or is in its cgroup. Namespaces within count as well.
 */
#ifndef DHOW_CONTAINER_PROCESSES_H
#define DHOW_CONTAINER_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/strvec.h"
#include "container/state.h"

struct container_process {
	pid_t pid, ppid;      /* as the host knows them */
	pid_t inner_pid;      /* as the container does */
	uint32_t uid;         /* as dhow sees it; */
	uint32_t inner_uid;   /* and as the container does */
	uint64_t cpu_ticks;   /* user and system */
	uint64_t start_ticks; /* since boot */
	int tty;              /* device number, 0: none */
	int64_t rss_bytes;
	int64_t read_bytes, written_bytes; /* of disks; -1: not told */
	char *comm;
	struct strvec args; /* empty: a kernel thread, or one that ends */
};

struct container_processes {
	struct container_process *items; /* owned, oldest first */
	size_t len;
	size_t cap;
};

#define CONTAINER_PROCESSES_INIT \
	{                        \
		.items = NULL    \
	}
#define cleanup_container_processes cleanup_release(container_processes_release)
void container_processes_release(struct container_processes *processes);

/* Processes that come and go meanwhile may be missing. 0 or -errno. */
int container_processes_read(const struct container_state *state,
			     struct container_processes *ret_processes,
			     struct err *err);

/* Bytes that went through its interfaces; -1 when it has none of its own. */
struct container_traffic {
	int64_t received_bytes, sent_bytes;
};
void container_traffic_read(const struct container_state *state,
			    struct container_traffic *ret_traffic);

#endif
