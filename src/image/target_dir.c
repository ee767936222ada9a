/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/target_dir.c - an image copied into a directory, "dir:".
 *
 * manifest.json and version; each blob under the hex digits of its digest;
 * the manifests of an index as HEX.manifest.json.
 */
#include <fcntl.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "image/target_layout.h"

#define TARGET_DIR_VERSION "Directory Transport Version: 1.1\n"

struct target_dir {
	struct target base;
	int dirfd;
};

static int
dir_blob(struct target_dir *target, struct origin *from,
	 const struct target_blob *blob, struct err *err)
{
	const char *name = digest_hex(&blob->desc->digest);
	cleanup_close int outfd = -EBADF;
	cleanup_close int own = -EBADF;
	int fd = blob->fd;
	int64_t copied;
	int r = engine_check_stop(err);

	if (r == 0 && fd < 0) {
		r = from->ops->blob(from, blob->desc, &own, err);
		fd = own;
	}
	if (r < 0)
		return r;
	outfd = openat(target->dirfd, name,
		       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		       0644);
	if (outfd < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "write '%s'", name);
	copied = io_copy(fd, outfd, UINT64_MAX, err);
	return copied < 0 ? (int)copied : 0;
}

static int
dir_blobs(struct target *base, struct origin *from,
	  const struct target_blob *blobs, size_t count, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++)
		r = dir_blob((void *)base, from, &blobs[i], err);
	return r;
}

static int
dir_document(struct target *base, const struct target_doc *doc, struct err *err)
{
	const struct target_dir *target = (void *)base;
	cleanup_free char *name = doc->is_root
					  ? xstrdup("manifest.json")
					  : xasprintf("%s.manifest.json",
						      digest_hex(&doc->digest));

	return fsx_write_atomic(target->dirfd, name, doc->bytes.ptr,
				doc->bytes.len, 0644, FSX_NOSYNC, err);
}

static int
dir_finish(struct target *base, struct err *err)
{
	const struct target_dir *target = (void *)base;

	return fsx_write_atomic(target->dirfd, "version", TARGET_DIR_VERSION,
				strlen(TARGET_DIR_VERSION), 0644, FSX_NOSYNC,
				err);
}

static void
dir_free(struct target *base)
{
	struct target_dir *target = (void *)base;

	if (target->dirfd >= 0)
		(void)close(target->dirfd);
	free(target);
}

static const struct target_ops dir_ops = {
	.blobs = dir_blobs,
	.document = dir_document,
	.finish = dir_finish,
	.free = dir_free,
};

static int
target_dir_new(struct engine *engine, const char *path,
	       struct target **ret_target, struct err *err)
{
	struct target_dir *target;
	int fd = fsx_opendir_p(AT_FDCWD, path, 0755, err);

	if (fd < 0)
		return fd;
	target = xcalloc(1, sizeof(*target));
	target->base = (struct target){ .ops = &dir_ops, .engine = engine };
	target->dirfd = fd;
	*ret_target = &target->base;
	return 0;
}

int
target_of_files(struct engine *engine, const struct transport *transport,
		int fd, struct target **ret_target, struct err *err)
{
	if (transport->kind == TRANSPORT_DIR)
		return target_dir_new(engine, transport->path, ret_target, err);
	return target_layout_new(engine, transport, fd, ret_target, err);
}
