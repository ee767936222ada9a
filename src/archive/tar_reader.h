/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_reader.h - a tar stream, entry by entry.
 *
 * Reads v7, ustar, pax and GNU headers: long names, base-256 numbers, sparse
 * files of all four kinds, extended attributes. The bytes are hostile: every
 * number is checked, every length meets a limit before memory is taken.
 * Names are as written; entry_path.h says where they lead.
 * Spec: POSIX pax(1), "ustar Interchange Format"; GNU tar manual, "Basic Tar
 * Format" and "Storing Sparse Files".
 */
#ifndef DHOW_ARCHIVE_TAR_READER_H
#define DHOW_ARCHIVE_TAR_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "archive/byte_source.h"
#include "base/cleanup.h"
#include "base/err.h"

#define TAR_MAX_PATH_BYTES 4095         /* names and link targets */
#define TAR_MAX_PAX_BYTES (1024 * 1024) /* one extended header */
#define TAR_MAX_XATTRS 256              /* of one entry */
#define TAR_MAX_XATTR_BYTES 65536       /* one value (kernel's own) */
#define TAR_MAX_SPARSE_EXTENTS 65536    /* of one entry */
#define TAR_MAX_FILE_BYTES (UINT64_C(1) << 50)
#define TAR_MAX_ID UINT32_C(4294967294) /* (uid_t)-1 means "unchanged" */

enum tar_type {
	TAR_FILE,
	TAR_DIR,
	TAR_SYMLINK,
	TAR_HARDLINK,
	TAR_CHAR,
	TAR_BLOCK,
	TAR_FIFO,
	TAR_TYPE_COUNT,
};

struct tar_xattr {
	const char *name; /* "user.mime_type" */
	const void *value;
	size_t len;
};

/* All that is pointed at is borrowed until the next tar_reader_next(). */
struct tar_entry {
	enum tar_type type;
	const char *path; /* as written */
	const char *link; /* target of TAR_SYMLINK and TAR_HARDLINK, else "" */
	const char *uname;
	const char *gname;
	uint32_t mode; /* 07777 bits */
	uint32_t uid;
	uint32_t gid;
	uint64_t size; /* of the file, holes included; 0 unless TAR_FILE */
	struct timespec mtime;
	uint32_t dev_major; /* TAR_CHAR and TAR_BLOCK */
	uint32_t dev_minor;
	bool is_sparse;
	const struct tar_xattr *xattrs;
	size_t xattr_count;
};

struct tar_reader;

/* @source is copied; what is behind it must outlive the reader. */
struct tar_reader *tar_reader_new(const struct byte_source *source);
void tar_reader_free(struct tar_reader *tr);
DEFINE_CLEANUP(struct tar_reader *, tar_reader_free);

/*
 * Go to the next entry, passing over what was not read of the last one.
 *
 * Returns 1; 0 at the end of the archive; -EBADMSG when the bytes are no tar
 * archive or end within one; -E2BIG or -ENAMETOOLONG beyond a limit; or what
 * the source returned.
 */
int tar_reader_next(struct tar_reader *tr, const struct tar_entry **ret_entry,
		    struct err *err);

/*
 * Lend the next piece of the entry's content and where in the file it
 * belongs: pieces ascend, and what lies between them is zeros.
 *
 * Returns 1; 0 when all was lent; -errno as above.
 */
int tar_reader_data(struct tar_reader *tr, const uint8_t **ret_data,
		    size_t *ret_len, uint64_t *ret_offset, struct err *err);

/*
 * After the last entry: read the source to its end, so that a digest over it
 * sees the padding too. Returns 0 or what the source returned.
 */
int tar_reader_drain(struct tar_reader *tr, struct err *err);

#endif
