/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/planner_mounts.c - the mounts of a container, in their order.
 *
 * First what every container has (planner_base.c), then what was asked for,
 * shallow targets before deep ones, so that none hides another.
 */
#include "container/planner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "container/planner_priv.h"
#include "container/volumes.h"
#include "store/volume.h"

struct rt_mount *
planner_add_mount(struct planner *planner, struct rt_mount mount)
{
	array_push(planner->mounts, planner->mount_len, planner->mount_cap,
		   mount);
	return &planner->mounts[planner->mount_len - 1];
}

const struct mountx_option *
planner_options(struct planner *planner, const struct mountx_option *options)
{
	struct mountx_option *copy;
	size_t n = 0;

	while (options[n].key)
		n++;
	copy = xmemdup(options, (n + 1) * sizeof(*options));
	array_push(planner->options, planner->option_len, planner->option_cap,
		   copy);
	return copy;
}

/* hosts, hostname and resolv.conf are the container's own files. */
static void
planner_add_etc(struct planner *planner, const struct container_spec *spec,
		const struct container_dir *dir)
{
	static const char *const names[] = { "resolv.conf", "hostname",
					     "hosts" };
	size_t count = ARRAY_LEN(names) - (spec->no_hosts ? 1 : 0);
	const char *from = dir->path;

	/* Who shares a network shares what it is called there. */
	if (spec->net_mode == NET_MODE_CONTAINER)
		from = planner_keep(planner, "containers/%s",
				    spec->net_container);
	for (size_t i = 0; i < count; i++)
		planner_add_mount(
			planner,
			(struct rt_mount){
				.kind = RT_BIND,
				.source = planner_keep(planner, "%s/%s", from,
						       names[i]),
				.target = planner_keep(planner, "/etc/%s",
						       names[i]),
				.attrs = spec->readonly ? MOUNTX_RDONLY : 0,
			});
}

/* What is off by default only on a file system of our own. */
static unsigned int
planner_attr(enum mount_switch value, bool off_by_default, unsigned int attr)
{
	bool off = value == MOUNT_SWITCH_OFF ||
		   (value == MOUNT_SWITCH_DEFAULT && off_by_default);

	return off ? attr : 0;
}

unsigned int
planner_attrs(const struct mount_spec *mount)
{
	bool ours = mount->kind == MOUNT_TMPFS || mount->kind == MOUNT_RAMFS;

	return (mount->readonly ? MOUNTX_RDONLY : 0) |
	       planner_attr(mount->exec, ours, MOUNTX_NOEXEC) |
	       planner_attr(mount->suid, ours, MOUNTX_NOSUID) |
	       planner_attr(mount->dev, ours, MOUNTX_NODEV);
}

/* 0 is private: the child's own copy of all mounts is. */
static unsigned long
planner_propagation(struct planner *planner, enum mount_propagation wanted)
{
	switch (wanted) {
	case MOUNT_PROPAGATION_SLAVE:
	case MOUNT_PROPAGATION_RSLAVE:
		planner->plan.shared_propagation = true;
		return MS_SLAVE;
	case MOUNT_PROPAGATION_SHARED:
	case MOUNT_PROPAGATION_RSHARED:
		planner->plan.shared_propagation = true;
		return MS_SHARED;
	case MOUNT_PROPAGATION_UNBINDABLE:
	case MOUNT_PROPAGATION_RUNBINDABLE:
		return MS_UNBINDABLE;
	case MOUNT_PROPAGATION_DEFAULT:
	case MOUNT_PROPAGATION_PRIVATE:
	case MOUNT_PROPAGATION_RPRIVATE:
	case MOUNT_PROPAGATION_COUNT:
		break;
	}
	return 0;
}

/* The source exists, or is made where that was asked for. */
static int
planner_need_source(const struct mount_spec *mount, struct err *err)
{
	struct stat st;
	int r;

	if (stat(mount->source, &st) == 0)
		return 0;
	r = err_sys(err, "bind mount source '%s'", mount->source);
	if (r != -ENOENT)
		return r;
	if (!mount->create_source) {
		err_hint(err,
			 "make it first, or use -v, which makes directories");
		return r;
	}
	return fsx_mkdir_p(AT_FDCWD, mount->source, 0777, err);
}

