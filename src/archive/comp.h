/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/comp.h - write a file descriptor, compressed.
 *
 * The same bytes give the same result: no name, no time is put into headers.
 */
#ifndef DHOW_ARCHIVE_COMP_H
#define DHOW_ARCHIVE_COMP_H

#include <stdint.h>

#include "archive/byte_sink.h"
#include "archive/sha256.h"
#include "base/cleanup.h"
#include "base/err.h"

enum comp_format {
	COMP_NONE,
	COMP_GZIP, /* libisal */
	COMP_ZSTD, /* with a checksum */
	COMP_COUNT,
};

struct comp_result {
	char input_hex[SHA256_HEX_BYTES];  /* of what was given: a diff id */
	char output_hex[SHA256_HEX_BYTES]; /* of what was written: a digest */
	uint64_t input_bytes;
	uint64_t output_bytes;
};

struct comp;

/* @fd is borrowed until comp_free(). */
struct comp *comp_new(int fd, enum comp_format format);
/*
 * As comp_new() with a level as gzip(1) and zstd(1) count them, 0 for the
 * usual: 1, fast, for gzip (libisal has levels up to 3), 3 for zstd.
 */
struct comp *comp_new_level(int fd, enum comp_format format, int level);
/* Returns 0 or -errno of a write. */
int comp_write(struct comp *comp, const void *data, size_t len,
	       struct err *err);
/* The same as a sink, which lives as long as @comp. */
struct byte_sink comp_sink(struct comp *comp);
/* End the stream; nothing may be written after it. */
int comp_finish(struct comp *comp, struct comp_result *ret_result,
		struct err *err);
void comp_free(struct comp *comp);
DEFINE_CLEANUP(struct comp *, comp_free);

#endif
