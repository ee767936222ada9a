/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "archive/tar_format.h"
#include "archive/tar_pax.h"
#include "archive/tar_reader.h"
#include "archive_help.h"

/* Lends its bytes in pieces of @step. */
struct feeder {
	const struct strbuf *sb;
	size_t at;
	size_t step;
};

static ssize_t
feed(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct feeder *feeder = data;
	size_t left = feeder->sb->len - feeder->at;
	size_t n = left < feeder->step ? left : feeder->step;

	*ret_piece = (const uint8_t *)feeder->sb->buf + feeder->at;
	feeder->at += n;
	return (ssize_t)n;
}

/* Copy content with its holes; the length or -errno. */
static ssize_t
read_content(struct tar_reader *tr, const struct tar_entry *entry,
	     struct strbuf *out, struct err *err)
{
	const uint8_t *data;
	uint64_t offset;
	size_t len;
	int r;

	strbuf_reset(out);
	while ((r = tar_reader_data(tr, &data, &len, &offset, err)) > 0) {
		cr_assert(offset >= out->len);
		strbuf_pad(out, '\0', offset - out->len);
		strbuf_add(out, data, len);
	}
	if (r < 0)
		return r;
	strbuf_pad(out, '\0', entry->size - out->len);
	return (ssize_t)out->len;
}

/* Write what the archive says to @out, one line per entry; r of the end. */
static int
list(const struct strbuf *sb, size_t step, struct strbuf *out, struct err *err)
{
	struct feeder feeder = { sb, 0, step };
	struct byte_source source = { feed, &feeder };
	struct tar_reader *tr = tar_reader_new(&source);
	struct strbuf content = STRBUF_INIT;
	const struct tar_entry *entry;
	int r;

	strbuf_reset(out);
	while ((r = tar_reader_next(tr, &entry, err)) > 0) {
		strbuf_addf(out, "%c %s", "fdlhcbp"[entry->type],
			    entry -> path);
		if (*entry->link)
			strbuf_addf(out, " -> %s", entry->link);
		if (entry->type == TAR_CHAR || entry->type == TAR_BLOCK)
			strbuf_addf(out, " %u:%u", entry->dev_major,
				    entry->dev_minor);
		if (entry->type == TAR_FILE) {
			r = (int)read_content(tr, entry, &content, err);
			if (r < 0)
				break;
			for (size_t i = 0; i < content.len; i++)
				if (!content.buf[i])
					content.buf[i] = '_';
			strbuf_addf(out, " [%s]", content.buf);
		}
		for (size_t i = 0; i < entry->xattr_count; i++)
			strbuf_addf(out, " %s=%.*s", entry->xattrs[i].name,
				    (int)entry->xattrs[i].len,
				    (const char *)entry->xattrs[i].value);
		strbuf_addch(out, '\n');
	}
	tar_reader_free(tr);
	strbuf_release(&content);
	return r;
}

/* The same in every cut of the stream. */
static void
expect_list(const struct strbuf *sb, const char *want)
{
	static const size_t steps[] = { 1, 7, 512, 513, 1 << 20 };
	struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < 5; i++) {
		struct err err = ERR_INIT;
		int r = list(sb, steps[i], &out, &err);

		cr_expect(eq(int, r, 0), "by %zu: %s", steps[i], err.text);
		cr_expect(eq(str, out.buf, (char *)want));
	}
	strbuf_release(&out);
}

Test(archive_tar_reader, entries_of_all_types_come_in_order)
{
	struct strbuf sb = STRBUF_INIT;

	made_add(&sb, .type = '5', .name = "dir/");
	made_add(&sb, .name = "dir/file", .data = "content");
	made_add(&sb, .type = '2', .name = "symlink", .link = "dir/file");
	made_add(&sb, .type = '1', .name = "hard", .link = "dir/file");
	made_add(&sb, .type = '3', .name = "null", .dev_major = 1,
		 .dev_minor = 3);
	made_add(&sb, .type = '4', .name = "disk", .dev_major = 8);
	made_add(&sb, .type = '6', .name = "fifo");
	made_add(&sb, .type = '7', .name = "contiguous", .data = "x");
	made_end(&sb);
	expect_list(&sb, "d dir/\nf dir/file [content]\n"
			 "l symlink -> dir/file\nh hard -> dir/file\n"
			 "c null 1:3\nb disk 8:0\np fifo\nf contiguous [x]\n");
	strbuf_release(&sb);
}

