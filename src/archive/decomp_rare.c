/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/decomp_rare.c - bzip2 and xz, which only old archives and ADD need.
 *
 * libarchive's raw format is used for its filters alone. It looks no further
 * than it must: what it left of the input is looked at here. The library is
 * loaded when it may be needed: it brings a dozen others, whose relocations
 * would cost each start of dhow-transfer 2.5 ms.
 */
#include <archive.h>
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "archive/decomp_codec.h"
#include "base/alloc.h"

#define LIBRARY "libarchive.so.13"

/* What is used of it, by its own names without "archive_". */
struct library {
	__typeof__(archive_filter_bytes) *filter_bytes;
	__typeof__(archive_filter_count) *filter_count;
	__typeof__(archive_read_data) *read_data;
	__typeof__(archive_read_free) *read_free;
	__typeof__(archive_read_new) *read_new;
	__typeof__(archive_read_next_header) *read_next_header;
	__typeof__(archive_read_open) *read_open;
	__typeof__(archive_read_support_filter_bzip2) *support_bzip2;
	__typeof__(archive_read_support_filter_xz) *support_xz;
	__typeof__(archive_read_support_format_raw) *support_raw;
	__typeof__(archive_set_error) *set_error;
};

static struct library library;
static bool is_loaded;

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
	{ "archive_filter_bytes", offsetof(struct library, filter_bytes) },
	{ "archive_filter_count", offsetof(struct library, filter_count) },
	{ "archive_read_data", offsetof(struct library, read_data) },
	{ "archive_read_free", offsetof(struct library, read_free) },
	{ "archive_read_new", offsetof(struct library, read_new) },
	{ "archive_read_next_header",
	  offsetof(struct library, read_next_header) },
	{ "archive_read_open", offsetof(struct library, read_open) },
	{ "archive_read_support_filter_bzip2",
	  offsetof(struct library, support_bzip2) },
	{ "archive_read_support_filter_xz",
	  offsetof(struct library, support_xz) },
	{ "archive_read_support_format_raw",
	  offsetof(struct library, support_raw) },
	{ "archive_set_error", offsetof(struct library, set_error) },
};

struct rare {
	struct decomp_input *in;
	struct archive *archive;
	struct err err; /* of reading the input, passed around the library */
	int read_error;
	bool began;
	bool ended;
};

static int
unusable(struct err *err)
{
	(void)err_set(err, EOPNOTSUPP, "load " LIBRARY ": %s", dlerror());
	err_hint(err, "bzip2 and xz need it (Debian: apt-get install "
		      "libarchive13)");
	return -EOPNOTSUPP;
}

static int
rare_load(struct err *err)
{
	void *handle;

	if (is_loaded)
		return 0;
	handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return unusable(err);
	for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
		void *symbol = dlsym(handle, symbols[i].name);

		if (!symbol)
			return unusable(err);
		(void)memcpy((char *)&library + symbols[i].offset, &symbol,
			     sizeof(symbol));
	}
	is_loaded = true;
	return 0;
}

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
		library.set_error(archive, (int)-n, "read error");
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
	rare->archive = library.read_new();
	assert(rare->archive != NULL);
	(void)library.support_raw(rare->archive);
	return rare;
}

static void *
bzip2_start(struct decomp_input *in)
{
	struct rare *rare = rare_start(in);

	(void)library.support_bzip2(rare->archive);
	return rare;
}

static void *
xz_start(struct decomp_input *in)
{
	struct rare *rare = rare_start(in);

	(void)library.support_xz(rare->archive);
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
	if (library.read_open(rare->archive, rare, NULL, feed, NULL) !=
		    ARCHIVE_OK ||
	    library.read_next_header(rare->archive, &entry) != ARCHIVE_OK)
		return rare_error(rare, err);
	/* A damaged first block would be taken for a raw file. */
	if (library.filter_count(rare->archive) != 2)
		return err_set(err, EBADMSG, "a header is damaged");
	return 0;
}

/* All input must have been part of the stream. */
static int
rare_end(struct rare *rare, struct err *err)
{
	ssize_t n = decomp_input_more(rare->in, err);
	la_int64_t used = library.filter_bytes(rare->archive, -1);

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
	n = library.read_data(rare->archive, buf, len);
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

	(void)library.read_free(rare->archive);
	free(rare);
}

const struct decomp_codec decomp_bzip2 = {
	.name = "bzip2",
	.load = rare_load,
	.start = bzip2_start,
	.read = rare_read,
	.stop = rare_stop,
};

const struct decomp_codec decomp_xz = {
	.name = "xz",
	.load = rare_load,
	.start = xz_start,
	.read = rare_read,
	.stop = rare_stop,
};
