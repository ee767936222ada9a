/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/bundle.h - the files of an image archive or image directory, by name.
 *
 * An archive is read once, from front to end, for it may be a pipe and may
 * say at its end what its files were. So every large file is taken for a
 * layer: it becomes a blob and is unpacked while it is read. What turns out to
 * be no layer is left to the next store_gc(). Small files stay in memory.
 */
#ifndef DHOW_IMAGE_BUNDLE_H
#define DHOW_IMAGE_BUNDLE_H

#include "base/map.h"
#include "image/engine.h"

struct intake;

#define BUNDLE_MAX_FILES 65536
#define BUNDLE_SMALL_BYTES (256U << 10) /* kept in memory … */
#define BUNDLE_MEMORY_BYTES (16U << 20) /* … up to so much of them */
#define BUNDLE_MAX_LINKS 16

struct bundle_file {
	char *link;   /* a name in the bundle that is meant; or NULL */
	char *bytes;  /* a small file; else it is the blob @digest */
	int64_t size; /* bytes */
	struct digest digest;
	struct digest diff_id; /* of the tree; empty: it was not unpacked */
	struct err *failure;   /* why not, when it was tried; or NULL */
};

struct bundle {
	struct engine *engine;
	struct map files; /* name → struct bundle_file *, owned */
	size_t memory_bytes;
	int64_t told_ns; /* when progress was told last */
	int dirfd;       /* an image directory; else -EBADF */
	bool is_packed;  /* large files become blobs, and no trees */
	/* The last large file, while its extractor works; owned, borrowed. */
	struct intake *late;
	struct bundle_file *late_file;
};

/*
 * Read a tar archive from @fd, in any compression. Returns 0; -EBADMSG when
 * it is none; -E2BIG beyond a limit; or an error of the store.
 */
int bundle_read_tar(struct bundle *bundle, int fd, struct err *err);

/* Use the directory @dirfd, borrowed; files are read when asked for. */
void bundle_use_dir(struct bundle *bundle, int dirfd);

void bundle_release(struct bundle *bundle);

/* The file @name, links followed: 0, -ENOENT, -ELOOP. Borrowed. */
int bundle_get(struct bundle *bundle, const char *name,
	       struct bundle_file **ret_file, struct err *err);

/* Append the file's bytes; -EFBIG above @max_bytes. */
int bundle_read(struct bundle *bundle, const struct bundle_file *file,
		size_t max_bytes, struct strbuf *sb, struct err *err);

/* Make the file a blob and a tree, if that is not done. */
int bundle_need_layer(struct bundle *bundle, struct bundle_file *file,
		      struct err *err);

#endif
