/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/blob.c - content-addressed files, named by what is in them.
 *
 * What hashes while it writes is store/blob_put.c: reading programs then do
 * without the hash library.
 */
#include "store/blob.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/fsx.h"

const char *
blob_path(const struct digest *digest, char buf[BLOB_PATH_BYTES])
{
	(void)snprintf(buf, BLOB_PATH_BYTES, "blobs/sha256/%s",
		       digest_hex(digest));
	return buf;
}

bool
blob_exists(struct store *store, const struct digest *digest,
	    int64_t size_bytes)
{
	char path[BLOB_PATH_BYTES];
	struct stat st;

	return fstatat(store->dirfd, blob_path(digest, path), &st,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) &&
	       (size_bytes < 0 || st.st_size == size_bytes);
}

int
blob_open(struct store *store, const struct digest *digest, int *ret_fd,
	  int64_t *ret_size, struct err *err)
{
	char path[BLOB_PATH_BYTES];
	cleanup_close int fd = -EBADF;
	struct stat st;

	fd = openat(store->dirfd, blob_path(digest, path),
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ENOENT, "blob '%s' is not in the store",
			       digest->text);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open blob '%s'", digest->text);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EBADMSG, "blob '%s' is no regular file",
			       digest->text);
	if (ret_size)
		*ret_size = st.st_size;
	*ret_fd = take_fd(fd);
	return 0;
}

int
blob_read(struct store *store, const struct digest *digest, size_t max_bytes,
	  struct strbuf *sb, struct err *err)
{
	char path[BLOB_PATH_BYTES];
	int r;

	r = fsx_read_file(store->dirfd, blob_path(digest, path), max_bytes, sb,
			  err);
	if (r == -ENOENT)
		return err_set(err, ENOENT, "blob '%s' is not in the store",
			       digest->text);
	return r;
}

int
blob_remove(struct store *store, const struct digest *digest, struct err *err)
{
	char path[BLOB_PATH_BYTES];

	if (unlinkat(store->dirfd, blob_path(digest, path), 0) < 0 &&
	    errno != ENOENT)
		return err_sys(err, "remove blob '%s'", digest->text);
	return 0;
}

int
blob_name(struct store *store, const char *name, const struct digest *digest,
	  struct err *err)
{
	char path[BLOB_PATH_BYTES];

	if (renameat(store->dirfd, name, store->dirfd,
		     blob_path(digest, path)) < 0)
		return err_sys(err, "name blob '%s'", digest->text);
	return 0;
}

int
blob_adopt(struct store *store, int fd, const char *name,
	   const struct digest *digest, struct err *err)
{
	char path[BLOB_PATH_BYTES];

	if (fchmod(fd, 0644) < 0 || fsync(fd) < 0)
		return err_sys(err, "write blob '%s'", digest->text);
	if (renameat(store->dirfd, name, store->dirfd,
		     blob_path(digest, path)) < 0)
		return err_sys(err, "name blob '%s'", digest->text);
	return 0;
}
