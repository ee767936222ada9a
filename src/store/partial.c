/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/partial.c - blobs of which the end is still missing.
 */
#include "store/partial.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/text.h"
#include "store/blob.h"

const char *
partial_path(const struct digest *digest, char buf[PARTIAL_PATH_BYTES])
{
	(void)snprintf(buf, PARTIAL_PATH_BYTES, PARTIAL_DIR "/%s",
		       digest_hex(digest));
	return buf;
}

/* Whoever had the lock before may have given the file another name. */
static bool
still_called(struct store *store, const char *path, int fd, struct stat *st)
{
	struct stat named;

	return fstat(fd, st) == 0 &&
	       fstatat(store->dirfd, path, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st->st_ino == named.st_ino && st->st_dev == named.st_dev;
}

int
partial_open(struct store *store, const struct digest *digest,
	     int64_t max_bytes, int *ret_fd, int64_t *ret_bytes,
	     struct err *err)
{
	char path[PARTIAL_PATH_BYTES];
	cleanup_close int fd = -EBADF;
	struct stat st;

	if (mkdirat(store->dirfd, PARTIAL_DIR, 0700) < 0 && errno != EEXIST)
		return err_sys(err, "write to the store");
	fd = lock_try(store->dirfd, partial_path(digest, path), err);
	if (fd < 0)
		return fd;
	if (!still_called(store, path, fd, &st))
		return err_set(err, EBUSY, "'%s' was just finished", path);
	if (st.st_size > max_bytes) {
		if (ftruncate(fd, 0) < 0)
			return err_sys(err, "write '%s'", path);
		st.st_size = 0;
	}
	if (lseek(fd, 0, SEEK_END) < 0)
		return err_sys(err, "read '%s'", path);
	*ret_bytes = st.st_size;
	*ret_fd = take_fd(fd);
	return 0;
}

void
partial_keep(struct store *store, const struct digest *digest)
{
	char from[BLOB_PATH_BYTES], to[PARTIAL_PATH_BYTES];

	/* It only saves work: who cannot keep it gets it again. */
	(void)mkdirat(store->dirfd, PARTIAL_DIR, 0700);
	(void)linkat(store->dirfd, blob_path(digest, from), store->dirfd,
		     partial_path(digest, to), 0);
}

void
partial_forget(struct store *store, const struct digest *digest)
{
	char path[PARTIAL_PATH_BYTES];
	cleanup_close int fd = -EBADF;

	if (faccessat(store->dirfd, partial_path(digest, path), F_OK, 0) < 0)
		return;
	/* Whoever writes it goes on with it. */
	fd = lock_try(store->dirfd, path, NULL);
	if (fd >= 0)
		(void)unlinkat(store->dirfd, path, 0);
}

/* Remove one that was not written since @before. Returns its bytes. */
static uint64_t
collect_one(int dirfd, const char *name, time_t before)
{
	cleanup_close int fd = -EBADF;
	struct stat st;

	if (!text_is_hex_of(name, DIGEST_HEX_LEN) ||
	    fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (st.st_size > 0 && st.st_mtime > before))
		return 0;
	fd = lock_try(dirfd, name, NULL);
	if (fd < 0 || unlinkat(dirfd, name, 0) < 0)
		return 0; /* the next one tries again */
	return (uint64_t)st.st_size;
}

static uint64_t
collect_all(struct store *store, time_t before)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	uint64_t bytes = 0;
	int fd = openat(store->dirfd, PARTIAL_DIR,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	dir = fdopendir(fd);
	if (!dir) {
		(void)close(fd);
		return 0;
	}
	while ((entry = readdir(dir)))
		bytes += collect_one(fd, entry->d_name, before);
	return bytes;
}

void
partial_collect(struct store *store)
{
	(void)collect_all(store, time(NULL) - PARTIAL_KEPT_S);
}

uint64_t
partial_prune(struct store *store)
{
	return collect_all(store, INT64_MAX);
}
