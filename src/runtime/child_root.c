/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_root.c - the container's root file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runtime/child.h"

#define CHILD_MAX_LOWERS 500  /* of the kernel's overlay */
#define CHILD_PAGE_BYTES 4096 /* mount(2) cuts longer options silently */

/* By fsconfig: every layer is an option of its own. */
static int
child_overlay_new(const struct rt_root *root, struct err *err)
{
	struct mountx_option options[CHILD_MAX_LOWERS + 6];
	size_t n = 0;

	for (size_t i = 0; root->lowers[i]; i++) {
		if (i == CHILD_MAX_LOWERS)
			return err_set(err, E2BIG, "more than %d layers",
				       CHILD_MAX_LOWERS);
		options[n++] =
			(struct mountx_option){ "lowerdir+", root->lowers[i] };
	}
	if (root->upper) {
		options[n++] =
			(struct mountx_option){ "upperdir", root->upper };
		options[n++] = (struct mountx_option){ "workdir", root->work };
		if (root->is_volatile)
			options[n++] =
				(struct mountx_option){ "volatile", NULL };
	}
	options[n++] = (struct mountx_option){ "userxattr", NULL };
	options[n] = (struct mountx_option){ NULL, NULL };
	return mountx_new("overlay", "overlay", options, 0, err);
}

/* Append to a fixed page of options; returns false when it is full. */
static bool
child_page_add(char page[CHILD_PAGE_BYTES], size_t *len, const char *text)
{
	size_t more = strlen(text);

	if (*len + more + 1 > CHILD_PAGE_BYTES)
		return false;
	(void)memcpy(page + *len, text, more + 1);
	*len += more;
	return true;
}

/*
 * Give every layer a one-word name on a tmpfs, and make that the working
 * directory: the way to many layers before lowerdir+ (Linux 6.5).
 */
static int
child_shorten(const struct rt_root *root, struct err *err)
{
	char name[16];

	if (mount("tmpfs", "/tmp", "tmpfs", 0, "mode=0700") < 0)
		return err_sys(err, "mount a tmpfs for layer names");
	for (size_t i = 0; root->lowers[i]; i++) {
		(void)snprintf(name, sizeof(name), "/tmp/%zu", i);
		if (mkdir(name, 0700) < 0 ||
		    mount(root->lowers[i], name, NULL, MS_BIND, NULL) < 0)
			return err_sys(err, "shorten a layer's name");
	}
	return 0;
}

/* By mount(2), for kernels that have no lowerdir+. */
static int
child_overlay_old(const struct rt_root *root, struct err *err)
{
	char page[CHILD_PAGE_BYTES] = "";
	char name[16];
	size_t len = 0;
	bool fits = true;
	int r;

	r = child_shorten(root, err);
	if (r < 0)
		return r;
	for (size_t i = 0; fits && root->lowers[i]; i++) {
		(void)snprintf(name, sizeof(name), "/tmp/%zu", i);
		fits = child_page_add(page, &len, i ? ":" : "lowerdir=") &&
		       child_page_add(page, &len, name);
	}
	if (root->upper)
		fits = fits && child_page_add(page, &len, ",upperdir=") &&
		       child_page_add(page, &len, root->upper) &&
		       child_page_add(page, &len, ",workdir=") &&
		       child_page_add(page, &len, root->work);
	fits = fits && child_page_add(page, &len, ",userxattr");
	if (!fits)
		return err_set(err, E2BIG, "too many layers for this kernel");
	if (mount("overlay", root->mount_point, "overlay", 0, page) < 0)
		return err_sys(err, "mount the kernel's overlay");
	(void)umount2("/tmp", MNT_DETACH);
	return 0;
}

static int
child_mount_overlay(const struct rt_root *root, struct err *err)
{
	cleanup_close int mountfd = -EBADF, target = -EBADF;

	mountfd = child_overlay_new(root, err);
	if (mountfd < 0 && !mountx_has_lowerdir_plus()) {
		err_reset(err);
		return child_overlay_old(root, err);
	}
	if (mountfd < 0)
		return mountfd;
	target = open(root->mount_point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (target < 0)
		return err_sys(err, "open '%s'", root->mount_point);
	return mountx_attach(mountfd, target, err);
}

/*
 * We mount, the parent starts fuse-overlayfs on the other end of the fd: so
 * that program runs on the host side, with the layers' own ids, and ends by
 * itself when this mount namespace does.
 */
static int
child_mount_fuse(struct child *child, struct err *err)
{
	cleanup_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];
	int r;

	if (fd < 0)
		return err_sys(err, "open /dev/fuse");
	(void)snprintf(options, sizeof(options),
		       "fd=%d,rootmode=40000,user_id=%u,group_id=%u,"
		       "default_permissions,allow_other",
		       fd, (unsigned int)getuid(), (unsigned int)getgid());
	if (mount("fuse-overlayfs", child->plan->root.mount_point,
		  "fuse.fuse-overlayfs", MS_NODEV, options) < 0)
		return err_sys(err, "mount by FUSE");
	r = child_send(child, RT_MSG_FUSE, &fd, 1, err);
	return r;
}

/* A pivot wants a mount point: a plain directory becomes one. */
static int
child_mount_dir(const struct rt_root *root, struct err *err)
{
	if (mount(root->mount_point, root->mount_point, NULL, MS_BIND | MS_REC,
		  NULL) < 0)
		return err_sys(err, "bind '%s'", root->mount_point);
	return 0;
}

int
child_mount_root(struct child *child, struct err *err)
{
	const struct rt_root *root = &child->plan->root;
	int r = 0;

	switch (root->kind) {
	case RT_ROOT_OVERLAY:
		r = child_mount_overlay(root, err);
		break;
	case RT_ROOT_FUSE:
		r = child_mount_fuse(child, err);
		break;
	case RT_ROOT_DIR:
		r = child_mount_dir(root, err);
		break;
	}
	if (r < 0)
		return err_wrap(err, r, "mount the root file system");
	child->rootfd =
		open(root->mount_point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return child->rootfd < 0 ? err_sys(err, "open the container's root")
				 : 0;
}
