/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp.c - read a file descriptor, decompressed as its first bytes
 * say.
 */
#include "archive/decomp.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/decomp_codec.h"
#include "base/alloc.h"

struct decomp {
	struct decomp_input in;
	enum decomp_format format;
	const struct decomp_codec *codec; /* NULL: DECOMP_NONE */
	void *state;
	uint64_t max_bytes;
	uint64_t output_bytes;
	uint8_t *piece; /* of decomp_source() */
};

static const struct decomp_codec *const codecs[] = {
	[DECOMP_NONE] = NULL,         [DECOMP_GZIP] = &decomp_gzip,
	[DECOMP_ZSTD] = &decomp_zstd, [DECOMP_BZIP2] = &decomp_bzip2,
	[DECOMP_XZ] = &decomp_xz,
};
static_assert(ARRAY_LEN(codecs) == DECOMP_COUNT, "a codec per format");

/* The longest of the magic numbers, xz's. */
#define MAGIC_BYTES 6

static bool
starts_with(const uint8_t *bytes, size_t len, const char *magic,
	    size_t magic_len)
{
	return len >= magic_len && !memcmp(bytes, magic, magic_len);
}

enum decomp_format
decomp_format_of(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	if (starts_with(bytes, len, "\x1f\x8b", 2))
		return DECOMP_GZIP;
	if (starts_with(bytes, len, "\x28\xb5\x2f\xfd", 4))
		return DECOMP_ZSTD;
	/* A skippable frame first: 0x184d2a50 to 0x184d2a5f. */
	if (len >= 4 && (bytes[0] & 0xf0) == 0x50 &&
	    starts_with(bytes + 1, len - 1, "\x2a\x4d\x18", 3))
		return DECOMP_ZSTD;
	if (starts_with(bytes, len, "BZh", 3))
		return DECOMP_BZIP2;
	if (starts_with(bytes, len,
			"\xfd"
			"7zXZ",
			6))
		return DECOMP_XZ;
	return DECOMP_NONE;
}

