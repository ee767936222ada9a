/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "container/limits_files.h"

/* "memory.max=1 pids.max=2" */
static void
check_files(const struct limits_spec *spec, int version, const char *want)
{
	cleanup_limits_files struct limits_files files = LIMITS_FILES_INIT;
	cleanup_strbuf struct strbuf got = STRBUF_INIT;

	cr_assert(eq(int, limits_files_make(spec, version, &files, NULL), 0));
	for (size_t i = 0; i < files.len; i++)
		strbuf_addf(&got, "%s%s=%s", i ? " " : "", files.items[i].file,
			    files.items[i].value);
	cr_assert(eq(str, got.buf, (char *)want));
}

Test(container_limits, memory_and_swap_are_one_or_two_numbers)
{
	struct limits_spec spec = { .memory_bytes = 100 };

	check_files(
		&spec, 1,
		"memory.limit_in_bytes=100 memory.memsw.limit_in_bytes=200");
	check_files(&spec, 2, "memory.max=100 memory.swap.max=100");
	spec.memory_swap_bytes = 130;
	check_files(
		&spec, 1,
		"memory.limit_in_bytes=100 memory.memsw.limit_in_bytes=130");
	check_files(&spec, 2, "memory.max=100 memory.swap.max=30");
	spec.memory_swap_bytes = -1;
	check_files(&spec, 1,
		    "memory.limit_in_bytes=100 memory.memsw.limit_in_bytes=-1");
	check_files(&spec, 2, "memory.max=100 memory.swap.max=max");
}

Test(container_limits, processors_are_a_quota_of_a_period)
{
	struct limits_spec spec = { .nano_cpus = 1500000000 };

	check_files(&spec, 1,
		    "cpu.cfs_period_us=100000 cpu.cfs_quota_us=150000");
	check_files(&spec, 2, "cpu.max=150000 100000");
	spec = (struct limits_spec){ .cpu_quota_us = 5000,
				     .cpu_period_us = 10000 };
	check_files(&spec, 2, "cpu.max=5000 10000");
	spec = (struct limits_spec){ .cpu_quota_us = -1 };
	check_files(&spec, 2, "cpu.max=max 100000");
	check_files(&spec, 1, "cpu.cfs_period_us=100000 cpu.cfs_quota_us=-1");
}

Test(container_limits, shares_become_weights)
{
	struct limits_spec spec = { .cpu_shares = 1024 };

	check_files(&spec, 1, "cpu.shares=1024");
	check_files(&spec, 2, "cpu.weight=39");
	spec.cpu_shares = 2;
	check_files(&spec, 2, "cpu.weight=1");
	spec.cpu_shares = 262144;
	check_files(&spec, 2, "cpu.weight=10000");
}

Test(container_limits, a_device_must_be_one)
{
	cleanup_limits_files struct limits_files files = LIMITS_FILES_INIT;
	struct limits_spec spec = { .memory_bytes = 0 };

	strvec_add(&spec.read_bps, "/dev/null:1");
	cr_assert(eq(int, limits_files_make(&spec, 2, &files, NULL), -EINVAL));
	limits_spec_release(&spec);
	strvec_add(&spec.read_bps, "/no/such/device:1");
	cr_assert(eq(int, limits_files_make(&spec, 2, &files, NULL), -ENOENT));
	limits_spec_release(&spec);
}

Test(container_limits, a_setting_of_the_group_is_no_path)
{
	struct limits_spec spec = { .memory_bytes = 0 };

	strvec_add(&spec.cgroup_conf, "memory.high=1");
	cr_assert(eq(int, limits_spec_check(&spec, NULL), 0));
	check_files(&spec, 2, "memory.high=1");
	strvec_add(&spec.cgroup_conf, "../x/memory.high=1");
	cr_assert(eq(int, limits_spec_check(&spec, NULL), -EINVAL));
	limits_spec_release(&spec);
}
