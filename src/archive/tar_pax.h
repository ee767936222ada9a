/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_pax.h - the records of a pax extended header.
 *
 * Spec: POSIX pax(1), "pax Extended Header"; GNU tar manual, "Storing Sparse
 * Files"; star's SCHILY.xattr.
 */
#ifndef DHOW_ARCHIVE_TAR_PAX_H
#define DHOW_ARCHIVE_TAR_PAX_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "archive/tar_reader.h"
#include "base/err.h"

/* A run of bytes in a sparse file. */
struct tar_extent {
	uint64_t offset;
	uint64_t len;
};

/* What one header says. Strings point into the text that was parsed. */
struct tar_pax {
	const char *path; /* NULL where the header is silent */
	const char *link;
	const char *uname;
	const char *gname;
	bool has_size, has_uid, has_gid, has_mtime;
	uint64_t size;
	uint32_t uid, gid;
	struct timespec mtime;
	struct tar_xattr *xattrs;
	size_t xattr_count, xattr_cap;

	/* GNU sparse: version 0.x has extents, 1.0 keeps them in the data. */
	unsigned int sparse_major, sparse_minor;
	bool has_sparse; /* any such record */
	bool has_real_size;
	uint64_t real_size;
	const char *sparse_name;
	struct tar_extent *extents;
	size_t extent_count, extent_cap;
	bool extent_is_open; /* an offset waits for its length (0.0) */
};

/*
 * Parse @len bytes, which are changed and borrowed by the result: newlines
 * become NULs. Unknown keys are passed over. Releases what @pax had.
 *
 * Returns 0 or -EBADMSG, -E2BIG, -ENAMETOOLONG.
 */
int tar_pax_parse(struct tar_pax *pax, char *text, size_t len, struct err *err);

/* Release and empty. */
void tar_pax_reset(struct tar_pax *pax);

#endif
