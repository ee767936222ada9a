/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_sparse.h - which runs of bytes a sparse file has.
 *
 * Spec: GNU tar manual, "Storing Sparse Files" (old, 0.0, 0.1, 1.0).
 */
#ifndef DHOW_ARCHIVE_TAR_SPARSE_H
#define DHOW_ARCHIVE_TAR_SPARSE_H

#include "archive/tar_pax.h"
#include "archive/tar_stream.h"

struct tar_sparse {
	struct tar_extent *extents;
	size_t count, cap;
};

/* The whole file is one run. */
void tar_sparse_whole(struct tar_sparse *sparse, uint64_t size);

/* Type 'S': the header is in ts->block, further blocks are read. */
int tar_sparse_read_old(struct tar_sparse *sparse, struct tar_stream *ts,
			struct err *err);

/* Version 0.x: the extents of @pax. */
void tar_sparse_take_pax(struct tar_sparse *sparse, const struct tar_pax *pax);

/*
 * Version 1.0: the map heads the entry's data, of which *@io_left bytes
 * remain; they are lessened by what was read.
 */
int tar_sparse_read_map(struct tar_sparse *sparse, struct tar_stream *ts,
			uint64_t *io_left, struct err *err);

/*
 * Runs ascend, do not overlap, end within @real_size and hold exactly
 * @stored bytes. Returns 0 or -EBADMSG.
 */
int tar_sparse_check(const struct tar_sparse *sparse, uint64_t real_size,
		     uint64_t stored, struct err *err);

void tar_sparse_release(struct tar_sparse *sparse);

#endif
