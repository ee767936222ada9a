/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/comp_gzip.h"
#include "archive/decomp.h"
#include "base/alloc.h"
#include "base/strbuf.h"

#define MIB ((size_t)1 << 20)

static int
sink_write(void *data, const void *bytes, size_t len, struct err *err)
{
	strbuf_add(data, bytes, len);
	return 0;
}

/* Some that compresses, some that does not, and some that is all alike. */
static uint8_t *
some_bytes(size_t len)
{
	uint8_t *bytes = xcalloc(1, len + 1);
	uint32_t state = 7;

	for (size_t i = 0; i < len; i++) {
		state = state * 1664525 + 1013904223;
		if (i / 300000 % 3 == 0)
			bytes[i] = (uint8_t)(state >> 24);
		else if (i / 300000 % 3 == 1)
			bytes[i] = (uint8_t)('a' + (state >> 29));
	}
	return bytes;
}

static void
compress_to(struct strbuf *out, const uint8_t *bytes, size_t len, int level,
	    unsigned int threads, size_t step)
{
	struct byte_sink sink = { .write = sink_write, .data = out };
	struct comp_gzip *gzip = comp_gzip_new(level, threads, sink);

	for (size_t at = 0; at < len; at += step)
		cr_assert(eq(int,
			     comp_gzip_write(gzip, bytes + at,
					     len - at < step ? len - at : step,
					     NULL),
			     0));
	cr_assert(eq(int, comp_gzip_finish(gzip, NULL), 0));
	comp_gzip_free(gzip);
}

static void
expect_content(const struct strbuf *packed, const uint8_t *want, size_t len)
{
	int fd = memfd_create("packed", MFD_CLOEXEC);
	struct decomp_opts opts = { .fd = fd, .cancel_fd = -1 };
	uint8_t *have = xmalloc(len + 1);
	struct decomp *decomp;

	cr_assert(write(fd, packed->buf, packed->len) == (ssize_t)packed->len);
	cr_assert(lseek(fd, 0, SEEK_SET) == 0);
	cr_assert(eq(int, decomp_open(&opts, &decomp, NULL), 0));
	cr_assert(decomp_read(decomp, have, len + 1, NULL) == (ssize_t)len);
	cr_expect(memcmp(have, want, len) == 0);
	decomp_close(decomp);
	free(have);
	(void)close(fd);
}

/* Around the size of a block, and of more blocks than there are slots. */
static const size_t sizes[] = { 0,       1,           MIB - 1,      MIB,
				MIB + 1, 2 * MIB + 5, 11 * MIB + 77 };

Test(archive_comp, gzip_comes_back_as_it_was)
{
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t *bytes = some_bytes(sizes[i]);

		for (int level = 1; level <= 9; level += 4) {
			cleanup_strbuf struct strbuf packed = STRBUF_INIT;

			compress_to(&packed, bytes, sizes[i], level, 3, MIB);
			expect_content(&packed, bytes, sizes[i]);
		}
		free(bytes);
	}
}

Test(archive_comp, neither_threads_nor_pieces_change_the_result)
{
	static const struct {
		unsigned int threads;
		size_t step;
	} ways[] = { { 1, 64 * MIB }, { 1, 4093 }, { 2, MIB },
		     { 3, 65536 },    { 4, 7001 }, { 64, 3 * MIB + 1 } };
	size_t len = 11 * MIB + 77;
	uint8_t *bytes = some_bytes(len);
	cleanup_strbuf struct strbuf first = STRBUF_INIT;

	compress_to(&first, bytes, len, 0, 1, len);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		cleanup_strbuf struct strbuf packed = STRBUF_INIT;

		compress_to(&packed, bytes, len, 0, ways[i].threads,
			    ways[i].step);
		cr_expect(packed.len == first.len &&
				  !memcmp(packed.buf, first.buf, first.len),
			  "%u threads, pieces of %zu", ways[i].threads,
			  ways[i].step);
	}
	free(bytes);
}

static int
sink_full(void *data, const void *bytes, size_t len, struct err *err)
{
	return -ENOSPC;
}

Test(archive_comp, a_full_disk_ends_it)
{
	struct byte_sink sink = { .write = sink_full };
	struct comp_gzip *gzip = comp_gzip_new(0, 4, sink);
	uint8_t *bytes = some_bytes(16 * MIB);
	int r = comp_gzip_write(gzip, bytes, 16 * MIB, NULL);

	cr_expect(eq(int, r, -ENOSPC));
	comp_gzip_free(gzip);
	free(bytes);
}
