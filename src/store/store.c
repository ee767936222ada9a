/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/store.c - one user's images, layers, containers and volumes on disk.
 */
#include "store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/text.h"
#include "data/node.h"
#include "store/image_table.h"
#include "store/partial.h"

#define STORE_LAYOUT_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}\n"
#define STORE_LAYOUT_MAX_BYTES 4096
static const char *const store_dirs[] = { "blobs", "blobs/sha256", "layers",
					  "volumes", "tmp" };

int
store_open(struct store *store, int dirfd, struct err *err)
{
	int fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return err_sys(err, "open the store");
	*store = (struct store){ .dirfd = fd };
	return 0;
}

void
store_close(struct store *store)
{
	if (store->dirfd > 0)
		(void)close(store->dirfd);
	*store = (struct store)STORE_INIT;
}

static int
store_check_layout(struct store *store, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	const char *version;
	int r;

	r = node_read_json_file(store->dirfd, "oci-layout",
				STORE_LAYOUT_MAX_BYTES, &doc, err);
	if (r == -ENOENT)
		return fsx_write_atomic(store->dirfd, "oci-layout",
					STORE_LAYOUT_TEXT,
					strlen(STORE_LAYOUT_TEXT), 0644, 0,
					err);
	if (r < 0)
		return err_wrap(err, r, "the store's oci-layout");
	version = node_get_str(doc, "imageLayoutVersion");
	if (!version || !text_starts(version, "1."))
		return err_set(
			err, EBADMSG,
			"the store has image layout version '%s'; 1.0.0 is known",
			version ? version : "none");
	return 0;
}

int
store_lay_out(struct store *store, struct err *err)
{
	int r;

	if (store->laid_out)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(store_dirs); i++)
		if (mkdirat(store->dirfd, store_dirs[i], 0755) < 0 &&
		    errno != EEXIST)
			return err_sys(err, "make '%s' in the store",
				       store_dirs[i]);
	r = store_check_layout(store, err);
	if (r == 0 && faccessat(store->dirfd, IMAGE_TABLE_FILE, F_OK, 0) < 0)
		r = fsx_write_atomic(store->dirfd, IMAGE_TABLE_FILE,
				     IMAGE_TABLE_EMPTY,
				     strlen(IMAGE_TABLE_EMPTY), 0644, FSX_EXCL,
				     err);
	if (r < 0 && r != -EEXIST)
		return r;
	store->laid_out = true;
	return 0;
}

int
store_lock_shared(struct store *store, struct err *err)
{
	return lock_shared(store->dirfd, "lock", err);
}

int
store_lock_exclusive(struct store *store, struct err *err)
{
	return lock_exclusive(store->dirfd, "lock", err);
}

int
store_pin(struct store *store, struct err *err)
{
	return lock_shared(store->dirfd, "pins", err);
}

int
store_unpinned(struct store *store, struct err *err)
{
	return lock_try(store->dirfd, "pins", err);
}

/*
 * A lock that nobody holds lost its process before it could remove the file.
 * Who is just about to lock it looks whether it still has its name.
 */
static void
store_collect_lock(int dirfd, const char *name)
{
	int fd = lock_try(dirfd, name, NULL);

	if (fd < 0)
		return;
	(void)unlinkat(dirfd, name, 0); /* the next one tries again */
	(void)close(fd);
}

static void
store_collect_in(struct store *store, const char *name)
{
	cleanup_closedir DIR *dir = NULL;
	struct err err = ERR_INIT;
	struct dirent *entry;
	int dirfd;

	dirfd = openat(store->dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return;
	dir = fdopendir(dirfd);
	if (!dir) {
		(void)close(dirfd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (text_starts(entry->d_name, "lock-"))
			store_collect_lock(dirfd, entry->d_name);
		if (!fsx_tmp_is_stale(entry->d_name))
			continue;
		if (fsx_remove_tree(dirfd, entry->d_name, &err) < 0)
			log_debug("collect %s/%s: %s", name, entry->d_name,
				  err.text);
	}
}

int
store_list_json(const struct store *store, const char *dir,
		struct strvec *ret_names)
{
	cleanup_closedir DIR *list = NULL;
	struct dirent *entry;
	int fd = openat(store->dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	list = fdopendir(fd);
	if (!list) {
		(void)close(fd);
		return -ENOMEM;
	}
	while ((entry = readdir(list))) {
		size_t len = strlen(entry->d_name);

		if (entry->d_name[0] != '.' &&
		    text_ends(entry->d_name, ".json"))
			strvec_add_take(ret_names,
					xstrndup(entry->d_name,
						 len - strlen(".json")));
	}
	return 0;
}

/*
 * A dead pid proves little: the owner may live in another pid namespace, or
 * on another host that shares this directory. Whoever makes something large
 * pins, so that only what nobody makes is removed.
 */
void
store_collect_tmp(struct store *store)
{
	cleanup_close int pinfd = store_unpinned(store, NULL);

	if (pinfd < 0)
		return;
	store_collect_in(store, ".");
	store_collect_in(store, "blobs/sha256");
	store_collect_in(store, "tmp");
	partial_collect(store);
}

int
store_sync(struct store *store, struct err *err)
{
	static const char *const names[] = { "blobs/sha256", "layers" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cleanup_close int fd =
			openat(store->dirfd, names[i],
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 || fsync(fd) < 0)
			return err_sys(err, "write '%s' to disk", names[i]);
	}
	return 0;
}
