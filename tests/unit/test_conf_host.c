/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fsx.h"
#include "conf/host_facts.h"
#include "conf/host_priv.h"

static int
probe_with(void *data)
{
	return *(const int *)data;
}

Test(conf_host, a_probe_in_namespaces_tells_its_errno)
{
	int code = ENOTSUP;
	int r = host_try_in_userns(probe_with, &code);

	/* A sandboxed test machine may refuse the namespace itself. */
	cr_assert(r == ENOTSUP || r == EPERM, "%d", r);
}

Test(conf_host, a_check_is_ok_until_it_loses_something)
{
	cleanup_host_report struct host_report report = HOST_REPORT_INIT;
	struct host_check *check = host_check_add(&report, "x", "found %d", 7);

	cr_expect(eq(str, check->found, "found 7"));
	cr_expect(host_report_is_usable(&report));
	host_check_lose(check, HOST_DEGRADED, "less");
	cr_expect(host_report_is_usable(&report));
	host_check_lose(check, HOST_MISSING, "all");
	cr_expect(not(host_report_is_usable(&report)));
	cr_expect(eq(str, check->loss, "all"));
}

Test(conf_host, the_driver_is_the_best_that_works)
{
	struct host_report report = HOST_REPORT_INIT;

	cr_expect(eq(str, (char *)host_report_driver(&report), "copy"));
	report.fuse_works = true;
	cr_expect(
		eq(str, (char *)host_report_driver(&report), "fuse-overlayfs"));
	report.overlay_works = true;
	cr_expect(eq(str, (char *)host_report_driver(&report), "overlay"));
}

Test(conf_host, a_report_names_every_check_and_a_remedy_for_each_loss)
{
	cleanup_host_report struct host_report report = HOST_REPORT_INIT;
	cleanup_paths struct paths paths = PATHS_INIT;
	char dir[] = "/tmp/dhow-test-host.XXXXXX", sub[64];
	struct stat st;

	cr_assert(ne(ptr, mkdtemp(dir), NULL));
	(void)snprintf(sub, sizeof(sub), "%s/data", dir);
	cr_assert(eq(int, paths_init(&paths, sub, dir, NULL), 0));
	host_report_make(&report, &paths);
	cr_expect(ge(sz, report.len, 11));
	for (size_t i = 0; i < report.len; i++) {
		const struct host_check *check = &report.checks[i];

		cr_expect(ne(ptr, check->found, NULL), "%s", check->name);
		if (check->state != HOST_OK)
			cr_expect(check->loss && check->remedy, "%s",
				  check->name);
	}
	/* The probes cleaned up after themselves. */
	(void)snprintf(sub, sizeof(sub), "%s/data/tmp", dir);
	cr_expect(stat(sub, &st) < 0 || st.st_nlink == 2);
	(void)fsx_remove_tree(AT_FDCWD, dir, NULL);
}
