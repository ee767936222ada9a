/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/planner_base.c - the mounts every container has: /proc, /dev, /sys.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "container/planner_priv.h"
#include "sys/cgroup.h"

static void
planner_push(struct planner *planner, struct rt_mount mount)
{
	mount.no_symlink = true;
	array_push(planner->base, planner->base_len, planner->base_cap, mount);
}

/* "hidepid=2,subset=pid" as options of the file system. */
static const struct mountx_option *
planner_split_options(struct planner *planner, const char *text)
{
	struct mountx_option options[PLANNER_MAX_OPTIONS] = { { NULL, NULL } };
	cleanup_strvec struct strvec words = STRVEC_INIT;

	strvec_split(&words, text ? text : "", ",");
	for (size_t i = 0; i < words.len && i + 1 < PLANNER_MAX_OPTIONS; i++) {
		char *eq = strchr(words.v[i], '=');

		if (eq)
			*eq = '\0';
		options[i] = (struct mountx_option){
			planner_keep(planner, "%s", words.v[i]),
			eq ? planner_keep(planner, "%s", eq + 1) : NULL
		};
	}
	return planner_options(planner, options);
}

/* A procfs of our own needs a pid namespace of our own. */
static void
planner_add_proc(struct planner *planner, const struct container_spec *spec)
{
	struct rt_mount mount = {
		.kind = spec->host_pid ? RT_BIND : RT_PROC,
		.source = "/proc",
		.target = "/proc",
		.attrs = PLANNER_NO_EXEC,
		.recursive = true,
		.options = planner_split_options(planner, spec->proc_opts),
	};

	planner_push(planner, mount);
}

static void
planner_add_dev(struct planner *planner, const struct container_spec *spec,
		const struct ids *ids)
{
	const struct mountx_option dev[] = {
		{ "mode", "755" },
		{ "size", "65536k" },
		{ NULL, NULL },
	};
	/* Group 5 is tty in every distribution; without it, no group. */
	bool tty_group = idmap_to_outside(&ids->gids, 5) != IDMAP_UNMAPPED;
	const struct mountx_option pts[] = {
		{ "newinstance", NULL }, { "ptmxmode", "0666" },
		{ "mode", "0620" },      { tty_group ? "gid" : NULL, "5" },
		{ NULL, NULL },
	};
	const struct mountx_option shm[] = {
		{ "mode", "1777" },
		{ "size",
		  planner_keep(planner, "%lld", (long long)spec->shm_bytes) },
		{ NULL, NULL },
	};
	struct rt_mount mounts[] = {
		{ .kind = RT_TMPFS,
		  .target = "/dev",
		  .attrs = MOUNTX_NOSUID,
		  .options = planner_options(planner, dev) },
		{ .kind = RT_DEVPTS,
		  .target = "/dev/pts",
		  .attrs = MOUNTX_NOSUID | MOUNTX_NOEXEC,
		  .options = planner_options(planner, pts) },
		{ .kind = RT_TMPFS,
		  .target = "/dev/shm",
		  .attrs = PLANNER_NO_EXEC,
		  .options = planner_options(planner, shm) },
		{ .kind = RT_MQUEUE,
		  .target = "/dev/mqueue",
		  .attrs = PLANNER_NO_EXEC,
		  .optional = true },
	};

	size_t count = ARRAY_LEN(mounts);

	if (spec->no_shm)
		mounts[2] = mounts[--count];
	else if (spec->host_ipc)
		mounts[2] = (struct rt_mount){
			.kind = RT_BIND,
			.source = "/dev/shm",
			.target = "/dev/shm",
			.attrs = PLANNER_NO_EXEC,
			.recursive = true,
		};
	for (size_t i = 0; i < count; i++)
		planner_push(planner, mounts[i]);
}

/* A sysfs of our own needs a network namespace of our own. */
static void
planner_add_sys(struct planner *planner, const struct container_spec *spec)
{
	unsigned int ro = spec->privileged ? 0 : MOUNTX_RDONLY;
	bool host_net = spec->net_mode == NET_MODE_HOST ||
			spec->net_mode == NET_MODE_CONTAINER;

	planner_push(planner, (struct rt_mount){
				      .kind = host_net ? RT_BIND : RT_SYSFS,
				      .source = "/sys",
				      .target = "/sys",
				      .attrs = ro | PLANNER_NO_EXEC,
				      .recursive = true,
			      });
	/* Only the unified hierarchy: v1 is never shown (CVE-2022-0492). */
	if (!host_net && cgroup_is_unified())
		planner_push(planner,
			     (struct rt_mount){
				     .kind = RT_CGROUP2,
				     .target = "/sys/fs/cgroup",
				     .attrs = MOUNTX_RDONLY | PLANNER_NO_EXEC,
				     .optional = true,
			     });
}

/* --privileged: the devices of the host that this account may open. */
static void
planner_add_host_nodes(struct planner *planner)
{
	static const char *const ours[] = { "console", "ptmx" };
	cleanup_closedir DIR *dir = opendir("/dev");
	struct dirent *ent;

	while (dir && (ent = readdir(dir))) {
		const char *name = ent->d_name;
		struct stat st;

		if (strvec_has(&planner->dev_nodes, name) ||
		    !strcmp(name, ours[0]) || !strcmp(name, ours[1]) ||
		    fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)) ||
		    faccessat(dirfd(dir), name, R_OK | W_OK, 0) < 0)
			continue;
		strvec_add(&planner->dev_nodes, name);
	}
}

static void
planner_add_nodes(struct planner *planner, const struct container_spec *spec)
{
	static const char *const nodes[] = { "null",   "zero",    "full",
					     "random", "urandom", "tty" };

	for (size_t i = 0; i < ARRAY_LEN(nodes); i++)
		strvec_add(&planner->dev_nodes, nodes[i]);
	if (spec->privileged)
		planner_add_host_nodes(planner);
	planner->plan.dev_nodes =
		(const char *const *)strvec_argv(&planner->dev_nodes);
}

void
planner_add_base(struct planner *planner, const struct container_spec *spec,
		 const struct ids *ids)
{
	planner_add_proc(planner, spec);
	planner_add_dev(planner, spec, ids);
	planner_add_sys(planner, spec);
	planner_add_nodes(planner, spec);
	planner->plan.base_mounts = planner->base;
	planner->plan.base_mount_count = planner->base_len;
}
