/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/mountx.c - mounts on file descriptors.
 *
 * glibc of Debian 12 wraps none but open_tree and friends in headers that
 * clash with linux/mount.h, so the calls are made by number.
 */
#include "sys/mountx.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"

/* Of sys/mount.h, which cannot stand beside linux/mount.h. */
int mount(const char *source, const char *target, const char *type,
	  unsigned long flags, const void *data);
int umount2(const char *target, int flags);
#define MOUNTX_MNT_DETACH 2

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/* The kernel explains a failed fsconfig in messages on the context's fd. */
static int
mountx_explain(int ctxfd, const char *what, const char *detail, struct err *err)
{
	int code = errno;
	char text[256];
	ssize_t n = ctxfd >= 0 ? read(ctxfd, text, sizeof(text) - 1) : -1;

	if (n <= 2)
		return err_code(err, code, "%s%s%s", what, *detail ? " " : "",
				detail);
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	(void)err_code(err, code, "%s%s%s", what, *detail ? " " : "", detail);
	return err_wrap(err, -code, "%s", text + 2);
}

int
mountx_new(const char *type, const char *source,
	   const struct mountx_option *options, unsigned int attrs,
	   struct err *err)
{
	cleanup_close int ctx = -EBADF;
	int fd;

	ctx = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	if (ctx < 0)
		return err_sys(err, "open file system '%s'", type);
	if (source && syscall(SYS_fsconfig, ctx, FSCONFIG_SET_STRING, "source",
			      source, 0) < 0)
		return mountx_explain(ctx, "set source of", type, err);
	for (; options && options->key; options++)
		if (syscall(SYS_fsconfig, ctx,
			    options->value ? FSCONFIG_SET_STRING
					   : FSCONFIG_SET_FLAG,
			    options->key, options->value, 0) < 0)
			return mountx_explain(ctx, "set mount option",
					      options->key, err);
	if (syscall(SYS_fsconfig, ctx, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return mountx_explain(ctx, "create file system", type, err);
	fd = (int)syscall(SYS_fsmount, ctx, FSMOUNT_CLOEXEC, attrs);
	if (fd < 0)
		return mountx_explain(ctx, "mount file system", type, err);
	return fd;
}

int
mountx_attach(int mountfd, int targetfd, struct err *err)
{
	if (syscall(SYS_move_mount, mountfd, "", targetfd, "",
		    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_sys(err, "attach a mount");
	return 0;
}

int
mountx_clone(int sourcefd, bool recursive, struct err *err)
{
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
			     AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
	int fd = (int)syscall(SYS_open_tree, sourcefd, "", flags);

	return fd < 0 ? err_sys(err, "copy a mount") : fd;
}

int
mountx_setattr(int mountfd, unsigned int set, unsigned int clear,
	       unsigned long propagation, bool recursive, struct err *err)
{
	struct mount_attr attr = {
		.attr_set = set,
		.attr_clr = clear,
		.propagation = propagation,
	};
	unsigned int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

	if (!set && !clear && !propagation)
		return 0;
	if (syscall(SYS_mount_setattr, mountfd, "", flags, &attr,
		    sizeof(attr)) < 0)
		return err_sys(err, "set mount attributes");
	return 0;
}

/* For kernels before 5.12: bind, then remount; flags of mount(2). */
static int
mountx_bind_old(int sourcefd, int targetfd, unsigned int attrs,
		unsigned long propagation, bool recursive, struct err *err)
{
	char source[FSX_FD_PATH_BYTES], target[FSX_FD_PATH_BYTES];
	/* MOUNTX_* bits 0-3 are MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC. */
	unsigned long flags = MS_BIND | MS_REMOUNT | attrs;

	(void)fsx_fd_path(sourcefd, source);
	(void)fsx_fd_path(targetfd, target);
	if (mount(source, target, NULL, MS_BIND | (recursive ? MS_REC : 0),
		  NULL) < 0)
		return err_sys(err, "bind mount");
	if (attrs && mount(NULL, target, NULL, flags, NULL) < 0)
		return err_sys(err, "set flags of a bind mount");
	if (propagation &&
	    mount(NULL, target, NULL, propagation | MS_REC, NULL) < 0)
		return err_sys(err, "set propagation of a bind mount");
	return 0;
}

int
mountx_bind(int sourcefd, int targetfd, unsigned int attrs,
	    unsigned long propagation, int flags, struct err *err)
{
	bool recursive = flags & MOUNTX_RECURSIVE;
	cleanup_close int fd = mountx_clone(sourcefd, recursive, err);
	int r = fd;

	if (fd >= 0)
		r = mountx_setattr(fd, attrs, 0, 0,
				   recursive && !(flags & MOUNTX_ATTRS_TOP),
				   err);
	if (r == 0)
		r = mountx_setattr(fd, 0, 0, propagation, recursive, err);
	if (r == -ENOSYS)
		return mountx_bind_old(sourcefd, targetfd, attrs, propagation,
				       recursive, err);
	return r < 0 ? r : mountx_attach(fd, targetfd, err);
}

int
mountx_bind_path(const char *path, int targetfd, struct err *err)
{
	cleanup_close int fd =
		(int)syscall(SYS_open_tree, AT_FDCWD, path,
			     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	return fd < 0 ? err_sys(err, "open '%s'", path)
		      : mountx_attach(fd, targetfd, err);
}

int
mountx_propagate_all(unsigned long propagation, struct err *err)
{
	if (mount(NULL, "/", NULL, MS_REC | propagation, NULL) < 0)
		return err_sys(err, "set the propagation of all mounts");
	return 0;
}

int
mountx_pivot(int rootfd, struct err *err)
{
	if (fchdir(rootfd) < 0)
		return err_sys(err, "enter the new root");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return err_sys(err, "pivot to the new root");
	/* The old root now lies on top of the new one at ".". */
	if (umount2(".", MOUNTX_MNT_DETACH) < 0)
		return err_sys(err, "drop the old root");
	if (chdir("/") < 0)
		return err_sys(err, "enter the new root");
	return 0;
}

bool
mountx_has_lowerdir_plus(void)
{
	static int known; /* 0: not asked, 1: yes, -1: no */
	cleanup_close int ctx = -EBADF;

	if (known)
		return known > 0;
	ctx = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
	known = ctx >= 0 && syscall(SYS_fsconfig, ctx, FSCONFIG_SET_STRING,
				    "lowerdir+", "/", 0) == 0
			? 1
			: -1;
	return known > 0;
}
