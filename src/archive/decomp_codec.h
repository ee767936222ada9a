/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_codec.h - what decomp.c and its codecs share; private.
 */
#ifndef DHOW_ARCHIVE_DECOMP_CODEC_H
#define DHOW_ARCHIVE_DECOMP_CODEC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "archive/sha256.h"
#include "base/err.h"

/* Bytes of the fd: those not yet used are buf[pos] up to buf[len]. */
struct decomp_input {
	int fd;
	int cancel_fd;
	bool can_block; /* a pipe or socket: watch cancel_fd while waiting */
	bool eof;
	uint8_t *buf;
	size_t pos;
	size_t len;
	uint64_t total;
	struct sha256 *sha; /* NULL: not wanted */
};

/*
 * Read more behind what is left. Returns the count of bytes left (0 only at
 * the end of file) or -errno.
 */
ssize_t decomp_input_more(struct decomp_input *in, struct err *err);

static inline size_t
decomp_input_left(const struct decomp_input *in)
{
	return in->len - in->pos;
}

/*
 * One compressed format. read() returns the count of bytes written to @buf,
 * 0 only at the proper end of the stream and of the input, or -errno.
 */
struct decomp_codec {
	const char *name;
	/* NULL, or to succeed before start(), on the outside of a sandbox. */
	int (*load)(struct err *err);
	void *(*start)(struct decomp_input *in);
	ssize_t (*read)(void *state, void *buf, size_t len, struct err *err);
	void (*stop)(void *state);
};

extern const struct decomp_codec decomp_gzip;
extern const struct decomp_codec decomp_zstd;
extern const struct decomp_codec decomp_bzip2;
extern const struct decomp_codec decomp_xz;

/* Runs another codec in a confined process; started by the function below. */
extern const struct decomp_codec decomp_child;
int decomp_child_start(const struct decomp_codec *codec,
		       struct decomp_input *in, void **ret_state,
		       struct err *err);

#endif
