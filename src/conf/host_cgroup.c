/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_cgroup.c - which cgroups of this host are the user's to divide.
 *
 * v2: the process stands below a directory that was delegated to the user (by
 * a unit of systemd, a batch system), or the user's systemd can be asked for
 * one. v1: directories of controllers were handed over by chown.
 * man: cgroups(7), "Delegation".
 */
#include <stdlib.h>
#include <unistd.h>

#include "conf/host_priv.h"
#include "sys/cgroup.h"
#include "sys/systemd.h"

enum host_cgroup_kind
host_cgroup_find(char **ret_path)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;
	enum host_cgroup_kind kind = HOST_CGROUP_NONE;

	*ret_path = NULL;
	if (cgroup_find(NULL, &cgroup, NULL) == 0 && cgroup.version) {
		kind = cgroup.version == 2 ? HOST_CGROUP_V2 : HOST_CGROUP_V1;
	} else if (cgroup_version() == 2 && systemd_is_there(getuid())) {
		cgroup_find_manager(getuid(), &cgroup);
		kind = cgroup.version ? HOST_CGROUP_SYSTEMD : HOST_CGROUP_NONE;
	}
	for (int i = 0; !*ret_path && i < CGROUP_CONTROLLER_COUNT; i++)
		*ret_path = take_ptr(cgroup.dirs[i]);
	return kind;
}

void
host_check_cgroup(struct host_report *report, struct paths *paths)
{
	static const char *const words[HOST_CGROUP_COUNT] = {
		[HOST_CGROUP_NONE] = "not delegated",
		[HOST_CGROUP_V2] = "delegated: ",
		[HOST_CGROUP_V1] = "delegated: ",
		[HOST_CGROUP_SYSTEMD] = "by your systemd, from ",
	};
	cleanup_free char *dir = NULL;
	enum host_cgroup_kind kind = host_cgroup_find(&dir);
	struct host_check *check;

	check = host_check_add(report, "cgroups", "v%d, %s%s", cgroup_version(),
			       words[kind], dir ?: "");
	if (kind)
		return;
	host_check_lose(
		check, HOST_DEGRADED,
		"no limits of memory, processors and processes for a container as a whole");
	host_check_remedy(
		check,
		cgroup_version() == 2
			? "log in so that systemd starts a manager for you (ssh, or an administrator's: loginctl enable-linger USER)"
			: "ask an administrator for a cgroup directory of your own, and start from a process in it");
}
