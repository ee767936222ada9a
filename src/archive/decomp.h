/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp.h - read a file descriptor, decompressed as its first bytes
 * say.
 *
 * Plain, gzip (any number of members), zstd (any number of frames, skippable
 * ones passed over), bzip2 and xz; all in this process, in bounded memory.
 * A stream that ends early or is followed by other bytes is an error.
 */
#ifndef DHOW_ARCHIVE_DECOMP_H
#define DHOW_ARCHIVE_DECOMP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "archive/byte_source.h"
#include "archive/sha256.h"
#include "base/cleanup.h"
#include "base/err.h"

/* Largest window a zstd frame may ask for: 128 MiB, as zstd(1) does. */
#define DECOMP_MAX_WINDOW_LOG 27
#define DECOMP_INPUT_BYTES (256 * 1024)
#define DECOMP_PIECE_BYTES (1024 * 1024)

enum decomp_format {
	DECOMP_NONE, /* passed through as it is */
	DECOMP_GZIP,
	DECOMP_ZSTD,
	DECOMP_BZIP2,
	DECOMP_XZ,
	DECOMP_COUNT,
};

/* What the first @len bytes say; 6 are enough. */
enum decomp_format decomp_format_of(const void *bytes, size_t len);

struct decomp;

struct decomp_opts {
	int fd;             /* read to its end, borrowed */
	int cancel_fd;      /* readable: reads fail with ECANCELED; -1: none */
	uint64_t max_bytes; /* more output is -EFBIG; 0: no limit */
	bool hash_input;    /* SHA-256 of what is read from fd */
	/*
	 * Unpack in a process that sees nothing but the bytes (confined.h).
	 * Not with cancel_fd and hash_input; input bytes are not counted.
	 */
	bool confined;
};

/*
 * Read the first bytes and choose the format.
 *
 * Returns 0 or -errno of the first read. An empty stream is DECOMP_NONE.
 */
int decomp_open(const struct decomp_opts *opts, struct decomp **ret_decomp,
		struct err *err);

/*
 * Load what codecs need: on the outside of a sandbox, before decomp_open() is
 * called within. What is missing is told by decomp_open() when it is needed.
 */
void decomp_load_all(void);

/*
 * Fill @buf with the next @len decompressed bytes.
 *
 * Returns their count, less than @len only at the end; -EBADMSG when the
 * stream is damaged, ends early or has other bytes behind it; -EFBIG beyond
 * max_bytes; -ECANCELED; or -errno of a read.
 */
ssize_t decomp_read(struct decomp *decomp, void *buf, size_t len,
		    struct err *err);

/* The same bytes lent in pieces; the source lives as long as @decomp. */
struct byte_source decomp_source(struct decomp *decomp);

enum decomp_format decomp_format(const struct decomp *decomp);
/* "gzip", "zstd", …, "none"; static. */
const char *decomp_format_name(enum decomp_format format);

/* Bytes read from the fd so far. */
uint64_t decomp_input_bytes(const struct decomp *decomp);
/* Their SHA-256, once the end was reached (hash_input). */
void decomp_input_hex(struct decomp *decomp, char hex[SHA256_HEX_BYTES]);

void decomp_close(struct decomp *decomp);
DEFINE_CLEANUP(struct decomp *, decomp_close);

#endif