/* O: the source below, writes into a layer that goes with the container. */
static void
planner_add_overlay(struct planner *planner, const struct mount_spec *mount,
		    const char *source, const struct container_dir *dir)
{
	const char *lower = planner_keep(planner, "%s%s%s", source,
					 mount->subpath ? "/" : "",
					 mount->subpath ? mount->subpath : "");
	const char *base =
		planner_keep(planner, "overlay%zu", planner->mount_len);
	const char *upper = planner_keep(planner, "%s/upper", base);
	const char *work = planner_keep(planner, "%s/work", base);
	const struct mountx_option options[] = {
		{ "lowerdir", lower },
		{ "upperdir",
		  mount->upper_dir
			  ? mount->upper_dir
			  : planner_keep(planner, "%s/%s", dir->path, upper) },
		{ "workdir", mount->work_dir ? mount->work_dir
					     : planner_keep(planner, "%s/%s",
							    dir->path, work) },
		{ "userxattr", NULL },
		{ NULL, NULL },
	};

	strvec_add(&planner->dirs, upper);
	strvec_add(&planner->dirs, work);
	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_OVERLAY,
				  .target = mount->target,
				  .attrs = planner_attrs(mount),
				  .options = planner_options(planner, options),
			  });
}

void
planner_add_bind(struct planner *planner, const struct mount_spec *mount,
		 const char *source, const char *target)
{
	planner_add_mount(planner, (struct rt_mount){
					   .kind = RT_BIND,
					   .source = source,
					   .below = mount->subpath,
					   .target = target,
					   .attrs = planner_attrs(mount),
					   .propagation = planner_propagation(
						   planner, mount->propagation),
					   .recursive = mount->recursive,
					   .attrs_top_only = mount->ro_depth ==
							     MOUNT_RO_TOP,
				   });
}

static void
planner_tmpfs_option(struct mountx_option *options, size_t *n, const char *key,
		     const char *value)
{
	options[*n] = (struct mountx_option){ key, value };
	options[++*n] = (struct mountx_option){ NULL, NULL };
}

static void
planner_add_tmpfs(struct planner *planner, const struct mount_spec *mount)
{
	struct mountx_option options[PLANNER_MAX_OPTIONS] = { { NULL, NULL } };
	size_t n = 0;

	planner_tmpfs_option(options, &n, "mode",
			     planner_keep(planner, "%o",
					  mount->mode >= 0
						  ? (unsigned int)mount->mode
						  : 01777U));
	if (mount->size_percent > 0)
		planner_tmpfs_option(options, &n, "size",
				     planner_keep(planner, "%d%%",
						  mount->size_percent));
	else if (mount->size_bytes > 0)
		planner_tmpfs_option(
			options, &n, "size",
			planner_keep(planner, "%lld",
				     (long long)mount->size_bytes));
	if (mount->uid >= 0)
		planner_tmpfs_option(options, &n, "uid",
				     planner_keep(planner, "%lld",
						  (long long)mount->uid));
	if (mount->gid >= 0)
		planner_tmpfs_option(options, &n, "gid",
				     planner_keep(planner, "%lld",
						  (long long)mount->gid));
	if (mount->nr_inodes > 0)
		planner_tmpfs_option(options, &n, "nr_inodes",
				     planner_keep(planner, "%lld",
						  (long long)mount->nr_inodes));
	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_TMPFS,
				  .target = mount->target,
				  .attrs = planner_attrs(mount),
				  .options = planner_options(planner, options),
			  });
}

static const char *
planner_volume_path(struct planner *planner, const struct mount_spec *mount)
{
	return planner_keep(planner, "volumes/%s/_data", mount->source);
}

/*
 * Below /proc a mount could stand in for what is written to later
 * (CVE-2025-52881); these few only tell numbers and are replaced by lxcfs.
 */
static int
planner_check_target(const struct mount_spec *mount, struct err *err)
{
	static const char *const harmless[] = {
		"/proc/cpuinfo", "/proc/diskstats", "/proc/loadavg",
		"/proc/meminfo", "/proc/stat",      "/proc/swaps",
		"/proc/uptime",
	};
	const char *below = text_after(mount->target, "/proc");

	if (!below || (*below && *below != '/'))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
		if (mount->kind == MOUNT_BIND &&
		    strcmp(mount->target, harmless[i]) == 0)
			return 0;
	return err_set(err, EINVAL, "nothing can be mounted on '%s'",
		       mount->target);
}

static int planner_add_spec(struct planner *planner,
			    const struct mount_spec *mount,
			    const struct ids *ids,
			    const struct container_dir *dir, struct err *err);

/* A volume that is a bind mount or a tmpfs in truth: 1 when it was. */
static int
planner_add_optioned(struct planner *planner, const struct mount_spec *mount,
		     const struct ids *ids, const struct container_dir *dir,
		     struct err *err)
{
	struct mount_spec truth = MOUNT_SPEC_INIT;
	int r = volumes_resolve(dir->store, mount, &truth, err);

