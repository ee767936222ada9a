/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/limits_files.c - limits as what is written to files of a cgroup.
 *
 * Conversions between Docker's numbers and those of version 2 are runc's, so
 * that the same flag means the same share. Linux: cgroup-v2.rst, cgroup-v1/.
 */
#include "container/limits_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/alloc.h"

#define CPU_PERIOD_US 100000
#define NANO 1000000000

void
limits_files_release(struct limits_files *files)
{
	for (size_t i = 0; i < files->len; i++) {
		free(files->items[i].file);
		free(files->items[i].value);
	}
	free(files->items);
	*files = (struct limits_files)LIMITS_FILES_INIT;
}

static struct limits_file *
limits_add(struct limits_files *files, const char *flag,
	   enum cgroup_controller controller, const char *file, char *value)
{
	array_push(files->items, files->len, files->cap,
		   (struct limits_file){ .flag = flag,
					 .controller = controller,
					 .file = xstrdup(file),
					 .value = value });
	return &files->items[files->len - 1];
}

static char *
limits_number(int64_t value)
{
	return xasprintf("%" PRId64, value);
}

/* Memory and swap: together in version 1, swap alone in version 2. */
static void
limits_add_swap(const struct limits_spec *spec, bool v2,
		struct limits_files *files)
{
	const char *file =
		v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
	int64_t both = spec->memory_swap_bytes;
	char *value;

	if (!both && !spec->memory_bytes)
		return;
	/* As much swap as memory, unless told. */
	if (!both)
		both = 2 * spec->memory_bytes;
	if (both < 0)
		value = xstrdup(v2 ? "max" : "-1");
	else
		value = limits_number(v2 ? both - spec->memory_bytes : both);
	limits_add(files, "memory-swap", CGROUP_MEMORY, file, value)->quiet =
		!spec->memory_swap_bytes;
}

static void
limits_add_memory(const struct limits_spec *spec, bool v2,
		  struct limits_files *files)
{
	if (spec->memory_bytes)
		(void)limits_add(files, "memory", CGROUP_MEMORY,
				 v2 ? "memory.max" : "memory.limit_in_bytes",
				 limits_number(spec->memory_bytes));
	limits_add_swap(spec, v2, files);
	if (spec->memory_reservation_bytes)
		(void)limits_add(files, "memory-reservation", CGROUP_MEMORY,
				 v2 ? "memory.low"
				    : "memory.soft_limit_in_bytes",
				 limits_number(spec->memory_reservation_bytes));
	if (spec->oom_kill_disable)
		(void)limits_add(files, "oom-kill-disable", CGROUP_MEMORY,
				 "memory.oom_control", xstrdup("1"));
}

static void
limits_add_cpu(const struct limits_spec *spec, bool v2,
	       struct limits_files *files)
{
	const char *flag = spec->nano_cpus      ? "cpus"
			   : spec->cpu_quota_us ? "cpu-quota"
						: "cpu-period";
	int64_t period = spec->cpu_period_us ?: CPU_PERIOD_US;
	int64_t quota = spec->cpu_quota_us;

	if (spec->nano_cpus)
		quota = spec->nano_cpus / (NANO / CPU_PERIOD_US);
	if (v2 && (quota || spec->cpu_period_us)) {
		cleanup_free char *most =
			quota > 0 ? limits_number(quota) : xstrdup("max");

		(void)limits_add(files, flag, CGROUP_CPU, "cpu.max",
				 xasprintf("%s %" PRId64, most, period));
	} else if (quota || spec->cpu_period_us) {
		(void)limits_add(files, flag, CGROUP_CPU, "cpu.cfs_period_us",
				 limits_number(period));
		(void)limits_add(files, flag, CGROUP_CPU, "cpu.cfs_quota_us",
				 limits_number(quota ?: -1));
	}
	if (spec->cpu_shares && v2)
		(void)limits_add(files, "cpu-shares", CGROUP_CPU, "cpu.weight",
				 limits_number(1 + (spec->cpu_shares - 2) *
							   9999 / 262142));
	else if (spec->cpu_shares)
		(void)limits_add(files, "cpu-shares", CGROUP_CPU, "cpu.shares",
				 limits_number(spec->cpu_shares));
	if (spec->cpuset_cpus)
		(void)limits_add(files, "cpuset-cpus", CGROUP_CPUSET,
				 "cpuset.cpus", xstrdup(spec->cpuset_cpus));
	if (spec->cpuset_mems)
		(void)limits_add(files, "cpuset-mems", CGROUP_CPUSET,
				 "cpuset.mems", xstrdup(spec->cpuset_mems));
}

