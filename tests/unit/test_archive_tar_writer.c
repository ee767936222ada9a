/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/comp.h"
#include "archive/decomp.h"
#include "archive/tar_reader.h"
#include "archive/tar_writer.h"
#include "archive_help.h"
#include "base/span.h"

static int
keep(void *data, const void *bytes, size_t len, struct err *err)
{
	strbuf_add(data, bytes, len);
	return 0;
}

static ssize_t
give_all(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct span *rest = data;
	ssize_t len = (ssize_t)rest->len;

	*ret_piece = (const uint8_t *)rest->ptr;
	rest->len = 0;
	return len;
}

static bool
same_text(const char *a, const char *b)
{
	return !strcmp(a ?: "", b ?: "");
}

static bool
same_entry(const struct tar_entry *a, const struct tar_entry *b)
{
	if (a->xattr_count != b->xattr_count)
		return false;
	for (size_t i = 0; i < a->xattr_count; i++)
		if (strcmp(a->xattrs[i].name, b->xattrs[i].name) != 0 ||
		    a->xattrs[i].len != b->xattrs[i].len ||
		    memcmp(a->xattrs[i].value, b->xattrs[i].value,
			   a->xattrs[i].len) != 0)
			return false;
	return a->type == b->type && same_text(a->path, b->path) &&
	       same_text(a->link, b->link) && same_text(a->uname, b->uname) &&
	       a->mode == b->mode && a->uid == b->uid && a->gid == b->gid &&
	       a->size == b->size && a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec &&
	       a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

#define DIGITS_10 "0123456789"
#define DIGITS_60 DIGITS_10 DIGITS_10 DIGITS_10 DIGITS_10 DIGITS_10 DIGITS_10
#define DIGITS_120 DIGITS_60 DIGITS_60

static const struct tar_xattr xattrs[] = {
	{ "security.capability", "\1\0\0\2\n=\0", 7 },
	{ "user.empty", "", 0 },
};

static const struct tar_entry entries[] = {
	{ .type = TAR_FILE, .path = "file", .size = 4, .mode = 04755 },
	{ .type = TAR_DIR, .path = "dir/", .mode = 01777 },
	{ .type = TAR_SYMLINK, .path = "l", .link = "dir" },
	{ .type = TAR_HARDLINK, .path = "h", .link = "file" },
	{ .type = TAR_CHAR, .path = "c", .dev_major = 1, .dev_minor = 3 },
	{ .type = TAR_BLOCK, .path = "b", .dev_major = 8, .dev_minor = 1 },
	{ .type = TAR_FIFO, .path = "p", .mode = 0600 },
	{ .type = TAR_FILE, .path = DIGITS_60 "/" DIGITS_60, .size = 4 },
	{ .type = TAR_FILE, .path = DIGITS_120, .size = 4 },
	{ .type = TAR_FILE, .path = DIGITS_120 DIGITS_120 "/a", .size = 4 },
	{ .type = TAR_DIR, .path = DIGITS_60 "/" DIGITS_60 "/" },
	{ .type = TAR_SYMLINK, .path = "ll", .link = DIGITS_120 },
	{ .type = TAR_FILE,
	  .path = "ids",
	  .size = 4,
	  .uid = 4294967294,
	  .gid = 2097152 },
	{ .type = TAR_FILE, .path = "t", .size = 4, .mtime = { 12, 34 } },
	{ .type = TAR_FILE, .path = "t-", .size = 4, .mtime = { -5, 0 } },
	{ .type = TAR_FILE, .path = "t-.", .size = 4, .mtime = { -5, 7 } },
	{ .type = TAR_FILE, .path = "t0", .size = 4, .mtime = { -1, 7 } },
	{ .type = TAR_FILE,
	  .path = "xattrs",
	  .size = 4,
	  .xattrs = xattrs,
	  .xattr_count = 2,
	  .uname = "root" },
};
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static void
write_all(struct strbuf *sb)
{
	struct byte_sink sink = { keep, sb };
	struct tar_writer *tw = tar_writer_new(&sink);

	for (size_t i = 0; i < ENTRIES; i++)
		cr_assert(tar_writer_add(tw, &entries[i], "data", NULL) == 0);
	cr_assert(tar_writer_end(tw, NULL) == 0);
	tar_writer_free(tw);
}

Test(archive_tar_writer, what_was_written_is_read_again)
{
	struct strbuf sb = STRBUF_INIT;
	const struct tar_entry *entry;
	struct byte_source source = { give_all, NULL };
	struct tar_reader *tr;
	struct span rest;

	write_all(&sb);
	rest = span_new(sb.buf, sb.len);
	source.data = &rest;
	tr = tar_reader_new(&source);
	for (size_t i = 0; i < ENTRIES; i++) {
		struct err err = ERR_INIT;

		cr_assert(tar_reader_next(tr, &entry, &err) == 1, "%s: %s",
			  entries[i].path, err.text);
		cr_expect(same_entry(entry, &entries[i]), "%s",
			  entries[i].path);
	}
	cr_expect(eq(int, tar_reader_next(tr, &entry, NULL), 0));
	tar_reader_free(tr);
	strbuf_release(&sb);
}

Test(archive_tar_writer, the_same_entries_give_the_same_bytes)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;

	write_all(&a);
	write_all(&b);
	cr_expect(a.len == b.len && a.len % 512 == 0);
	cr_expect(memcmp(a.buf, b.buf, a.len) == 0);
	strbuf_release(&a);
	strbuf_release(&b);
}