	if (r <= 0)
		return r;
	r = planner_add_spec(planner, &truth, ids, dir, err);
	/* The plan borrows its texts. */
	mount_list_take(&planner->resolved, &truth);
	return r < 0 ? r : 1;
}

static int
planner_add_spec(struct planner *planner, const struct mount_spec *mount,
		 const struct ids *ids, const struct container_dir *dir,
		 struct err *err)
{
	const char *source = mount->source;
	int r = planner_check_target(mount, err);

	if (r < 0)
		return r;
	switch (mount->kind) {
	case MOUNT_TMPFS:
		planner_add_tmpfs(planner, mount);
		return 0;
	case MOUNT_VOLUME:
		r = planner_add_optioned(planner, mount, ids, dir, err);
		if (r != 0)
			return r < 0 ? r : 0;
		source = planner_volume_path(planner, mount);
		break;
	case MOUNT_BIND:
		r = planner_need_source(mount, err);
		break;
	case MOUNT_IMAGE:
		planner_add_image(planner, mount, dir);
		return 0;
	case MOUNT_DEVPTS:
		planner_add_devpts(planner, mount, ids);
		return 0;
	case MOUNT_GLOB:
		return planner_add_glob(planner, mount, err);
	case MOUNT_RAMFS:
		planner_add_ramfs(planner, mount);
		return 0;
	case MOUNT_KIND_COUNT:
		break;
	}
	if (r < 0)
		return r;
	if (mount->overlay)
		planner_add_overlay(planner, mount, source, dir);
	else
		planner_add_bind(planner, mount, source, mount->target);
	return 0;
}

/* "HOST\nCONTAINER\nrwm" as cli/ checked it. */
static void
planner_add_device(struct planner *planner, const char *text)
{
	const char *newline = strchr(text, '\n');
	const char *perms = strchr(newline + 1, '\n');
	const char *source =
		planner_keep(planner, "%.*s", (int)(newline - text), text);
	const char *target = planner_keep(
		planner, "%.*s", (int)(perms - newline - 1), newline + 1);

	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_BIND,
				  .source = source,
				  .target = target,
				  .attrs = strchr(perms, 'w') ? 0
							      : MOUNTX_RDONLY,
			  });
}

static void
planner_add_devices(struct planner *planner, const struct strvec *devices)
{
	for (size_t i = 0; i < devices->len; i++)
		planner_add_device(planner, devices->v[i]);
}

static size_t
planner_depth(const char *path)
{
	size_t depth = 0;

	for (; *path; path++)
		depth += *path == '/' && path[1] && path[1] != '/';
	return depth;
}

/* Stable: equal depths keep the order in which they were given. */
static void
planner_sort(struct rt_mount *mounts, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		struct rt_mount mount = mounts[i];
		size_t depth = planner_depth(mount.target), j = i;

		for (; j > 0 && planner_depth(mounts[j - 1].target) > depth;
		     j--)
			mounts[j] = mounts[j - 1];
		mounts[j] = mount;
	}
}

/* apt's settings for single-id mode, beside the devices, not in a layer. */
static void
planner_add_apt(struct planner *planner, const struct container_dir *dir)
{
	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_BIND,
				  .source = planner_keep(planner, "%s/apt.conf",
							 dir->path),
				  .target = "/dev/.dhow/apt.conf",
				  .attrs = MOUNTX_RDONLY,
				  .optional = true,
			  });
}

int
planner_add_mounts(struct planner *planner, const struct container_spec *spec,
		   const struct ids *ids, const struct container_dir *dir,
		   struct err *err)
{
	struct rt_plan *plan = &planner->plan;
	int r = 0;

	planner_add_base(planner, spec, ids);
	planner_add_etc(planner, spec, dir);
	if (spec->timezone)
		planner_add_timezone(planner, spec->timezone);
	if (ids->single)
		planner_add_apt(planner, dir);
	for (size_t i = 0; r == 0 && i < spec->mounts.len; i++)
		r = planner_add_spec(planner, &spec->mounts.items[i], ids, dir,
				     err);
	for (size_t i = 0; r == 0 && i < planner->gift.mounts.len; i++)
		r = planner_add_spec(planner, &planner->gift.mounts.items[i],
				     ids, dir, err);
	planner_add_devices(planner, &spec->devices);
	planner_add_devices(planner, &planner->gift.devices);
	planner_add_secrets(planner, spec, dir);
	planner_sort(planner->mounts, planner->mount_len);
	plan->mounts = planner->mounts;
	plan->mount_count = planner->mount_len;
	return r;
}
