/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_zstd.c - zstd, frame after frame.
 *
 * The library passes over skippable frames by itself: the tables of contents
 * of zstd:chunked and eStargz layers are such. Spec: RFC 8878, section 3.1.
 */
#include <assert.h>
#include <errno.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "archive/decomp.h"
#include "archive/decomp_codec.h"
#include "base/alloc.h"

struct zstd {
	struct decomp_input *in;
	ZSTD_DStream *stream;
	bool between; /* frames are whole so far */
};

static void *
zstd_start(struct decomp_input *in)
{
	struct zstd *zs = xcalloc(1, sizeof(*zs));

	zs->in = in;
	zs->between = true;
	zs->stream = ZSTD_createDStream();
	assert(zs->stream != NULL);
	(void)ZSTD_DCtx_setParameter(zs->stream, ZSTD_d_windowLogMax,
				     DECOMP_MAX_WINDOW_LOG);
	return zs;
}

static int
zstd_error(const struct zstd *zs, size_t code, struct err *err)
{
	switch (ZSTD_getErrorCode(code)) {
	case ZSTD_error_prefix_unknown:
		return err_set(err, EBADMSG,
			       "other bytes follow the end of the stream");
	case ZSTD_error_checksum_wrong:
		return err_set(err, EBADMSG, "the checksum does not match");
	case ZSTD_error_frameParameter_windowTooLarge:
		return err_set(err, EBADMSG,
			       "it needs a window of more than %u MiB",
			       1u << (DECOMP_MAX_WINDOW_LOG - 20));
	case ZSTD_error_memory_allocation:
		return err_set(err, ENOMEM, "zstd found no memory");
	default:
		return err_set(err, EBADMSG, "the content is damaged");
	}
}

static int
decode_once(struct zstd *zs, void *buf, size_t len, size_t *ret_got,
	    struct err *err)
{
	struct decomp_input *in = zs->in;
	ZSTD_outBuffer to = { .dst = buf, .size = len };
	ZSTD_inBuffer from = { .src = in->buf + in->pos,
			       .size = decomp_input_left(in) };
	size_t r = ZSTD_decompressStream(zs->stream, &to, &from);

	if (ZSTD_isError(r))
		return zstd_error(zs, r, err);
	in->pos += from.pos;
	zs->between = r == 0;
	*ret_got = to.pos;
	return 0;
}

static ssize_t
zstd_read(void *state, void *buf, size_t len, struct err *err)
{
	struct zstd *zs = state;
	struct decomp_input *in = zs->in;

	for (;;) {
		bool at_end = in->eof && decomp_input_left(in) == 0;
		size_t got = 0;
		ssize_t n;

		/* Without input, only an open frame has something to say. */
		if (decomp_input_left(in) > 0 || !zs->between) {
			int r = decode_once(zs, buf, len, &got, err);

			if (r < 0)
				return r;
		}
		if (got)
			return (ssize_t)got;
		if (decomp_input_left(in) > 0)
			continue;
		if (at_end && zs->between)
			return 0;
		if (at_end)
			return err_set(err, EBADMSG, "the stream ends early");
		n = decomp_input_more(in, err);
		if (n < 0)
			return n;
	}
}

static void
zstd_stop(void *state)
{
	struct zstd *zs = state;

	(void)ZSTD_freeDStream(zs->stream);
	free(zs);
}

const struct decomp_codec decomp_zstd = {
	.name = "zstd",
	.start = zstd_start,
	.read = zstd_read,
	.stop = zstd_stop,
};
