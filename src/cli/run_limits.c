/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_limits.c - flags of run about what it may use of the host.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/run_spec.h"
#include "spec/sysctl_spec.h"
#include "spec/ulimit_spec.h"

static int
fill_sysctls(struct container_spec *spec, const struct strvec *given,
	     struct err *err)
{
	const struct sysctl_shared shared = {
		.net = spec->net_mode == NET_MODE_HOST,
		.ipc = spec->host_ipc,
		.uts = spec->host_uts,
	};

	for (size_t i = 0; i < given->len; i++) {
		struct sysctl_spec sysctl = SYSCTL_SPEC_INIT;
		int r = sysctl_spec_parse(given->v[i], &shared, &sysctl, err);

		if (r == 0)
			strvec_addf(&spec->sysctls, "%s=%s", sysctl.path,
				    sysctl.value);
		sysctl_spec_release(&sysctl);
		if (r < 0)
			return run_spec_bad(err, r, "sysctl", given->v[i]);
	}
	return 0;
}

static int
fill_ulimits(struct container_spec *spec, const struct strvec *given,
	     struct err *err)
{
	for (size_t i = 0; i < given->len; i++) {
		int r = ulimit_list_add(&spec->ulimits, given->v[i], err);

		if (r < 0)
			return run_spec_bad(err, r, "ulimit", given->v[i]);
	}
	return 0;
}

static void
fill_numbers(struct limits_spec *limits, const struct args *args)
{
	limits->memory_bytes = args_int(args, "memory");
	limits->memory_swap_bytes = args_int(args, "memory-swap");
	limits->memory_reservation_bytes = args_int(args, "memory-reservation");
	limits->oom_kill_disable = args_bool(args, "oom-kill-disable");
	limits->nano_cpus = args_int(args, "cpus");
	limits->cpu_shares = args_int(args, "cpu-shares");
	limits->cpu_period_us = args_int(args, "cpu-period");
	limits->cpu_quota_us = args_int(args, "cpu-quota");
	limits->pids = args_int(args, "pids-limit");
	limits->blkio_weight = args_int(args, "blkio-weight");
}

/* "PATH:N", N a size where @is_size. */
static int
add_rates(struct strvec *list, const struct args *args, const char *flag,
	  bool is_size, struct err *err)
{
	const struct strvec *given = args_list(args, flag);

	for (size_t i = 0; i < given->len; i++) {
		const char *colon = strrchr(given->v[i], ':');
		uint64_t number;
		int64_t bytes;
		int r;

		if (!colon || given->v[i][0] != '/') {
			r = err_set(err, EINVAL, "must be /PATH:NUMBER");
			return run_spec_bad(err, r, flag, given->v[i]);
		}
		r = is_size ? units_parse_size(colon + 1, &bytes, err)
			    : units_parse_u64(colon + 1, 0, UINT32_MAX, &number,
					      err);
		if (r < 0)
			return run_spec_bad(err, r, flag, given->v[i]);
		strvec_addf(list, "%.*s:%llu", (int)(colon - given->v[i]),
			    given->v[i],
			    (unsigned long long)(is_size ? (uint64_t)bytes
							 : number));
	}
	return 0;
}

static int
fill_limits(struct container_spec *spec, const struct args *args,
	    struct err *err)
{
	struct limits_spec *limits = &spec->limits;
	const struct {
		const char *flag;
		struct strvec *list;
		bool is_size;
	} rates[] = {
		{ "blkio-weight-device", &limits->blkio_weight_device, false },
		{ "device-read-bps", &limits->read_bps, true },
		{ "device-read-iops", &limits->read_iops, false },
		{ "device-write-bps", &limits->write_bps, true },
		{ "device-write-iops", &limits->write_iops, false },
	};

	fill_numbers(limits, args);
	limits->cpuset_cpus = xstrdup_null(args_str(args, "cpuset-cpus"));
	limits->cpuset_mems = xstrdup_null(args_str(args, "cpuset-mems"));
	limits->cgroup_parent = xstrdup_null(args_str(args, "cgroup-parent"));
	strvec_add_all(&limits->cgroup_conf, args_list(args, "cgroup-conf"));
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		int r = add_rates(rates[i].list, args, rates[i].flag,
				  rates[i].is_size, err);

		if (r < 0)
			return r;
	}
	return limits_spec_check(limits, err);
}

int
run_spec_limits(struct container_spec *spec, const struct args *args,
		struct err *err)
{
	int r;

	if (args_given(args, "shm-size"))
		spec->shm_bytes = args_int(args, "shm-size");
	spec->has_oom_score_adj = args_given(args, "oom-score-adj");
	spec->oom_score_adj = (int)args_int(args, "oom-score-adj");
	r = fill_sysctls(spec, args_list(args, "sysctl"), err);
	if (r == 0)
		r = fill_ulimits(spec, args_list(args, "ulimit"), err);
	return r < 0 ? r : fill_limits(spec, args, err);
}
