/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/limits_spec.c - how much of the host a container may use.
 */
#include "spec/limits_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data/decode.h"

#define LIMITS_MIN_MEMORY (INT64_C(6) << 20)
#define LIMITS_MIN_PERIOD_US 1000
#define LIMITS_MAX_PERIOD_US 1000000

#define LIMITS_INT(member, name) \
	FIELD_INT(struct limits_spec, member, name, FIELD_OMIT_EMPTY)
#define LIMITS_STR(member, name) \
	FIELD_STR(struct limits_spec, member, name, FIELD_OMIT_EMPTY)
#define LIMITS_LIST(member, name) \
	FIELD_STRVEC(struct limits_spec, member, name, FIELD_OMIT_EMPTY)

static const struct field limits_fields[] = {
	LIMITS_INT(memory_bytes, "Memory"),
	LIMITS_INT(memory_swap_bytes, "MemorySwap"),
	LIMITS_INT(memory_reservation_bytes, "MemoryReservation"),
	FIELD_BOOL(struct limits_spec, oom_kill_disable, "OomKillDisable",
		   FIELD_OMIT_EMPTY),
	LIMITS_INT(nano_cpus, "NanoCpus"),
	LIMITS_INT(cpu_shares, "CpuShares"),
	LIMITS_INT(cpu_period_us, "CpuPeriod"),
	LIMITS_INT(cpu_quota_us, "CpuQuota"),
	LIMITS_STR(cpuset_cpus, "CpusetCpus"),
	LIMITS_STR(cpuset_mems, "CpusetMems"),
	LIMITS_INT(pids, "PidsLimit"),
	LIMITS_INT(blkio_weight, "BlkioWeight"),
	LIMITS_LIST(blkio_weight_device, "BlkioWeightDevice"),
	LIMITS_LIST(read_bps, "BlkioDeviceReadBps"),
	LIMITS_LIST(write_bps, "BlkioDeviceWriteBps"),
	LIMITS_LIST(read_iops, "BlkioDeviceReadIOps"),
	LIMITS_LIST(write_iops, "BlkioDeviceWriteIOps"),
	LIMITS_STR(cgroup_parent, "CgroupParent"),
	LIMITS_LIST(cgroup_conf, "CgroupConf"),
	FIELD_END,
};

void
limits_spec_release(struct limits_spec *spec)
{
	decode_release(limits_fields, spec);
}

static int
limits_check_memory(const struct limits_spec *spec, struct err *err)
{
	if (spec->memory_bytes && spec->memory_bytes < LIMITS_MIN_MEMORY)
		return err_set(err, EINVAL,
			       "--memory: a container needs at least 6m");
	if (spec->memory_swap_bytes > 0 && !spec->memory_bytes)
		return err_set(
			err, EINVAL,
			"--memory-swap limits memory and swap together: it needs --memory");
	if (spec->memory_swap_bytes > 0 &&
	    spec->memory_swap_bytes < spec->memory_bytes)
		return err_set(
			err, EINVAL,
			"--memory-swap is memory and swap together: it cannot be less than --memory");
	if (spec->memory_bytes &&
	    spec->memory_reservation_bytes > spec->memory_bytes)
		return err_set(err, EINVAL,
			       "--memory-reservation is more than --memory");
	return 0;
}

static int
limits_check_cpu(const struct limits_spec *spec, struct err *err)
{
	if (spec->nano_cpus && (spec->cpu_period_us || spec->cpu_quota_us))
		return err_set(
			err, EINVAL,
			"--cpus is --cpu-quota over --cpu-period: give one or the others");
	if (spec->cpu_period_us &&
	    (spec->cpu_period_us < LIMITS_MIN_PERIOD_US ||
	     spec->cpu_period_us > LIMITS_MAX_PERIOD_US))
		return err_set(err, EINVAL,
			       "--cpu-period: must be 1000 to 1000000");
	if (spec->cpu_quota_us > 0 && spec->cpu_quota_us < LIMITS_MIN_PERIOD_US)
		return err_set(err, EINVAL,
			       "--cpu-quota: must be 1000 or more");
	return 0;
}

/* "0-3,7": for cpusets. */
static int
limits_check_list(const char *flag, const char *list, struct err *err)
{
	const char *p = list ?: "0";
	bool good = true;

	while (good && *p) {
		size_t digits = strspn(p, "0123456789");

		good = digits > 0 && digits < 6;
		p += digits;
		if (*p == '-' || *p == ',')
			good = good && p[1] != '\0';
		else
			good = good && !*p;
		p += *p != '\0';
	}
	return good ? 0
		    : err_set(err, EINVAL, "--%s '%s' is no list as 0-3,7",
			      flag, list);
}

/* Files of the container's own cgroup: a path could lead anywhere. */
static int
limits_check_conf(const struct strvec *conf, struct err *err)
{
	for (size_t i = 0; i < conf->len; i++) {
		const char *eq = strchr(conf->v[i], '=');
		const char *slash = strchr(conf->v[i], '/');

		if (!eq || eq == conf->v[i] || (slash && slash < eq))
			return err_set(err, EINVAL,
				       "--cgroup-conf '%s' is no FILE=VALUE",
				       conf->v[i]);
	}
	return 0;
}

int
limits_spec_check(const struct limits_spec *spec, struct err *err)
{
	int r;

	r = limits_check_memory(spec, err);
	if (r == 0)
		r = limits_check_cpu(spec, err);
	if (r == 0)
		r = limits_check_list("cpuset-cpus", spec->cpuset_cpus, err);
	if (r == 0)
		r = limits_check_list("cpuset-mems", spec->cpuset_mems, err);
	if (r == 0)
		r = limits_check_conf(&spec->cgroup_conf, err);
	if (r == 0 && spec->blkio_weight &&
	    (spec->blkio_weight < 10 || spec->blkio_weight > 1000))
		r = err_set(err, EINVAL, "--blkio-weight: must be 10 to 1000");
	return r;
}

struct node *
limits_spec_to_node(const struct limits_spec *spec)
{
	return decode_write(limits_fields, spec);
}

int
limits_spec_from_node(const struct node *node, struct limits_spec *spec,
		      struct err *err)
{
	int r = decode_read(node, limits_fields, 0, spec, err);

	return r < 0 ? err_wrap(err, r, "limits") : 0;
}
