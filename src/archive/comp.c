/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/comp.c - write a file descriptor, compressed.
 */
#include "archive/comp.h"

#include <assert.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <zstd.h>

#include "archive/comp_gzip.h"
#include "base/alloc.h"
#include "base/io.h"

#define OUTPUT_BYTES ((size_t)256 * 1024)
#define ZSTD_LEVEL 3
#define ZSTD_MAX_LEVEL 19

struct comp {
	int fd;
	enum comp_format format;
	struct sha256 *input_sha;
	struct sha256 *output_sha;
	uint64_t input_bytes;
	uint64_t output_bytes;
	uint8_t *out;
	struct comp_gzip *gzip;
	ZSTD_CStream *zstd;
};

static void
start_zstd(struct comp *comp, int level)
{
	if (level <= 0)
		level = ZSTD_LEVEL;
	if (level > ZSTD_MAX_LEVEL)
		level = ZSTD_MAX_LEVEL;
	comp->out = xmalloc(OUTPUT_BYTES);
	comp->zstd = ZSTD_createCStream();
	assert(comp->zstd != NULL);
	(void)ZSTD_CCtx_setParameter(comp->zstd, ZSTD_c_compressionLevel,
				     level);
	(void)ZSTD_CCtx_setParameter(comp->zstd, ZSTD_c_checksumFlag, 1);
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

/* Processors that this process may use. */
static unsigned int
processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return (unsigned int)CPU_COUNT(&set);
}

static int
put_sink(void *data, const void *bytes, size_t len, struct err *err)
{
	return put(data, bytes, len, err);
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
	if (format == COMP_GZIP)
		comp->gzip = comp_gzip_new(level, processors(),
					   (struct byte_sink){
						   .write = put_sink,
						   .data = comp,
					   });
	else if (format == COMP_ZSTD)
		start_zstd(comp, level);
	return comp;
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
		return end ? comp_gzip_finish(comp->gzip, err)
			   : comp_gzip_write(comp->gzip, data, len, err);
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
	comp_gzip_free(comp->gzip);
	sha256_free(comp->input_sha);
	sha256_free(comp->output_sha);
	free(comp->out);
	free(comp);
}