/* "PATH:N" becomes "MAJOR:MINOR KEYN" for each device. */
static int
limits_add_devices(const struct strvec *list, const char *flag,
		   const char *file, const char *key,
		   struct limits_files *files, struct err *err)
{
	for (size_t i = 0; i < list->len; i++) {
		const char *colon = strrchr(list->v[i], ':');
		cleanup_free char *path = NULL;
		struct stat st;

		if (!colon)
			return err_set(err, EINVAL, "--%s '%s' has no number",
				       flag, list->v[i]);
		path = xstrndup(list->v[i], (size_t)(colon - list->v[i]));
		if (stat(path, &st) < 0)
			return err_sys(err, "--%s: find '%s'", flag, path);
		if (!S_ISBLK(st.st_mode))
			return err_set(err, EINVAL,
				       "--%s: '%s' is no block device", flag,
				       path);
		(void)limits_add(files, flag, CGROUP_IO, file,
				 xasprintf("%u:%u %s%s", major(st.st_rdev),
					   minor(st.st_rdev), key, colon + 1));
	}
	return 0;
}

static int
limits_add_io(const struct limits_spec *spec, bool v2,
	      struct limits_files *files, struct err *err)
{
	const struct {
		const struct strvec *list;
		const char *flag, *v1, *v2, *key;
	} lists[] = {
		{ &spec->blkio_weight_device, "blkio-weight-device",
		  "blkio.weight_device", "io.weight", "" },
		{ &spec->read_bps, "device-read-bps",
		  "blkio.throttle.read_bps_device", "io.max", "rbps=" },
		{ &spec->write_bps, "device-write-bps",
		  "blkio.throttle.write_bps_device", "io.max", "wbps=" },
		{ &spec->read_iops, "device-read-iops",
		  "blkio.throttle.read_iops_device", "io.max", "riops=" },
		{ &spec->write_iops, "device-write-iops",
		  "blkio.throttle.write_iops_device", "io.max", "wiops=" },
	};
	int r = 0;

	if (spec->blkio_weight) {
		struct limits_file *file =
			limits_add(files, "blkio-weight", CGROUP_IO,
				   v2 ? "io.bfq.weight" : "blkio.bfq.weight",
				   limits_number(spec->blkio_weight));

		file->other = v2 ? NULL : "blkio.weight";
	}
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(lists); i++)
		r = limits_add_devices(lists[i].list, lists[i].flag,
				       v2 ? lists[i].v2 : lists[i].v1,
				       v2 ? lists[i].key : "", files, err);
	return r;
}

/* Version 1 has no directory that all controllers share. */
static void
limits_add_raw(const struct limits_spec *spec, bool v2,
	       struct limits_files *files)
{
	for (size_t i = 0; i < spec->cgroup_conf.len; i++) {
		const char *text = spec->cgroup_conf.v[i];
		size_t len = strcspn(text, "=");
		cleanup_free char *name = xstrndup(text, len);

		(void)limits_add(files, "cgroup-conf",
				 v2 ? CGROUP_FREEZER : CGROUP_CONTROLLER_COUNT,
				 name,
				 xstrdup(text[len] ? text + len + 1 : ""));
	}
}

int
limits_files_make(const struct limits_spec *spec, int version,
		  struct limits_files *files, struct err *err)
{
	bool v2 = version == 2;

	limits_add_memory(spec, v2, files);
	limits_add_cpu(spec, v2, files);
	if (spec->pids)
		(void)limits_add(files, "pids-limit", CGROUP_PIDS, "pids.max",
				 spec->pids < 0 ? xstrdup("max")
						: limits_number(spec->pids));
	limits_add_raw(spec, v2, files);
	return limits_add_io(spec, v2, files, err);
}