Test(archive_tar_reader, long_names_come_from_prefix_gnu_and_pax)
{
	struct strbuf sb = STRBUF_INIT;

	made_add(&sb, .prefix = "pre/fix", .name = "name", .data = "1");
	made_add(&sb, .prefix = "ignored by gnu", .name = "plain",
		 .is_gnu = true);
	made_add(&sb, .type = 'L', .name = "././@LongLink", .data = "long/er");
	made_add(&sb, .type = 'K', .name = "././@LongLink", .data = "tar/get");
	made_add(&sb, .type = '2', .name = "long", .link = "tar",
		 .is_gnu = true);
	made_pax(&sb, "path", "pax/path", "linkpath", "pax/link");
	made_add(&sb, .type = '2', .name = "short", .link = "x");
	made_add(&sb, .name = "next");
	made_end(&sb);
	expect_list(&sb, "f pre/fix/name [1]\nf plain []\n"
			 "l long/er -> tar/get\nl pax/path -> pax/link\n"
			 "f next []\n");
	strbuf_release(&sb);
}

Test(archive_tar_reader, global_headers_have_no_effect)
{
	struct strbuf sb = STRBUF_INIT;

	made_add_pax(&sb, 'g',
		     (const char *const[]){ "path", "evil", "comment", "c",
					    NULL });
	made_add(&sb, .name = "good");
	made_end(&sb);
	expect_list(&sb, "f good []\n");
	strbuf_release(&sb);
}

Test(archive_tar_reader, attributes_may_hold_any_byte)
{
	struct strbuf sb = STRBUF_INIT, records = STRBUF_INIT;

	made_add_record(&records, "SCHILY.xattr.user.a", "1\n2=3", 5);
	made_add_record(&records, "SCHILY.xattr.user.empty", "", 0);
	made_add_record(&records, "LIBARCHIVE.xattr.user.a", "MQ", 2);
	made_add(&sb, .type = 'x', .name = "pax", .data = records.buf,
		 .len = records.len);
	made_add(&sb, .name = "file");
	made_end(&sb);
	expect_list(&sb, "f file [] user.a=1\n2=3 user.empty=\n");
	strbuf_release(&sb);
	strbuf_release(&records);
}

Test(archive_tar_reader, sparse_files_of_all_four_kinds_are_read)
{
	struct strbuf sb = STRBUF_INIT, map = STRBUF_INIT;
	struct tar_header *header;

	made_add(&sb, .type = 'S', .name = "old", .data = "abcd",
		 .is_gnu = true);
	header = (void *)sb.buf;
	memcpy(header->gnu.extents[0],
	       "00000000002\0"
	       "00000000003\0",
	       24);
	memcpy(header->gnu.extents[1],
	       "00000000007\0"
	       "00000000001\0",
	       24);
	memcpy(header->gnu.real_size, "00000000012\0", 12);
	made_sign(&sb, 0);
	made_pax(&sb, "GNU.sparse.size", "6", "GNU.sparse.numblocks", "2",
		 "GNU.sparse.offset", "1", "GNU.sparse.numbytes", "2",
		 "GNU.sparse.offset", "6", "GNU.sparse.numbytes", "0");
	made_add(&sb, .name = "zero", .data = "ab");
	made_pax(&sb, "GNU.sparse.size", "5", "GNU.sparse.map", "0,1,3,2",
		 "GNU.sparse.name", "one");
	made_add(&sb, .name = "GNUSparseFile.1/one", .data = "abc");
	strbuf_addstr(&map, "2\n2\n1\n5\n3\n");
	strbuf_pad(&map, '\0', 512 - map.len);
	strbuf_addstr(&map, "wxyz");
	made_pax(&sb, "GNU.sparse.major", "1", "GNU.sparse.minor", "0",
		 "GNU.sparse.name", "ten", "GNU.sparse.realsize", "9");
	made_add(&sb, .name = "GNUSparseFile.1/ten", .data = map.buf,
		 .len = map.len);
	made_end(&sb);
	expect_list(&sb, "f old [__abc__d__]\nf zero [_ab___]\nf one [a__bc]\n"
			 "f ten [__w__xyz_]\n");
	strbuf_release(&sb);
	strbuf_release(&map);
}

Test(archive_tar_reader, old_sparse_maps_go_on_in_further_blocks)
{
	struct strbuf sb = STRBUF_INIT;
	char more[512] = { 0 };
	struct tar_header *header;

	made_add(&sb, .type = 'S', .name = "old", .size = 2, .is_gnu = true);
	header = (void *)sb.buf;
	memcpy(header->gnu.extents[0],
	       "00000000001\0"
	       "00000000001\0",
	       24);
	header->gnu.is_extended = 1;
	memcpy(header->gnu.real_size, "00000000005\0", 12);
	made_sign(&sb, 0);
	memcpy(more,
	       "00000000003\0"
	       "00000000001\0",
	       24);
	strbuf_add(&sb, more, 512);
	strbuf_addstr(&sb, "ab");
	strbuf_pad(&sb, '\0', 510);
	made_end(&sb);
	expect_list(&sb, "f old [_a_b_]\n");
	strbuf_release(&sb);
}

