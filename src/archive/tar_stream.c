/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_stream.c - a byte source taken in blocks, runs and gaps.
 */
#include "archive/tar_stream.h"

#include <errno.h>
#include <string.h>

static int
ends_early(struct err *err)
{
	return err_set(err, EBADMSG, "the archive ends early");
}

/* Make sure of at least one byte. Returns 1, 0 at the end, -errno. */
static int
need_bytes(struct tar_stream *ts, struct err *err)
{
	ssize_t n;

	if (ts->left)
		return 1;
	n = ts->source.next(ts->source.data, &ts->piece, err);
	if (n <= 0)
		return (int)n;
	ts->left = (size_t)n;
	return 1;
}

static void
advance(struct tar_stream *ts, size_t len)
{
	ts->piece += len;
	ts->left -= len;
}

int
tar_stream_block(struct tar_stream *ts, struct err *err)
{
	size_t got = 0;

	while (got < TAR_BLOCK_BYTES) {
		size_t part = TAR_BLOCK_BYTES - got;
		int r = need_bytes(ts, err);

		if (r < 0)
			return r;
		if (r == 0)
			return got ? ends_early(err) : 0;
		if (part > ts->left)
			part = ts->left;
		memcpy(ts->block.bytes + got, ts->piece, part);
		advance(ts, part);
		got += part;
	}
	return 1;
}

ssize_t
tar_stream_lend(struct tar_stream *ts, uint64_t max, const uint8_t **ret_data,
		struct err *err)
{
	int r = need_bytes(ts, err);
	size_t len;

	if (r < 0)
		return r;
	if (r == 0)
		return ends_early(err);
	len = max < ts->left ? (size_t)max : ts->left;
	*ret_data = ts->piece;
	advance(ts, len);
	return (ssize_t)len;
}

int
tar_stream_copy(struct tar_stream *ts, uint64_t len, struct strbuf *sb,
		struct err *err)
{
	while (len) {
		const uint8_t *data = NULL;
		ssize_t n = tar_stream_lend(ts, len, &data, err);

		if (n < 0)
			return (int)n;
		strbuf_add(sb, data, (size_t)n);
		len -= (uint64_t)n;
	}
	return 0;
}

int
tar_stream_skip(struct tar_stream *ts, uint64_t len, struct err *err)
{
	while (len) {
		const uint8_t *data;
		ssize_t n = tar_stream_lend(ts, len, &data, err);

		if (n < 0)
			return (int)n;
		len -= (uint64_t)n;
	}
	return 0;
}

int
tar_stream_skip_padding(struct tar_stream *ts, uint64_t len, struct err *err)
{
	while (len) {
		int r = need_bytes(ts, err);
		size_t part;

		if (r <= 0)
			return r;
		part = len < ts->left ? (size_t)len : ts->left;
		advance(ts, part);
		len -= part;
	}
	return 0;
}

int
tar_stream_drain(struct tar_stream *ts, struct err *err)
{
	int r;

	do {
		ts->left = 0;
		r = need_bytes(ts, err);
	} while (r > 0);
	return r;
}
