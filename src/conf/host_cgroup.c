/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_cgroup.c - which cgroups of this host are the user's to divide.
 *
 * v2: the process stands below a directory that was delegated to the user
 * (systemd's user manager, a batch system). v1: directories of controllers
 * were handed over by chown. man: cgroups(7), "Delegation".
 */
#include <stdlib.h>

#include "conf/host_priv.h"
#include "sys/cgroup.h"

enum host_cgroup_kind
host_cgroup_find(char **ret_path)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

	*ret_path = NULL;
	if (cgroup_find(NULL, &cgroup, NULL) < 0 || !cgroup.version)
		return HOST_CGROUP_NONE;
	for (int i = 0; !*ret_path && i < CGROUP_CONTROLLER_COUNT; i++)
		*ret_path = take_ptr(cgroup.dirs[i]);
	return cgroup.version == 2 ? HOST_CGROUP_V2 : HOST_CGROUP_V1;
}

void
host_check_cgroup(struct host_report *report, struct paths *paths)
{
	cleanup_free char *dir = NULL;
	enum host_cgroup_kind kind = host_cgroup_find(&dir);
	struct host_check *check;

	check = host_check_add(report, "cgroups", "v%d, %s%s", cgroup_version(),
			       kind ? "delegated: " : "not delegated",
			       kind ? dir : "");
	if (kind)
		return;
	host_check_lose(
		check, HOST_DEGRADED,
		"no limits of memory, processors and processes for a container as a whole");
	host_check_remedy(
		check,
		cgroup_version() == 2
			? "start from a systemd user session: systemd-run --user --scope -p Delegate=yes dhow ..."
			: "ask an administrator for a cgroup directory of your own, and start from a process in it");
}
