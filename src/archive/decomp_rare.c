/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_rare.c - bzip2 and xz, which only old archives and ADD need.
 *
 * libarchive's raw format is used for its filters alone. It looks no further
 * than it must: what it left of the input is looked at here.
 */
#include <archive.h>
#include <assert.h>
#include <errno.h>

#include "archive/decomp_codec.h"
#include "base/alloc.h"

struct rare {
	struct decomp_input *in;
	struct archive *archive;
	struct err err; /* of reading the input, passed around the library */
	int read_error;
	bool began;
	bool ended;
};

static la_ssize_t
feed(struct archive *archive, void *data, const void **ret_buf)
{
	struct rare *rare = data;
	struct decomp_input *in = rare->in;
	ssize_t n = (ssize_t)decomp_input_left(in);

	if (n == 0)
		n = decomp_input_more(in, &rare->err);
	if (n < 0) {
		rare->read_error = (int)n;
		archive_set_error(archive, (int)-n, "read error");
		return ARCHIVE_FATAL;
	}
	*ret_buf = in->buf + in->pos;
	in->pos = in->len;
	return n;
}

static struct rare *
rare_start(struct decomp_input *in)
{
	struct rare *rare = xcalloc(1, sizeof(*rare));

	rare->in = in;
	rare->archive = archive_read_new();
	assert(rare->archive != NULL);
	(void)archive_read_support_format_raw(rare->archive);
	return rare;
}

static void *
bzip2_start(struct decomp_input *in)
{
	struct rare *rare = rare_start(in);

	(void)archive_read_support_filter_bzip2(rare->archive);
	return rare;
}

static void *
xz_start(struct decomp_input *in)
{
	struct rare *rare = rare_start(in);

	(void)archive_read_support_filter_xz(rare->archive);
	return rare;
}

static int
rare_error(struct rare *rare, struct err *err)
{
	if (rare->read_error < 0) {
		if (err)
			*err = rare->err;
		return rare->read_error;
	}
	return err_set(err, EBADMSG, "the content is damaged or ends early");
}

static int
rare_begin(struct rare *rare, struct err *err)
{
	struct archive_entry *entry;

	rare->began = true;
	if (archive_read_open(rare->archive, rare, NULL, feed, NULL) !=
		    ARCHIVE_OK ||
	    archive_read_next_header(rare->archive, &entry) != ARCHIVE_OK)
		return rare_error(rare, err);
	/* A damaged first block would be taken for a raw file. */
	if (archive_filter_count(rare->archive) != 2)
		return err_set(err, EBADMSG, "a header is damaged");
	return 0;
}

/* All input must have been part of the stream. */
static int
rare_end(struct rare *rare, struct err *err)
{
	ssize_t n = decomp_input_more(rare->in, err);
	la_int64_t used = archive_filter_bytes(rare->archive, -1);

	if (n < 0)
		return (int)n;
	if (n > 0 || used < 0 || (uint64_t)used != rare->in->total)
		return err_set(err, EBADMSG,
			       "other bytes follow the end of the stream");
	return 0;
}

static ssize_t
rare_read(void *state, void *buf, size_t len, struct err *err)
{
	struct rare *rare = state;
	la_ssize_t n;
	int r;

	if (!rare->began) {
		r = rare_begin(rare, err);
		if (r < 0)
			return r;
	}
	if (rare->ended)
		return 0;
	n = archive_read_data(rare->archive, buf, len);
	if (n < 0)
		return rare_error(rare, err);
	if (n == 0) {
		rare->ended = true;
		return rare_end(rare, err);
	}
	return n;
}

static void
rare_stop(void *state)
{
	struct rare *rare = state;

	(void)archive_read_free(rare->archive);
	free(rare);
}

const struct decomp_codec decomp_bzip2 = {
	.name = "bzip2",
	.start = bzip2_start,
	.read = rare_read,
	.stop = rare_stop,
};

const struct decomp_codec decomp_xz = {
	.name = "xz",
	.start = xz_start,
	.read = rare_read,
	.stop = rare_stop,
};
