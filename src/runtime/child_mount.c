/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_mount.c - mounts below the container's root.
 *
 * Rule R1: a target is resolved with the container's root as "/", then used
 * by fd; the mount goes onto that fd whatever the path means by then.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "runtime/child.h"

#define CHILD_PATH_BYTES 4096
#define CHILD_MAX_LINKS 8

/* Open a target as it is; -ENOENT when it has to be made. */
static int
child_open_target(const struct child *child, const struct rt_mount *mount)
{
	int flags = O_PATH | (mount->no_symlink ? O_NOFOLLOW : 0);
	cleanup_close int fd = -EBADF;
	struct stat st;

	fd = fsx_openat_in_root(child->rootfd, mount->target, flags, 0, NULL);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	return take_fd(fd);
}

/*
 * Make a file in @dirfd, and with it what is missing of where a symbolic link
 * of its name leads: images have links to what only a start makes.
 */
static int
child_make_file(const struct child *child, int dirfd, const char *dir,
		const char *leaf, int links)
{
	char path[CHILD_PATH_BYTES], link[CHILD_PATH_BYTES];
	cleanup_close int parentfd = -EBADF;
	const char *slash;
	ssize_t n;
	int fd = openat(dirfd, leaf,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0644);

	if (fd >= 0) {
		(void)close(fd);
		fd = openat(dirfd, leaf, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	if (errno != EEXIST)
		return -errno;
	n = readlinkat(dirfd, leaf, link, sizeof(link) - 1);
	if (n < 0 || !links)
		return n < 0 ? -EEXIST : -ELOOP;
	link[n] = '\0';
	n = snprintf(path, sizeof(path), "%s/%s", *link == '/' ? "" : dir,
		     link);
	slash = strrchr(path, '/');
	if (n >= (ssize_t)sizeof(path) || !slash[1])
		return -ENAMETOOLONG;
	(void)memcpy(link, slash + 1, strlen(slash + 1) + 1);
	path[slash - path] = '\0';
	parentfd = fsx_mkdir_in_root(child->rootfd, *path ? path : "/", 0755,
				     NULL);
	return parentfd < 0 ? parentfd
			    : child_make_file(child, parentfd, path, link,
					      links - 1);
}

/*
 * Make every missing component. Each is made in a directory that was resolved
 * inside the root and is held open (CVE-2024-45310: no racing mkdir on the
 * host).
 */
static int
child_make_target(const struct child *child, const struct rt_mount *mount)
{
	char path[CHILD_PATH_BYTES];
	size_t len = strlen(mount->target);
	cleanup_close int dirfd = -EBADF;
	const char *leaf;
	char *slash;

	if (len >= sizeof(path))
		return -ENAMETOOLONG;
	(void)memcpy(path, mount->target, len + 1);
	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	if (!mount->target_is_file)
		return fsx_mkdir_in_root(child->rootfd, path, 0755, NULL);
	slash = strrchr(path, '/');
	leaf = mount->target + (slash ? slash - path + 1 : 0);
	if (slash)
		*slash = '\0';
	dirfd = fsx_mkdir_in_root(child->rootfd, slash && *path ? path : "/",
				  0755, NULL);
	return dirfd < 0 ? dirfd
			 : child_make_file(child, dirfd, path, leaf,
					   mount->no_symlink ? 0
							     : CHILD_MAX_LINKS);
}

/*
 * Whatever path led there: nothing is mounted inside procfs but over files
 * that are only ever read (CVE-2019-16884, CVE-2025-52881).
 */
static int
child_check_target(const struct rt_mount *mount, int fd, struct err *err)
{
	static const char *const harmless[] = {
		"/proc/cpuinfo", "/proc/diskstats", "/proc/loadavg",
		"/proc/meminfo", "/proc/slabinfo",  "/proc/stat",
		"/proc/swaps",   "/proc/uptime",
	};
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return err_sys(err, "look at mount target '%s'", mount->target);
	if (fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (!strcmp(mount->target, harmless[i]))
			return 0;
	return err_set(err, EACCES, "nothing may be mounted inside /proc");
}

static int
child_target(const struct child *child, const struct rt_mount *mount,
	     struct err *err)
{
	int fd = child_open_target(child, mount);

	if (fd == -ENOENT)
		fd = child_make_target(child, mount);
	if (fd == -ELOOP && mount->no_symlink)
		return err_set(err, EACCES,
			       "'%s' of the image is a symbolic link",
			       mount->target);
	if (fd < 0)
		return err_code(err, -fd, "open mount target '%s'",
				mount->target);
	if (child_check_target(mount, fd, err) < 0) {
		(void)close(fd);
		return -EACCES;
	}
	return fd;
}

/* What is bound may be written to by others: it is opened once, by fd. */
static int
child_open_source(const struct rt_mount *mount)
{
	int base = open(mount->source, O_PATH | O_CLOEXEC);
	int fd;

	if (base < 0)
		return -errno;
	if (!mount->below)
		return base;
	fd = fsx_openat_in_root(base, mount->below, O_PATH, 0, NULL);
	(void)close(base);
	return fd;
}

static int
child_mount_bind(struct child *child, const struct rt_mount *mount,
		 struct err *err)
{
	cleanup_close int source = -EBADF, target = -EBADF;
	struct rt_mount shaped = *mount;
	unsigned long unasked =
		child->plan->shared_propagation ? MS_PRIVATE : 0;
	int flags = (mount->recursive ? MOUNTX_RECURSIVE : 0) |
		    (mount->attrs_top_only ? MOUNTX_ATTRS_TOP : 0);
	struct stat st;

	source = child_open_source(mount);
	if (source == -ENOENT && mount->optional)
		return 0;
	if (source < 0)
		return err_code(err, -source, "open mount source '%s'",
				mount->below ? mount->below : mount->source);
	if (fstat(source, &st) < 0)
		return err_sys(err, "look at mount source '%s'", mount->source);
	shaped.target_is_file = !S_ISDIR(st.st_mode);
	target = child_target(child, &shaped, err);
	if (target < 0)
		return target;
	return mountx_bind(source, target, mount->attrs,
			   mount->propagation ?: unasked, flags, err);
}

int
child_mount(struct child *child, const struct rt_mount *mount, struct err *err)
{
	static const char *const types[] = {
		[RT_TMPFS] = "tmpfs",     [RT_PROC] = "proc",
		[RT_SYSFS] = "sysfs",     [RT_CGROUP2] = "cgroup2",
		[RT_DEVPTS] = "devpts",   [RT_MQUEUE] = "mqueue",
		[RT_OVERLAY] = "overlay", [RT_RAMFS] = "ramfs",
	};
	cleanup_close int mountfd = -EBADF, target = -EBADF;
	const char *type;

	if (mount->kind == RT_BIND)
		return child_mount_bind(child, mount, err);
	type = types[mount->kind];
	target = child_target(child, mount, err);
	if (target < 0)
		return target;
	mountfd = mountx_new(type, type, mount->options, mount->attrs, err);
	if (mountfd < 0 && mount->optional)
		return 0;
	return mountfd < 0 ? mountfd : mountx_attach(mountfd, target, err);
}

int
child_hold_sysctls(struct child *child, struct err *err)
{
	cleanup_close int proc = -EBADF;
	struct statfs fs;

	if (!child->plan->sysctl_count)
		return 0;
	proc = fsx_openat_in_root(child->rootfd, "/proc/sys",
				  O_PATH | O_DIRECTORY, 0, err);
	if (proc < 0)
		return proc;
	/* Rule R2: nothing but procfs takes these writes (CVE-2025-52881). */
	if (fstatfs(proc, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return err_set(err, EACCES, "/proc/sys is not procfs");
	child->sysctlsfd = take_fd(proc);
	return 0;
}

int
child_write_sysctls(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	cleanup_close int proc = take_fd(child->sysctlsfd);

	for (size_t i = 0; i < plan->sysctl_count; i++) {
		const struct rt_sysctl *sysctl = &plan->sysctls[i];
		cleanup_close int fd = openat(
			proc, sysctl->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

		if (fd < 0 ||
		    write(fd, sysctl->value, strlen(sysctl->value)) < 0)
			return err_sys(err, "set sysctl '%s' to '%s'",
				       sysctl->path, sysctl->value);
	}
	return 0;
}

/*
 * The source of masks, opened from the host's /dev by us before any pivot
 * and checked to be the null device (CVE-2025-31133).
 */
static int
child_open_null(struct err *err)
{
	cleanup_close int fd = open("/dev/null", O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open /dev/null");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		return err_set(err, EACCES,
			       "/dev/null of this host is not the null device");
	return take_fd(fd);
}

/* What covers: the null device over files, an empty root over directories. */
struct child_covers {
	int nullfd;
	int emptyfd; /* a mount, made for the first directory */
};

static void
child_covers_close(struct child_covers *covers)
{
	cleanup_close_p(&covers->nullfd);
	cleanup_close_p(&covers->emptyfd);
}

static int
child_mask_dir(struct child_covers *covers, int target, struct err *err)
{
	static const struct mountx_option options[] = {
		{ "size", "0" },
		{ "nr_inodes", "2" },
		{ NULL, NULL },
	};
	cleanup_close int copy = -EBADF;

	if (covers->emptyfd < 0) {
		covers->emptyfd =
			mountx_new("tmpfs", "tmpfs", options,
				   MOUNTX_RDONLY | MOUNTX_NOSUID |
					   MOUNTX_NODEV | MOUNTX_NOEXEC,
				   err);
		return covers->emptyfd < 0
			       ? covers->emptyfd
			       : mountx_attach(covers->emptyfd, target, err);
	}
	copy = mountx_clone(covers->emptyfd, false, err);
	return copy < 0 ? copy : mountx_attach(copy, target, err);
}

static int
child_mask(const struct child *child, const char *path,
	   struct child_covers *covers, struct err *err)
{
	cleanup_close int target = -EBADF;
	struct stat st;

	target = fsx_openat_in_root(child->rootfd, path, O_PATH, 0, NULL);
	if (target < 0 || fstat(target, &st) < 0)
		return 0; /* what is not there needs no mask */
	if (S_ISDIR(st.st_mode))
		return child_mask_dir(covers, target, err);
	return mountx_bind(covers->nullfd, target, 0, 0, 0, err);
}

static int
child_make_readonly(const struct child *child, const char *path,
		    struct err *err)
{
	cleanup_close int fd = -EBADF;

	fd = fsx_openat_in_root(child->rootfd, path, O_PATH, 0, NULL);
	if (fd < 0)
		return 0;
	return mountx_bind(fd, fd,
			   MOUNTX_RDONLY | MOUNTX_NOSUID | MOUNTX_NODEV |
				   MOUNTX_NOEXEC,
			   0, MOUNTX_RECURSIVE, err);
}

int
child_mask_paths(struct child *child, struct err *err)
{
	const struct rt_plan *plan = child->plan;
	cleanup_release(child_covers_close) struct child_covers covers = {
		.nullfd = child_open_null(err),
		.emptyfd = -EBADF,
	};
	int r = covers.nullfd < 0 ? covers.nullfd : 0;

	for (size_t i = 0; r == 0 && plan->masked[i]; i++) {
		r = child_mask(child, plan->masked[i], &covers, err);
		if (r < 0)
			r = err_wrap(err, r, "mask '%s'", plan->masked[i]);
	}
	for (size_t i = 0; r == 0 && plan->readonly[i]; i++) {
		r = child_make_readonly(child, plan->readonly[i], err);
		if (r < 0)
			r = err_wrap(err, r, "make '%s' read-only",
				     plan->readonly[i]);
	}
	return r;
}
