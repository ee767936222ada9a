/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/skeleton.c - what stands below every container's root.
 *
 * It is made in tmp/ and appears whole; of two that make it at a time the
 * second one throws its own away.
 */
#include "container/skeleton.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"

/* Whatever the caller's umask: the container's users see it. */
static int
skeleton_fill(int dirfd, struct err *err)
{
	static const char *const dirs[] = { "layer",     "layer/dev",
					    "layer/etc", "layer/proc",
					    "layer/sys", "root" };
	static const char *const files[] = { "layer/etc/hostname",
					     "layer/etc/hosts",
					     "layer/etc/resolv.conf" };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		if (mkdirat(dirfd, dirs[i], 0755) < 0 ||
		    fchmodat(dirfd, dirs[i], 0755, 0) < 0)
			return err_sys(err, "make '%s'", dirs[i]);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		cleanup_close int fd =
			openat(dirfd, files[i],
			       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

		if (fd < 0 || fchmod(fd, 0644) < 0)
			return err_sys(err, "make '%s'", files[i]);
	}
	return 0;
}

int
skeleton_ensure(struct store *store, struct err *err)
{
	char leaf[FSX_TMP_NAME_BYTES];
	cleanup_free char *tmp = NULL;
	cleanup_close int fd = -EBADF;
	int r;

	if (faccessat(store->dirfd, SKELETON_ROOT, F_OK, 0) == 0)
		return 0;
	fsx_tmp_name("skeleton", leaf);
	tmp = xasprintf("tmp/%s", leaf);
	fd = fsx_opendir_p(store->dirfd, tmp, 0755, err);
	r = fd < 0 ? fd : skeleton_fill(fd, err);
	if (r == 0 &&
	    renameat(store->dirfd, tmp, store->dirfd, SKELETON_DIR) == 0)
		return 0;
	if (r == 0 && errno != EEXIST && errno != ENOTEMPTY)
		r = err_sys(err, "make '%s' in the store", SKELETON_DIR);
	(void)fsx_remove_tree(store->dirfd, tmp, NULL);
	return r;
}
