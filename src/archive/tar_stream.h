/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_stream.h - a byte source taken in blocks, runs and gaps.
 */
#ifndef DHOW_ARCHIVE_TAR_STREAM_H
#define DHOW_ARCHIVE_TAR_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "archive/byte_source.h"
#include "archive/tar_format.h"
#include "base/err.h"
#include "base/strbuf.h"

struct tar_stream {
	struct byte_source source;
	const uint8_t *piece; /* what is left of the piece lent last */
	size_t left;
	union {
		uint8_t bytes[TAR_BLOCK_BYTES];
		struct tar_header header;
	} block;
};

/*
 * Fetch one block into ts->block. Returns 1, 0 when the stream ends here,
 * -EBADMSG when it ends within the block.
 */
int tar_stream_block(struct tar_stream *ts, struct err *err);

/*
 * Lend up to @max bytes (> 0) without copying, until the next call. Returns
 * their count, or -EBADMSG at the end of the stream.
 */
ssize_t tar_stream_lend(struct tar_stream *ts, uint64_t max,
			const uint8_t **ret_data, struct err *err);

/* Append exactly @len bytes to @sb. */
int tar_stream_copy(struct tar_stream *ts, uint64_t len, struct strbuf *sb,
		    struct err *err);

/* Pass over exactly @len bytes. */
int tar_stream_skip(struct tar_stream *ts, uint64_t len, struct err *err);
/* The same for padding, which some writers leave out at the very end. */
int tar_stream_skip_padding(struct tar_stream *ts, uint64_t len,
			    struct err *err);

/* Pass over everything. */
int tar_stream_drain(struct tar_stream *ts, struct err *err);

#endif
