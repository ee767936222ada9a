/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "conf/logout.h"

static char place[64];
static int placefd;

static void
logout_setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	placefd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	(void)fsx_mkdir_p(placefd, "run/systemd/seats", 0755, NULL);
	(void)fsx_mkdir_p(placefd, "etc/systemd/logind.conf.d", 0755, NULL);
	(void)fsx_mkdir_p(placefd, "var/lib/systemd/linger", 0755, NULL);
}

static void
logout_teardown(void)
{
	(void)close(placefd);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(conf_logout, .init = logout_setup, .fini = logout_teardown);

static void
put(const char *name, const char *text)
{
	cr_assert(eq(int,
		     fsx_write_atomic(placefd, name, text, strlen(text), 0644,
				      FSX_NOSYNC, NULL),
		     0));
}

Test(conf_logout, nobody_is_killed_unless_logind_is_told_to)
{
	cr_expect(not(logout_kills(place, 4242)));
	put("etc/systemd/logind.conf", "[Login]\n#KillUserProcesses=yes\n");
	cr_expect(not(logout_kills(place, 4242)));
	put("etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\n");
	cr_expect(logout_kills(place, 4242));
	put("etc/systemd/logind.conf.d/10.conf",
	    "[Login]\nKillUserProcesses=no\n");
	cr_expect(not(logout_kills(place, 4242)));
}

Test(conf_logout, who_lingers_or_is_excepted_is_spared)
{
	put("etc/systemd/logind.conf",
	    "KillUserProcesses=yes\nKillExcludeUsers=4243 4244\n");
	cr_expect(logout_kills(place, 4242));
	cr_expect(not(logout_kills(place, 4243)));
	put("var/lib/systemd/linger/4242", "");
	cr_expect(not(logout_kills(place, 4242)));
}

Test(conf_logout, without_logind_nobody_counts)
{
	put("etc/systemd/logind.conf", "KillUserProcesses=yes\n");
	(void)fsx_remove_tree(placefd, "run/systemd", NULL);
	cr_expect(not(logout_kills(place, 4242)));
}
