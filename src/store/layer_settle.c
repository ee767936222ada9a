/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/layer_settle.c - layers that may not have reached the disk.
 *
 * To wait for the disk would take as long as to unpack. A layer gets its name
 * at once instead, with a symlink "unsettled" in its directory that tells the
 * boot it was made in. Some process syncs the file system later and removes
 * the link. Where the host went down before, the link is found in another
 * boot, and then there is no such layer: it is unpacked again.
 *
 * A blob that came with it from a registry is synced then, too: what the host
 * could not write of it is missing at its end, and it is fetched again.
 *
 * That is for local file systems with a journal, which keep the order of the
 * two names and told of a lack of room already. Others are synced at once.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statfs.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/proc.h"
#include "base/text.h"
#include "store/layer.h"

#define UNSETTLED "unsettled"
#define SETTLE_AT_ONCE 64 /* descriptors */

bool
layer_can_wait(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return false;
	return fs.f_type == EXT4_SUPER_MAGIC || fs.f_type == XFS_SUPER_MAGIC ||
	       fs.f_type == BTRFS_SUPER_MAGIC;
}

int
layer_unsettle(const struct layer_draft *draft, struct err *err)
{
	if (!layer_can_wait(draft->dirfd)) {
		if (syncfs(draft->dirfd) < 0)
			return err_sys(err, "write a layer to disk");
		return 0;
	}
	if (symlinkat(proc_boot_id(), draft->dirfd, UNSETTLED) < 0)
		return err_sys(err, "mark a layer");
	return 1;
}

bool
layer_is_lost(struct store *store, const struct digest *diff_id)
{
	char path[LAYER_PATH_BYTES + sizeof(UNSETTLED)];
	char boot_id[PROC_BOOT_ID_BYTES] = "";

	(void)snprintf(path, sizeof(path), "layers/%s/" UNSETTLED,
		       digest_hex(diff_id));
	if (readlinkat(store->dirfd, path, boot_id, sizeof(boot_id) - 1) < 0)
		return false;
	return strcmp(boot_id, proc_boot_id()) != 0;
}

/* Directories of this boot's layers that have the mark, at most a number. */
static size_t
settle_find(int layersfd, int fds[SETTLE_AT_ONCE])
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	size_t count = 0;
	int fd = openat(layersfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && count < SETTLE_AT_ONCE && (entry = readdir(dir))) {
		char boot_id[PROC_BOOT_ID_BYTES] = "";

		if (!text_is_hex_of(entry->d_name, DIGEST_HEX_LEN))
			continue;
		fds[count] =
			openat(layersfd, entry->d_name,
			       O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fds[count] < 0)
			continue;
		if (readlinkat(fds[count], UNSETTLED, boot_id,
			       sizeof(boot_id) - 1) > 0 &&
		    strcmp(boot_id, proc_boot_id()) == 0)
			count++;
		else
			(void)close(fds[count]);
	}
	return count;
}

/*
 * The marks are removed by descriptor: what has taken a layer's name in the
 * meantime keeps its own.
 */
int
layer_settle(struct store *store, struct err *err)
{
	cleanup_close int layersfd = openat(store->dirfd, "layers",
					    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fds[SETTLE_AT_ONCE];
	size_t count;
	int r = 0;

	if (layersfd < 0)
		return err_sys(err, "open the layers");
	do {
		count = settle_find(layersfd, fds);
		if (count && syncfs(layersfd) < 0)
			r = err_sys(err, "write layers to disk");
		for (size_t i = 0; i < count; i++) {
			/* What could not be written is lost, too. */
			(void)unlinkat(fds[i], UNSETTLED, 0);
			if (r < 0)
				(void)symlinkat("lost", fds[i], UNSETTLED);
			(void)close(fds[i]);
		}
	} while (r == 0 && count == SETTLE_AT_ONCE);
	return r;
}
