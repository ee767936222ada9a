/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "sys/cgroup.h"

Test(sys_cgroup, a_record_is_read_back_as_it_was)
{
	static const char *const records[] = {
		"/sys/fs/cgroup/user.slice/dhow-1",
		"memory:/sys/fs/cgroup/memory/a:b/dhow-1,pids:/p/dhow-1",
		"freezer:/f",
	};

	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;
		cleanup_free char *text = NULL;

		cr_assert(eq(int, cgroup_from_text(records[i], &cgroup), 0),
			  "%s", records[i]);
		text = cgroup_to_text(&cgroup);
		cr_assert(eq(str, text, (char *)records[i]));
	}
}

Test(sys_cgroup, a_damaged_record_is_refused)
{
	static const char *const records[] = {
		"",           "memory",       "memory:",
		"memory:rel", "nothing:/x",   "memory:/a,memory:/b",
		"pids:/a,,",  "memory:/a,b:", "x",
	};

	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

		cr_assert(eq(int, cgroup_from_text(records[i], &cgroup),
			     -EINVAL),
			  "%s", records[i]);
	}
	cr_assert(eq(int, cgroup_from_text(NULL, &(struct cgroup)CGROUP_INIT),
		     -EINVAL));
}

Test(sys_cgroup, a_parent_stays_below_the_hierarchy)
{
	static const char *const parents[] = { "a", "/../etc", "/a/..", "" };

	for (size_t i = 0; i < ARRAY_LEN(parents); i++) {
		cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

		cr_assert(eq(int, cgroup_find(parents[i], &cgroup, NULL),
			     -EINVAL),
			  "%s", parents[i]);
	}
	cr_assert(eq(int,
		     cgroup_find("/no-such-group", &(struct cgroup)CGROUP_INIT,
				 NULL),
		     -EACCES));
}

Test(sys_cgroup, what_is_not_there_is_not_held)
{
	cleanup_cgroup struct cgroup none = CGROUP_INIT;
	int64_t value;

	cr_assert(not(cgroup_has(&none, CGROUP_MEMORY)));
	cr_assert(
		eq(int,
		   cgroup_write(&none, CGROUP_MEMORY, "memory.max", "1", NULL),
		   -EOPNOTSUPP));
	cr_assert(eq(int,
		     cgroup_read(&none, CGROUP_PIDS, "pids.max", NULL, &value),
		     -ENOENT));
	cr_assert(not(cgroup_was_oom(&none)));
}