Test(archive_tar_reader, numbers_may_be_base_256_and_times_negative)
{
	struct strbuf sb = STRBUF_INIT;
	struct feeder feeder = { &sb, 0, 4096 };
	struct byte_source source = { feed, &feeder };
	struct tar_reader *tr = tar_reader_new(&source);
	const struct tar_entry *entry;

	made_add(&sb, .name = "a", .uid = 4294967294, .gid = 3000000000,
		 .mtime = -5);
	made_pax(&sb, "uid", "3000000001", "gid", "7", "mtime", "-1.25");
	made_add(&sb, .name = "b");
	made_pax(&sb, "mtime", "12.0123456789");
	made_add(&sb, .name = "c");
	cr_assert(tar_reader_next(tr, &entry, NULL) == 1);
	cr_expect(eq(u32, entry->uid, 4294967294));
	cr_expect(eq(u32, entry->gid, 3000000000));
	cr_expect(eq(i64, entry->mtime.tv_sec, -5));
	cr_assert(tar_reader_next(tr, &entry, NULL) == 1);
	cr_expect(eq(u32, entry->uid, 3000000001));
	cr_expect(eq(u32, entry->gid, 7));
	cr_expect(eq(i64, entry->mtime.tv_sec, -2));
	cr_expect(eq(i64, entry->mtime.tv_nsec, 750000000));
	cr_assert(tar_reader_next(tr, &entry, NULL) == 1);
	cr_expect(eq(i64, entry->mtime.tv_nsec, 12345678));
	tar_reader_free(tr);
	strbuf_release(&sb);
}

Test(archive_tar_reader, an_archive_may_end_without_its_two_blocks)
{
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT;

	made_add(&sb, .name = "a");
	cr_expect(eq(int, list(&sb, 512, &out, NULL), 0));
	strbuf_pad(&sb, '\0', 512);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), 0));
	made_add(&sb, .name = "b");
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -EBADMSG));
	strbuf_reset(&sb);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), 0));
	strbuf_release(&sb);
	strbuf_release(&out);
}

Test(archive_tar_reader, an_archive_cut_within_an_entry_is_an_error)
{
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT;
	size_t data_end;

	made_pax(&sb, "path", "long");
	made_add(&sb, .name = "a", .data = "0123456789");
	/* Only the padding behind the last file may be missing. */
	data_end = sb.len - 512 + strlen("0123456789");
	while (sb.len > 1) {
		int r;

		strbuf_truncate(&sb, sb.len - 1);
		r = list(&sb, 4096, &out, NULL);
		cr_expect(eq(int, r, sb.len < data_end ? -EBADMSG : 0),
			  "cut at %zu", sb.len);
	}
	strbuf_release(&sb);
	strbuf_release(&out);
}

static void
raw_pax(struct strbuf *sb, const char *text)
{
	made_add(sb, .type = 'x', .name = "pax", .data = text);
	made_add(sb, .name = "a", .data = "x");
}

static void
sparse_1(struct strbuf *sb, const char *map)
{
	made_pax(sb, "GNU.sparse.major", "1", "GNU.sparse.minor", "0",
		 "GNU.sparse.realsize", "9");
	made_add(sb, .name = "a", .data = map, .len = 512 + 1);
}

Test(archive_tar_reader, bad_pax_records_are_errors)
{
	static const char *const texts[] = {
		"11 path=a\n",
		"8 path=a\n",
		"x path=a\n",
		" path=a\n",
		"10 path=ab",
		"6 path\n",
		"5 =a\n",
		"0 path=a\n",
		"-10 path=a\n",
		"8 uid=-1\n",
		"8 uid=1x\n",
		"18 uid=4294967295\n",
		"31 size=99999999999999999999999\n",
		"8 size=\t\n",
		"12 mtime=1.x\n",
		"11 mtime=x\n",
		"20 SCHILY.xattr.=a\n",
		"99999999999999999999999 path=a\n",
		"20 GNU.sparse.map=1\n",
		"21 GNU.sparse.map=1,\n",
		"24 GNU.sparse.offset=10\n",
		"26 GNU.sparse.numbytes=10\n",
		"22 GNU.sparse.major=7\n",
	};
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int r;

		strbuf_reset(&sb);
		raw_pax(&sb, texts[i]);
		r = list(&sb, 512, &out, NULL);
		cr_expect(eq(int, r, -EBADMSG), "%s", texts[i]);
	}
	strbuf_reset(&sb);
	made_add(&sb, .type = 'x', .name = "pax", .data = "12 path=a\0b\n",
		 .len = 12);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -EBADMSG));
	strbuf_release(&sb);
	strbuf_release(&out);
}

