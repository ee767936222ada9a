/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/comp_gzip.h - one gzip stream, compressed by several threads.
 *
 * The result is that of the bytes and the level alone: neither the number of
 * threads nor how the bytes were handed over makes a difference.
 */
#ifndef DHOW_ARCHIVE_COMP_GZIP_H
#define DHOW_ARCHIVE_COMP_GZIP_H

#include <stddef.h>

#include "archive/byte_sink.h"
#include "base/err.h"

#define COMP_GZIP_MAX_THREADS 4

struct comp_gzip;

/*
 * @level: as gzip(1) counts them, 0 for the usual, 1
 * @threads: 1: none beside the caller's
 * @out: called by the caller's thread only; outlives the stream
 */
struct comp_gzip *comp_gzip_new(int level, unsigned int threads,
				struct byte_sink out);
/* Each returns 0 or what @out failed with. */
int comp_gzip_write(struct comp_gzip *gzip, const void *data, size_t len,
		    struct err *err);
int comp_gzip_finish(struct comp_gzip *gzip, struct err *err);
void comp_gzip_free(struct comp_gzip *gzip);

#endif
