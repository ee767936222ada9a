/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/stats.c - what a running container uses: one sample.
 */
#include "container/stats.h"

#include <errno.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/units.h"
#include "container/processes.h"
#include "sys/cgroup.h"

static int64_t
host_memory(void)
{
	struct sysinfo info = { .mem_unit = 1 };

	(void)sysinfo(&info);
	return (int64_t)info.totalram * info.mem_unit;
}

static void
add_known(int64_t *sum, int64_t value)
{
	if (value >= 0)
		*sum = *sum < 0 ? value : *sum + value;
}

/* Sums over the processes, for what is not known yet. */
static void
stats_of_processes(const struct container_state *state,
		   struct container_stats *stats)
{
	cleanup_container_processes struct container_processes all =
		CONTAINER_PROCESSES_INIT;
	struct container_stats sum = { .cpu_ns = 0,
				       .read_bytes = -1,
				       .written_bytes = -1 };
	int64_t tick = UNITS_NS_PER_S / sysconf(_SC_CLK_TCK);

	if (container_processes_read(state, &all, NULL) < 0)
		return;
	for (size_t i = 0; i < all.len; i++) {
		const struct container_process *one = &all.items[i];

		sum.cpu_ns += (int64_t)one->cpu_ticks * tick;
		sum.memory_bytes += one->rss_bytes;
		add_known(&sum.read_bytes, one->read_bytes);
		add_known(&sum.written_bytes, one->written_bytes);
	}
	if (stats->cpu_ns < 0)
		stats->cpu_ns = sum.cpu_ns;
	if (stats->memory_bytes < 0)
		stats->memory_bytes = sum.memory_bytes;
	if (stats->pids < 0)
		stats->pids = (int64_t)all.len;
	if (stats->read_bytes < 0)
		stats->read_bytes = sum.read_bytes;
	if (stats->written_bytes < 0)
		stats->written_bytes = sum.written_bytes;
}

static void
stats_of_cgroup(const char *text, struct container_stats *stats)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;
	struct cgroup_usage usage;

	if (!text || cgroup_from_text(text, &cgroup) < 0)
		return;
	cgroup_usage(&cgroup, &usage);
	stats->cpu_ns = usage.cpu_ns;
	stats->memory_bytes = usage.memory_bytes;
	stats->memory_max_bytes = usage.memory_max_bytes;
	stats->pids = usage.pids;
	stats->read_bytes = usage.read_bytes;
	stats->written_bytes = usage.written_bytes;
}

int
container_stats_read(const struct container_state *state,
		     struct container_stats *ret_stats)
{
	struct container_stats stats = {
		.taken_ns = units_monotonic_ns(),
		.cpu_ns = -1,
		.memory_bytes = -1,
		.memory_max_bytes = -1,
		.pids = -1,
		.read_bytes = -1,
		.written_bytes = -1,
	};
	struct container_traffic traffic;
	int64_t host = host_memory();

	if (!container_status_is_live(state->status) || state->elsewhere ||
	    !state->pid)
		return -ESRCH;
	stats_of_cgroup(state->cgroup, &stats);
	if (stats.cpu_ns < 0 || stats.memory_bytes < 0 || stats.pids < 0 ||
	    stats.read_bytes < 0)
		stats_of_processes(state, &stats);
	if (stats.memory_max_bytes < 0 || stats.memory_max_bytes > host)
		stats.memory_max_bytes = host;
	container_traffic_read(state, &traffic);
	stats.received_bytes = traffic.received_bytes;
	stats.sent_bytes = traffic.sent_bytes;
	*ret_stats = stats;
	return 0;
}

double
container_stats_cpu(const struct container_stats *before,
		    const struct container_stats *now)
{
	int64_t wall = now->taken_ns - before->taken_ns;
	int64_t used = now->cpu_ns - before->cpu_ns;

	if (before->cpu_ns < 0 || now->cpu_ns < 0 || wall <= 0)
		return -1;
	return used < 0 ? 0 : (double)used * 100 / (double)wall;
}