Test(archive_tar_reader, bad_sparse_maps_are_errors)
{
	static const char *const maps[] = {
		"x\n",       "1\n0\n",          "1\n0\n2\n",
		"1\n9\n1\n", "2\n5\n1\n1\n0\n", "1\n99999999999999999999\n1\n",
		"70000\n",   "1 0 1\n",         "",
	};
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		char map[513] = { 0 };
		int r;

		memcpy(map, maps[i], strlen(maps[i]));
		strbuf_reset(&sb);
		sparse_1(&sb, map);
		r = list(&sb, 512, &out, NULL);
		cr_expect(eq(int, r, -EBADMSG), "%s", maps[i]);
	}
	strbuf_release(&sb);
	strbuf_release(&out);
}

/* Put raw bytes into a header's field and sign it anew. */
static int
list_with(size_t at, const char *bytes, size_t len)
{
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT;
	int r;

	made_add(&sb, .name = "a", .data = "x");
	memcpy(sb.buf + at, bytes, len);
	made_sign(&sb, 0);
	r = list(&sb, 512, &out, NULL);
	strbuf_release(&sb);
	strbuf_release(&out);
	return r;
}

Test(archive_tar_reader, bad_headers_are_errors)
{
	static const struct {
		const char *what;
		size_t at;
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "letters in the mode", 100, "00x0644", 8 },
		{ "user id -1 as unsigned", 108, "\x80\0\0\0\xff\xff\xff\xff",
		  8 },
		{ "negative user id", 108, "\xff\xff\xff\xff\xff\xff\xff\xff",
		  8 },
		{ "group id of 33 bits", 116, "\x80\0\0\1\0\0\0\0", 8 },
		{ "negative size", 124,
		  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12 },
		{ "huge size", 124,
		  "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12 },
		{ "size of 96 bits", 124, "\x80\1\0\0\0\0\0\0\0\0\0\0", 12 },
		{ "size beyond the end", 124, "00000002000", 12 },
		{ "unknown type", 156, "Q", 1 },
		{ "multi-volume", 156, "M", 1 },
		{ "huge time", 136,
		  "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12 },
	};

	cr_expect(eq(int, list_with(0, "a", 1), 0));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(
			eq(int,
			   list_with(cases[i].at, cases[i].bytes, cases[i].len),
			   -EBADMSG),
			"%s", cases[i].what);
}

Test(archive_tar_reader, other_bytes_are_no_archive)
{
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT;
	struct err err = ERR_INIT;

	strbuf_pad(&sb, 'x', 1024);
	cr_expect(eq(int, list(&sb, 512, &out, &err), -EBADMSG));
	cr_expect(eq(str, err.text, "not a tar archive, or a damaged header"));
	strbuf_release(&sb);
	strbuf_release(&out);
}

Test(archive_tar_reader, lengths_meet_their_limits)
{
	struct strbuf sb = STRBUF_INIT, out = STRBUF_INIT, big = STRBUF_INIT;

	strbuf_pad(&big, 'a', TAR_MAX_PATH_BYTES);
	made_pax(&sb, "path", big.buf);
	made_add(&sb, .name = "x");
	cr_expect(eq(int, list(&sb, 512, &out, NULL), 0));

	strbuf_addch(&big, 'a');
	strbuf_reset(&sb);
	made_pax(&sb, "path", big.buf);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -ENAMETOOLONG));
	strbuf_reset(&sb);
	made_add(&sb, .type = 'L', .name = "L", .data = big.buf);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -ENAMETOOLONG));
	strbuf_reset(&sb);
	made_add(&sb, .type = 'K', .name = "K", .size = INT64_MAX);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -ENAMETOOLONG));
	strbuf_reset(&sb);
	made_add(&sb, .type = 'x', .name = "x", .size = INT64_MAX);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -E2BIG));
	strbuf_reset(&sb);
	made_add(&sb, .type = 'g', .name = "g", .size = TAR_MAX_PAX_BYTES + 1);
	cr_expect(eq(int, list(&sb, 512, &out, NULL), -E2BIG));
	strbuf_release(&sb);
	strbuf_release(&out);
	strbuf_release(&big);
}

Test(archive_tar_format, numbers_survive_writing_and_reading)
{
	static const int64_t values[] = {
		0,          1,         0777, 2097151,     2097152,   8589934591,
		8589934592, INT64_MAX, -1,   -2208988800, INT64_MIN,
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char field[12];
		int64_t back = 1;

		tar_number_write(field, 12, values[i]);
		cr_expect(eq(int,
			     tar_number_read(field, 12, INT64_MIN, INT64_MAX,
					     &back),
			     0));
		cr_expect(eq(i64, back, values[i]));
	}
}