/* Wait for bytes or for the word to stop. */
static int
wait_readable(const struct decomp_input *in, struct err *err)
{
	struct pollfd fds[2] = {
		{ .fd = in->fd, .events = POLLIN },
		{ .fd = in->cancel_fd, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return err_sys(err, "wait for the archive");
	if (fds[1].revents)
		return err_set(err, ECANCELED, "reading was stopped");
	return 0;
}

ssize_t
decomp_input_more(struct decomp_input *in, struct err *err)
{
	size_t left = decomp_input_left(in);
	ssize_t n;
	int r;

	if (in->eof || left == DECOMP_INPUT_BYTES)
		return (ssize_t)left;
	if (in->can_block) {
		r = wait_readable(in, err);
		if (r < 0)
			return r;
	}
	memmove(in->buf, in->buf + in->pos, left);
	in->pos = 0;
	in->len = left;
	do
		n = read(in->fd, in->buf + left, DECOMP_INPUT_BYTES - left);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(err, "read the archive");
	if (n == 0)
		in->eof = true;
	if (in->sha)
		sha256_update(in->sha, in->buf + left, (size_t)n);
	in->total += (uint64_t)n;
	in->len += (size_t)n;
	return (ssize_t)in->len;
}

static void
input_init(struct decomp_input *in, const struct decomp_opts *opts)
{
	struct stat st;

	in->fd = opts->fd;
	in->cancel_fd = opts->cancel_fd;
	in->can_block = opts->cancel_fd >= 0 &&
			(fstat(opts->fd, &st) < 0 || !S_ISREG(st.st_mode));
	in->buf = xmalloc(DECOMP_INPUT_BYTES);
	if (opts->hash_input)
		in->sha = sha256_new();
}

void
decomp_load_all(void)
{
	for (size_t i = 0; i < ARRAY_LEN(codecs); i++)
		if (codecs[i] && codecs[i]->load)
			/* Told when a stream needs it. */
			(void)codecs[i]->load(NULL);
}

static int
start_codec(struct decomp *dc, bool confined, struct err *err)
{
	const struct decomp_codec *codec = codecs[dc->format];
	int r;

	if (!codec)
		return 0;
	if (codec->load) {
		r = codec->load(err);
		if (r < 0)
			return r;
	}
	if (!confined) {
		dc->state = codec->start(&dc->in);
		dc->codec = codec;
		return 0;
	}
	assert(!dc->in.sha && dc->in.cancel_fd < 0);
	r = decomp_child_start(codec, &dc->in, &dc->state, err);
	if (r == 0)
		dc->codec = &decomp_child;
	return r;
}

int
decomp_open(const struct decomp_opts *opts, struct decomp **ret_decomp,
	    struct err *err)
{
	cleanup_with(decomp_close) struct decomp *dc = xcalloc(1, sizeof(*dc));
	ssize_t n = 0;
	int r;

	input_init(&dc->in, opts);
	dc->max_bytes = opts->max_bytes ? opts->max_bytes : UINT64_MAX;
	while (n < MAGIC_BYTES && !dc->in.eof) {
		n = decomp_input_more(&dc->in, err);
		if (n < 0)
			return (int)n;
	}
	dc->format = decomp_format_of(dc->in.buf, decomp_input_left(&dc->in));
	r = start_codec(dc, opts->confined, err);
	if (r < 0)
		return r;
	*ret_decomp = take_ptr(dc);
	return 0;
}

static ssize_t
read_plain(struct decomp_input *in, void *buf, size_t len, struct err *err)
{
	ssize_t n = (ssize_t)decomp_input_left(in);

	if (n == 0)
		n = decomp_input_more(in, err);
	if (n <= 0)
		return n;
	if ((size_t)n > len)
		n = (ssize_t)len;
	memcpy(buf, in->buf + in->pos, (size_t)n);
	in->pos += (size_t)n;
	return n;
}

static ssize_t
read_some(struct decomp *dc, void *buf, size_t len, struct err *err)
{
	ssize_t n;

	if (!dc->codec)
		return read_plain(&dc->in, buf, len, err);
	n = dc->codec->read(dc->state, buf, len, err);
	if (n == -EBADMSG)
		err_wrap(err, (int)n, "%s data",
			 decomp_format_name(dc->format));
	return n;
}

ssize_t
decomp_read(struct decomp *dc, void *buf, size_t len, struct err *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = read_some(dc, (uint8_t *)buf + got, len - got, err);

		if (n < 0)
			return n;
		if (n == 0)
			break;
		got += (size_t)n;
		dc->output_bytes += (uint64_t)n;
		if (dc->output_bytes > dc->max_bytes)
			return err_set(
				err, EFBIG,
				"the archive unpacks to more than %llu bytes",
				(unsigned long long)dc->max_bytes);
	}
	return (ssize_t)got;
}

static ssize_t
source_next(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct decomp *dc = data;

	if (!dc->piece)
		dc->piece = xmalloc(DECOMP_PIECE_BYTES);
	*ret_piece = dc->piece;
	return decomp_read(dc, dc->piece, DECOMP_PIECE_BYTES, err);
}

struct byte_source
decomp_source(struct decomp *dc)
{
	return (struct byte_source){ .next = source_next, .data = dc };
}

enum decomp_format
decomp_format(const struct decomp *dc)
{
	return dc->format;
}

const char *
decomp_format_name(enum decomp_format format)
{
	return codecs[format] ? codecs[format]->name : "none";
}

uint64_t
decomp_input_bytes(const struct decomp *dc)
{
	return dc->in.total;
}

void
decomp_input_hex(struct decomp *dc, char hex[SHA256_HEX_BYTES])
{
	assert(dc->in.sha != NULL);
	sha256_hex(dc->in.sha, hex);
}

void
decomp_close(struct decomp *dc)
{
	if (!dc)
		return;
	if (dc->codec)
		dc->codec->stop(dc->state);
	sha256_free(dc->in.sha);
	free(dc->in.buf);
	free(dc->piece);
	free(dc);
}