Test(archive_tar_writer, files_come_from_their_fd_and_may_not_shrink)
{
	struct strbuf sb = STRBUF_INIT;
	struct byte_sink sink = { keep, &sb };
	struct tar_writer *tw = tar_writer_new(&sink);
	struct tar_entry entry = { .type = TAR_FILE, .path = "f" };
	int fd = made_fd("content", 7);

	entry.size = 7;
	cr_expect(tar_writer_entry(tw, &entry, NULL) == 0);
	cr_expect(tar_writer_file(tw, fd, NULL) == 0);
	cr_expect(memcmp(sb.buf + 512, "content\0", 8) == 0);
	cr_expect(eq(sz, sb.len, 1024));
	entry.size = 8;
	cr_expect(tar_writer_entry(tw, &entry, NULL) == 0);
	cr_expect(eq(int, tar_writer_file(tw, fd, NULL), -EBUSY));
	tar_writer_free(tw);
	(void)close(fd);
	strbuf_release(&sb);
}

/* Compress @sb in steps, expand again; true when it is the same. */
static bool
survives(enum comp_format format, const struct strbuf *sb, size_t step)
{
	int fd = memfd_create("comp", MFD_CLOEXEC);
	struct comp *comp = comp_new(fd, format);
	struct decomp_opts opts = { .fd = fd, .cancel_fd = -1 };
	struct comp_result result;
	struct decomp *decomp = NULL;
	struct strbuf back = STRBUF_INIT;
	char hex[SHA256_HEX_BYTES];
	bool same;

	opts.hash_input = true;
	for (size_t at = 0; at < sb->len; at += step) {
		size_t n = sb->len - at < step ? sb->len - at : step;

		cr_assert(comp_write(comp, sb->buf + at, n, NULL) == 0);
	}
	cr_assert(comp_finish(comp, &result, NULL) == 0);
	comp_free(comp);
	cr_assert(lseek(fd, 0, SEEK_SET) == 0);
	cr_assert(decomp_open(&opts, &decomp, NULL) == 0);
	same = decomp_read(decomp, strbuf_grow(&back, sb->len + 1), sb->len + 1,
			   NULL) == (ssize_t)sb->len &&
	       !memcmp(back.buf, sb->buf, sb->len);
	decomp_input_hex(decomp, hex);
	cr_expect(eq(str, hex, result.output_hex));
	cr_expect(eq(u64, result.output_bytes, decomp_input_bytes(decomp)));
	sha256_hex_of(sb->buf, sb->len, hex);
	cr_expect(eq(str, hex, result.input_hex));
	cr_expect(eq(u64, result.input_bytes, sb->len));
	decomp_close(decomp);
	(void)close(fd);
	strbuf_release(&back);
	return same;
}

Test(archive_comp, what_was_compressed_expands_to_itself)
{
	static const size_t lens[] = { 0, 1, 65535, 700000 };
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < 4; i++) {
		while (sb.len < lens[i])
			strbuf_addf(&sb, "%zu ", sb.len * 2654435761u);
		strbuf_truncate(&sb, lens[i]);
		for (enum comp_format f = COMP_NONE; f < COMP_COUNT; f++) {
			cr_expect(survives(f, &sb, 300007), "%d %zu", f,
				  lens[i]);
			cr_expect(survives(f, &sb, 1009), "%d %zu", f, lens[i]);
		}
	}
	strbuf_release(&sb);
}
