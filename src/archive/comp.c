/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/comp.c - write a file descriptor, compressed.
 */
#include "archive/comp.h"

#include <assert.h>
#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <string.h>
#include <zstd.h>

#include "base/alloc.h"
#include "base/io.h"

#define OUTPUT_BYTES ((size_t)256 * 1024)
#define GZIP_LEVEL 1
#define GZIP_MAX_LEVEL 3
#define ZSTD_LEVEL 3
#define ZSTD_MAX_LEVEL 19
#define GZIP_MAX_STEP ((size_t)1 << 30) /* the library counts in 32 bits */

struct comp {
	int fd;
	enum comp_format format;
	struct sha256 *input_sha;
	struct sha256 *output_sha;
	uint64_t input_bytes;
	uint64_t output_bytes;
	uint8_t *out;
	struct isal_zstream *gzip;
	uint8_t *gzip_level_buf;
	ZSTD_CStream *zstd;
};

/* What the library needs at each of its levels. */
static const uint32_t gzip_level_bytes[] = { 0, ISAL_DEF_LVL1_DEFAULT,
					     ISAL_DEF_LVL2_DEFAULT,
					     ISAL_DEF_LVL3_DEFAULT };
static_assert(sizeof(gzip_level_bytes) / sizeof(gzip_level_bytes[0]) ==
		      GZIP_MAX_LEVEL + 1,
	      "one each");

/* Of gzip's nine levels, three in a row are one of the library's. */
static uint32_t
gzip_level(int level)
{
	if (level <= 0)
		return GZIP_LEVEL;
	return level > 9 ? GZIP_MAX_LEVEL : (uint32_t)(level + 2) / 3;
}

static void
start_gzip(struct comp *comp, int level)
{
	comp->gzip = xcalloc(1, sizeof(*comp->gzip));
	isal_deflate_init(comp->gzip);
	comp->gzip->gzip_flag = IGZIP_GZIP;
	comp->gzip->level = gzip_level(level);
	comp->gzip->level_buf_size = gzip_level_bytes[comp->gzip->level];
	comp->gzip_level_buf = xmalloc(comp->gzip->level_buf_size);
	comp->gzip->level_buf = comp->gzip_level_buf;
}

static void
start_zstd(struct comp *comp, int level)
{
	if (level <= 0)
		level = ZSTD_LEVEL;
	if (level > ZSTD_MAX_LEVEL)
		level = ZSTD_MAX_LEVEL;
	comp->zstd = ZSTD_createCStream();
	assert(comp->zstd != NULL);
	(void)ZSTD_CCtx_setParameter(comp->zstd, ZSTD_c_compressionLevel,
				     level);
	(void)ZSTD_CCtx_setParameter(comp->zstd, ZSTD_c_checksumFlag, 1);
}

struct comp *
comp_new(int fd, enum comp_format format)
{
	return comp_new_level(fd, format, 0);
}

struct comp *
comp_new_level(int fd, enum comp_format format, int level)
{
	struct comp *comp = xcalloc(1, sizeof(*comp));

	comp->fd = fd;
	comp->format = format;
	comp->input_sha = sha256_new();
	comp->output_sha = sha256_new();
	comp->out = xmalloc(OUTPUT_BYTES);
	if (format == COMP_GZIP)
		start_gzip(comp, level);
	else if (format == COMP_ZSTD)
		start_zstd(comp, level);
	return comp;
}

static int
put(struct comp *comp, const void *data, size_t len, struct err *err)
{
	int r;

	if (!len)
		return 0;
	sha256_update(comp->output_sha, data, len);
	comp->output_bytes += len;
	r = io_write_all(comp->fd, data, len);
	return r < 0 ? err_code(err, -r, "write the archive") : 0;
}

static int
put_gzip(struct comp *comp, const uint8_t *data, size_t len, bool end,
	 struct err *err)
{
	struct isal_zstream *gzip = comp->gzip;
	int r;

	do {
		size_t step = len < GZIP_MAX_STEP ? len : GZIP_MAX_STEP;

		gzip->next_in = (uint8_t *)data; /* read only, says its guide */
		gzip->avail_in = (uint32_t)step;
		gzip->end_of_stream = end && step == len;
		do {
			gzip->next_out = comp->out;
			gzip->avail_out = OUTPUT_BYTES;
			r = isal_deflate(gzip);
			assert(r == COMP_OK);
			r = put(comp, comp->out, OUTPUT_BYTES - gzip->avail_out,
				err);
			if (r < 0)
				return r;
		} while (gzip->avail_out == 0);
		assert(gzip->avail_in == 0);
		data += step;
		len -= step;
	} while (len);
	return 0;
}

static int
put_zstd(struct comp *comp, const void *data, size_t len, bool end,
	 struct err *err)
{
	ZSTD_inBuffer from = { .src = data, .size = len };
	size_t left;
	int r;

	do {
		ZSTD_outBuffer to = { .dst = comp->out, .size = OUTPUT_BYTES };

		left = ZSTD_compressStream2(comp->zstd, &to, &from,
					    end ? ZSTD_e_end : ZSTD_e_continue);
		assert(!ZSTD_isError(left));
		r = put(comp, comp->out, to.pos, err);
		if (r < 0)
			return r;
	} while (from.pos < from.size || (end && left));
	return 0;
}

static int
encode(struct comp *comp, const void *data, size_t len, bool end,
       struct err *err)
{
	switch (comp->format) {
	case COMP_GZIP:
		return put_gzip(comp, data, len, end, err);
	case COMP_ZSTD:
		return put_zstd(comp, data, len, end, err);
	default:
		return put(comp, data, len, err);
	}
}

int
comp_write(struct comp *comp, const void *data, size_t len, struct err *err)
{
	if (!len)
		return 0;
	sha256_update(comp->input_sha, data, len);
	comp->input_bytes += len;
	return encode(comp, data, len, false, err);
}

static int
sink_write(void *data, const void *bytes, size_t len, struct err *err)
{
	return comp_write(data, bytes, len, err);
}

struct byte_sink
comp_sink(struct comp *comp)
{
	return (struct byte_sink){ .write = sink_write, .data = comp };
}

int
comp_finish(struct comp *comp, struct comp_result *ret_result, struct err *err)
{
	int r = encode(comp, "", 0, true, err);

	if (r < 0)
		return r;
	sha256_hex(comp->input_sha, ret_result->input_hex);
	sha256_hex(comp->output_sha, ret_result->output_hex);
	ret_result->input_bytes = comp->input_bytes;
	ret_result->output_bytes = comp->output_bytes;
	return 0;
}

void
comp_free(struct comp *comp)
{
	if (!comp)
		return;
	(void)ZSTD_freeCStream(comp->zstd);
	free(comp->gzip);
	free(comp->gzip_level_buf);
	sha256_free(comp->input_sha);
	sha256_free(comp->output_sha);
	free(comp->out);
	free(comp);
}
