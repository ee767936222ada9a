/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_gzip.c - gzip by libisal, member after member.
 *
 * Headers are read here: the library takes one whose own checksum is right
 * for damaged when it arrives in more than one piece.
 * Spec: RFC 1952; "2.2 File format": members simply follow each other.
 */
#include <errno.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "archive/decomp_codec.h"
#include "base/alloc.h"

#define GZIP_MAX_HEADER_BYTES (1024 * 1024)
#define GZIP_DEFLATE 8

enum gzip_flag {
	GZIP_FHCRC = 2,
	GZIP_FEXTRA = 4,
	GZIP_FNAME = 8,
	GZIP_FCOMMENT = 16,
	GZIP_RESERVED = 0xe0,
};

struct gzip {
	struct decomp_input *in;
	struct inflate_state inflate;
	bool between; /* at the end of a member, or before the first */
	uint32_t header_crc;
	uint32_t header_len;
};

static void *
gzip_start(struct decomp_input *in)
{
	struct gzip *gz = xcalloc(1, sizeof(*gz));

	gz->in = in;
	gz->between = true;
	isal_inflate_init(&gz->inflate);
	return gz;
}

static int
gzip_error(int code, struct err *err)
{
	if (code == ISAL_INCORRECT_CHECKSUM)
		return err_set(err, EBADMSG, "the checksum does not match");
	return err_set(err, EBADMSG, "the content is damaged");
}

static int
bad_header(struct err *err)
{
	return err_set(err, EBADMSG, "a header is damaged");
}

/* The next byte of a header, or -errno. */
static int
header_byte(struct gzip *gz, struct err *err)
{
	struct decomp_input *in = gz->in;
	const uint8_t *at;

	if (decomp_input_left(in) == 0) {
		ssize_t n = decomp_input_more(in, err);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return err_set(err, EBADMSG, "the stream ends early");
	}
	if (++gz->header_len > GZIP_MAX_HEADER_BYTES)
		return bad_header(err);
	at = in->buf + in->pos++;
	gz->header_crc = crc32_gzip_refl(gz->header_crc, at, 1);
	return *at;
}

static int
header_u16(struct gzip *gz, struct err *err)
{
	int low = header_byte(gz, err);
	int high = low < 0 ? low : header_byte(gz, err);

	return high < 0 ? high : high << 8 | low;
}

static int
skip_bytes(struct gzip *gz, int count, struct err *err)
{
	int c = 0;

	for (; c >= 0 && count > 0; count--)
		c = header_byte(gz, err);
	return c < 0 ? c : 0;
}

static int
skip_text(struct gzip *gz, struct err *err)
{
	int c;

	do
		c = header_byte(gz, err);
	while (c > 0);
	return c;
}

static int
check_header_crc(struct gzip *gz, struct err *err)
{
	int want = (int)(gz->header_crc & 0xffff);
	int have = header_u16(gz, err);

	if (have < 0)
		return have;
	return have == want ? 0 : bad_header(err);
}

/* What follows the two magic bytes. */
static int
read_header(struct gzip *gz, struct err *err)
{
	int method, flags, len, r;

	gz->header_crc = gz->header_len = 0;
	r = skip_bytes(gz, 2, err);
	method = r < 0 ? r : header_byte(gz, err);
	flags = method < 0 ? method : header_byte(gz, err);
	if (flags < 0)
		return flags;
	if (method != GZIP_DEFLATE || flags & GZIP_RESERVED)
		return bad_header(err);
	r = skip_bytes(gz, 6, err); /* time, extra flags, system */
	if (r == 0 && flags & GZIP_FEXTRA) {
		len = header_u16(gz, err);
		r = len < 0 ? len : skip_bytes(gz, len, err);
	}
	if (r == 0 && flags & GZIP_FNAME)
		r = skip_text(gz, err);
	if (r == 0 && flags & GZIP_FCOMMENT)
		r = skip_text(gz, err);
	if (r == 0 && flags & GZIP_FHCRC)
		r = check_header_crc(gz, err);
	return r;
}

/* Returns 1 when a member begins here, 0 at the end of the input, -errno. */
static int
next_member(struct gzip *gz, struct err *err)
{
	struct decomp_input *in = gz->in;
	ssize_t n = 0;
	int r;

	while (decomp_input_left(in) < 2 && !in->eof) {
		n = decomp_input_more(in, err);
		if (n < 0)
			return (int)n;
	}
	if (decomp_input_left(in) == 0)
		return 0;
	if (decomp_input_left(in) < 2 || in->buf[in->pos] != 0x1f ||
	    in->buf[in->pos + 1] != 0x8b)
		return err_set(err, EBADMSG,
			       "other bytes follow the end of the stream");
	r = read_header(gz, err);
	if (r < 0)
		return r;
	isal_inflate_reset(&gz->inflate);
	gz->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER;
	gz->between = false;
	return 1;
}

/* One call of the library; what it left unread stays in the input. */
static int
inflate_once(struct gzip *gz, struct err *err)
{
	struct decomp_input *in = gz->in;
	int r;

	gz->inflate.next_in = in->buf + in->pos;
	gz->inflate.avail_in = (uint32_t)decomp_input_left(in);
	r = isal_inflate(&gz->inflate);
	in->pos = in->len - gz->inflate.avail_in;
	if (r < 0)
		return gzip_error(r, err);
	gz->between = gz->inflate.block_state == ISAL_BLOCK_FINISH;
	return 0;
}

static ssize_t
gzip_read(void *state, void *buf, size_t len, struct err *err)
{
	struct gzip *gz = state;
	struct decomp_input *in = gz->in;
	uint32_t room = len > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)len;

	for (;;) {
		bool at_end = in->eof && decomp_input_left(in) == 0;
		int r = gz->between ? next_member(gz, err) : 1;

		if (r <= 0)
			return r;
		gz->inflate.next_out = buf;
		gz->inflate.avail_out = room;
		r = inflate_once(gz, err);
		if (r < 0)
			return r;
		if (gz->inflate.avail_out < room)
			return (ssize_t)(room - gz->inflate.avail_out);
		if (gz->between || decomp_input_left(in) > 0)
			continue;
		if (at_end)
			return err_set(err, EBADMSG, "the stream ends early");
		r = (int)decomp_input_more(in, err);
		if (r < 0)
			return r;
	}
}

static void
gzip_stop(void *state)
{
	free(state);
}

const struct decomp_codec decomp_gzip = {
	.name = "gzip",
	.start = gzip_start,
	.read = gzip_read,
	.stop = gzip_stop,
};
