/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_gzip.c - gzip by libisal, member after member.
 *
 * Spec: RFC 1952; "2.2 File format": members simply follow each other.
 */
#include <errno.h>
#include <isa-l/igzip_lib.h>

#include "archive/decomp_codec.h"
#include "base/alloc.h"

struct gzip {
	struct decomp_input *in;
	struct inflate_state inflate;
	bool between; /* at the end of a member, or before the first */
	bool began;   /* a first member was seen */
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
gzip_error(const struct gzip *gz, int code, struct err *err)
{
	switch (code) {
	case ISAL_INVALID_WRAPPER:
	case ISAL_UNSUPPORTED_METHOD:
		return err_set(err, EBADMSG, "a header is damaged");
	case ISAL_INCORRECT_CHECKSUM:
		return err_set(err, EBADMSG, "the checksum does not match");
	default:
		return err_set(err, EBADMSG, "the content is damaged");
	}
}

/* Returns 1 when a member begins here, 0 at the end of the input, -errno. */
static int
next_member(struct gzip *gz, struct err *err)
{
	struct decomp_input *in = gz->in;
	ssize_t n = 0;

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
	isal_inflate_reset(&gz->inflate);
	gz->inflate.crc_flag = ISAL_GZIP;
	gz->between = false;
	gz->began = true;
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
		return gzip_error(gz, r, err);
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
