/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/limits_spec.h - how much of the host a container may use.
 *
 * The members of Docker's HostConfig of these names; 0 or empty: no limit.
 */
#ifndef DHOW_SPEC_LIMITS_SPEC_H
#define DHOW_SPEC_LIMITS_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

struct limits_spec {
	int64_t memory_bytes;
	int64_t memory_swap_bytes; /* both together; -1: any */
	int64_t memory_reservation_bytes;
	bool oom_kill_disable;
	int64_t nano_cpus; /* --cpus */
	int64_t cpu_shares;
	int64_t cpu_period_us, cpu_quota_us;
	char *cpuset_cpus, *cpuset_mems; /* or NULL */
	int64_t pids;                    /* -1: any */
	int64_t blkio_weight;
	struct strvec blkio_weight_device; /* "PATH:WEIGHT" */
	struct strvec read_bps, write_bps; /* "PATH:BYTES" */
	struct strvec read_iops, write_iops;
	char *cgroup_parent;       /* or NULL */
	struct strvec cgroup_conf; /* "FILE=VALUE"; no path */
};

#define LIMITS_SPEC_INIT          \
	{                         \
		.memory_bytes = 0 \
	}

void limits_spec_release(struct limits_spec *spec);

/* Do they fit together? -EINVAL with the flag that does not. */
int limits_spec_check(const struct limits_spec *spec, struct err *err);

/* Only what is set is written. From: -EBADMSG. */
struct node *limits_spec_to_node(const struct limits_spec *spec);
int limits_spec_from_node(const struct node *node, struct limits_spec *spec,
			  struct err *err);

#endif
