/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/stats.h - what a running container uses: one sample.
 *
 * By its cgroup, where it has one; what that does not tell, and everything
 * elsewhere, is summed up over its processes.
 */
#ifndef DHOW_CONTAINER_STATS_H
#define DHOW_CONTAINER_STATS_H

#include <stdint.h>

#include "container/state.h"

/* -1: not known. */
struct container_stats {
	int64_t taken_ns; /* monotonic */
	int64_t cpu_ns;   /* so far */
	int64_t memory_bytes, memory_max_bytes;
	int64_t received_bytes, sent_bytes;
	int64_t read_bytes, written_bytes;
	int64_t pids;
};

/* Returns 0, or -ESRCH when it does not run here. */
int container_stats_read(const struct container_state *state,
			 struct container_stats *ret_stats);

/* Percent of one processor between two samples, -1 when not known. */
double container_stats_cpu(const struct container_stats *before,
			   const struct container_stats *now);

#endif
