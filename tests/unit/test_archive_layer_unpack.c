/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/layer_unpack.h"
#include "archive/sha256.h"
#include "archive/tar_reader.h"
#include "archive_help.h"

static struct room room;
static struct strbuf sb = STRBUF_INIT;

static void
set_up(void)
{
	room_init(&room);
}

static void
tear_down(void)
{
	cr_expect(room_sentinel_is_untouched(&room));
	room_release(&room);
	strbuf_release(&sb);
}

/* A skipped test does not reach its .fini. */
static void
skip(const char *reason)
{
	tear_down();
	cr_skip_test("%s", reason);
}

TestSuite(archive_layer_unpack, .init = set_up, .fini = tear_down);

static void
unpack(void)
{
	struct err err = ERR_INIT;
	int r;

	made_end(&sb);
	r = room_unpack(&room, &sb, NULL, &err);
	cr_assert(eq(int, r, 0), "%s", err.text);
}

#define expect_at(path, want) \
	cr_expect(eq(str, (char *)room_look(room.rootfd, (path)), want))

Test(archive_layer_unpack,
     a_tree_has_the_content_modes_and_links_of_its_archive)
{
	made_add(&sb, .type = '5', .name = "./", .mode = 0711);
	made_add(&sb, .type = '5', .name = "./d/", .mode = 01777);
	made_add(&sb, .name = "./d/f", .data = "text", .mode = 04751);
	made_add(&sb, .type = '1', .name = "h", .link = "./d/f");
	made_add(&sb, .type = '2', .name = "l", .link = "/etc/passwd");
	made_add(&sb, .type = '6', .name = "p", .mode = 0622);
	made_add(&sb, .name = "no/parent/entry", .data = "x", .mode = 0400);
	unpack();
	expect_at(".", "d 0711");
	expect_at("d", "d 1777");
	expect_at("d/f", "f 4751 4 text");
	expect_at("h", "f 4751 4 text");
	expect_at("l", "l /etc/passwd");
	expect_at("p", "p 0622");
	expect_at("no", "d 0755");
	expect_at("no/parent/entry", "f 0400 1 x");
}

Test(archive_layer_unpack, times_are_those_of_the_archive)
{
	static const char *const paths[] = { "d", "d/f", "d/l" };
	struct stat st;

	made_add(&sb, .type = '5', .name = "d", .mtime = 1000);
	made_add(&sb, .name = "d/f", .mtime = 1000);
	made_pax(&sb, "mtime", "1000.5");
	made_add(&sb, .type = '2', .name = "d/l", .link = "x");
	unpack();
	for (size_t i = 0; i < 3; i++) {
		cr_assert(fstatat(room.rootfd, paths[i], &st,
				  AT_SYMLINK_NOFOLLOW) == 0);
		cr_expect(eq(i64, st.st_mtim.tv_sec, 1000), "%s", paths[i]);
	}
	cr_expect(eq(i64, st.st_mtim.tv_nsec, 500000000));
}

Test(archive_layer_unpack, the_result_has_digests_sizes_and_counts)
{
	struct layer_unpack_result result;
	struct strbuf gz = STRBUF_INIT;
	char hex[SHA256_HEX_BYTES];

	made_add(&sb, .name = "a", .data = "12345");
	made_add(&sb, .name = "b", .data = "678");
	made_end(&sb);
	strbuf_pad(&sb, '\0', 5000); /* record padding is part of the diff id */
	made_compress(&gz, MADE_GZIP, sb.buf, sb.len);
	cr_assert(room_unpack(&room, &gz, &result, NULL) == 0);
	sha256_hex_of(sb.buf, sb.len, hex);
	cr_expect(eq(str, result.diff_id, hex));
	sha256_hex_of(gz.buf, gz.len, hex);
	cr_expect(eq(str, result.blob_digest, hex));
	cr_expect(eq(u64, result.tar_bytes, sb.len));
	cr_expect(eq(u64, result.blob_bytes, gz.len));
	cr_expect(eq(u64, result.file_bytes, 8));
	cr_expect(eq(u64, result.entry_count, 2));
	strbuf_release(&gz);
}

Test(archive_layer_unpack, whiteouts_become_those_of_the_kernel)
{
	made_add(&sb, .name = "d/.wh.gone");
	made_add(&sb, .type = '5', .name = "o");
	made_add(&sb, .name = "o/new");
	made_add(&sb, .name = "o/.wh..wh..opq");
	made_add(&sb, .name = "n/.wh..wh..opq");
	made_add(&sb, .name = ".wh..wh.aufs");
	made_add(&sb, .type = '5', .name = ".wh..wh.plnk");
	unpack();
	expect_at("d/gone", "c 0:0");
	expect_at("d/.wh.gone", "-");
	expect_at("o", "d 0755 opaque");
	expect_at("o/new", "f 0644 0");
	expect_at("o/.wh..wh..opq", "-");
	expect_at("n", "d 0755 opaque");
	expect_at(".wh..wh.aufs", "-");
	expect_at(".wh..wh.plnk", "-");
}

Test(archive_layer_unpack, a_name_may_be_whited_out_and_made_again)
{
	made_add(&sb, .name = ".wh.f1");
	made_add(&sb, .name = "f1", .data = "1");
	made_add(&sb, .name = "f2", .data = "2");
	made_add(&sb, .name = ".wh.f2");
	made_add(&sb, .name = ".wh.d1");
	made_add(&sb, .type = '5', .name = "d1");
	made_add(&sb, .type = '5', .name = "d2");
	made_add(&sb, .name = ".wh.d2");
	made_add(&sb, .name = ".wh.d3");
	made_add(&sb, .name = "d3/sub/f", .data = "3");
	unpack();
	expect_at("f1", "f 0644 1 1");
	expect_at("f2", "f 0644 1 2");
	expect_at("d1", "d 0755 opaque");
	expect_at("d2", "d 0755 opaque");
	expect_at("d3", "d 0755 opaque");
	expect_at("d3/sub/f", "f 0644 1 3");
}

Test(archive_layer_unpack, the_last_entry_of_a_name_wins)
{
	made_add(&sb, .name = "a", .data = "old", .mode = 0600);
	made_add(&sb, .name = "a", .data = "new!", .mode = 0644);
	made_add(&sb, .name = "f-d", .data = "x");
	made_add(&sb, .type = '5', .name = "f-d");
	made_add(&sb, .type = '5', .name = "d-f", .mode = 0700);
	made_add(&sb, .name = "d-f/sub/deep", .data = "x");
	made_add(&sb, .name = "d-f", .data = "file");
	made_add(&sb, .type = '5', .name = "d-d", .mode = 0700);
	made_add(&sb, .name = "d-d/kept", .data = "k");
	made_add(&sb, .type = '5', .name = "d-d", .mode = 0750);
	made_add(&sb, .type = '2', .name = "l-d", .link = "d-d");
	made_add(&sb, .type = '5', .name = "l-d");
	made_add(&sb, .type = '2', .name = "l-f", .link = "a");
	made_add(&sb, .name = "l-f", .data = "own");
	unpack();
	expect_at("a", "f 0644 4 new!");
	expect_at("f-d", "d 0755");
	expect_at("d-f", "f 0644 4 file");
	expect_at("d-d", "d 0750");
	expect_at("d-d/kept", "f 0644 1 k");
	expect_at("l-d", "d 0755");
	expect_at("l-f", "f 0644 3 own");
}

Test(archive_layer_unpack, a_replaced_file_leaves_its_other_names_alone)
{
	made_add(&sb, .name = "a", .data = "old");
	made_add(&sb, .type = '1', .name = "b", .link = "a");
	made_add(&sb, .name = "a", .data = "new");
	made_add(&sb, .type = '1', .name = "b2", .link = "b");
	made_add(&sb, .type = '1', .name = "b2", .link = "b2");
	unpack();
	expect_at("a", "f 0644 3 new");
	expect_at("b", "f 0644 3 old");
	expect_at("b2", "f 0644 3 old");
}

Test(archive_layer_unpack, symlinks_on_the_way_lead_inside_the_root)
{
	made_add(&sb, .type = '5', .name = "usr/lib");
	made_add(&sb, .type = '2', .name = "lib", .link = "usr/lib");
	made_add(&sb, .name = "lib/a", .data = "a");
	made_add(&sb, .type = '2', .name = "abs", .link = "/usr");
	made_add(&sb, .name = "abs/lib/b", .data = "b");
	made_add(&sb, .type = '2', .name = "up", .link = "../../../usr");
	made_add(&sb, .name = "up/c", .data = "c");
	made_add(&sb, .type = '1', .name = "h", .link = "abs/lib/a");
	unpack();
	expect_at("usr/lib/a", "f 0644 1 a");
	expect_at("usr/lib/b", "f 0644 1 b");
	expect_at("usr/c", "f 0644 1 c");
	expect_at("h", "f 0644 1 a");
}

Test(archive_layer_unpack, a_link_on_the_way_may_change_between_two_entries)
{
	made_add(&sb, .type = '5', .name = "one");
	made_add(&sb, .type = '5', .name = "two");
	made_add(&sb, .type = '2', .name = "l", .link = "one");
	made_add(&sb, .name = "l/f", .data = "1");
	made_add(&sb, .type = '2', .name = "l", .link = "two");
	made_add(&sb, .name = "l/f", .data = "2");
	made_add(&sb, .type = '5', .name = "d");
	made_add(&sb, .type = '2', .name = "d/s", .link = ".");
	made_add(&sb, .name = "d/s/s", .data = "x");
	unpack();
	expect_at("one/f", "f 0644 1 1");
	expect_at("two/f", "f 0644 1 2");
	expect_at("d/s", "f 0644 1 x");
}

Test(archive_layer_unpack, attributes_of_storage_drivers_are_dropped)
{
	char value[8];
	int fd;

	made_pax(&sb, "SCHILY.xattr.user.kept", "yes",
		 "SCHILY.xattr.user.overlay.opaque", "y",
		 "SCHILY.xattr.user.overlay.redirect", "/x",
		 "SCHILY.xattr.user.fuseoverlayfs.opaque", "y",
		 "SCHILY.xattr.user.containers.override_stat", "0:0:755",
		 "SCHILY.xattr.trusted.overlay.opaque", "y",
		 "SCHILY.xattr.security.selinux", "label",
		 "SCHILY.xattr.system.posix_acl_access", "x");
	made_add(&sb, .type = '5', .name = "d");
	unpack();
	fd = openat(room.rootfd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fgetxattr(fd, "user.kept", value, 8) < 0 && errno == ENOTSUP)
		skip("no user attributes on this file system");
	cr_expect(eq(i64, fgetxattr(fd, "user.kept", value, 8), 3));
	cr_expect(eq(i64, flistxattr(fd, NULL, 0), sizeof("user.kept")));
	(void)close(fd);
}

Test(archive_layer_unpack, holes_stay_holes)
{
	struct stat st;

	made_pax(&sb, "GNU.sparse.size", "1073741824", "GNU.sparse.map",
		 "1073741820,4");
	made_add(&sb, .name = "big", .data = "tail");
	made_pax(&sb, "GNU.sparse.size", "4096", "GNU.sparse.map", "0,1");
	made_add(&sb, .name = "small", .data = "h");
	unpack();
	cr_assert(fstatat(room.rootfd, "big", &st, 0) == 0);
	cr_expect(eq(i64, st.st_size, 1073741824));
	cr_expect(st.st_blocks < 100);
	cr_assert(fstatat(room.rootfd, "small", &st, 0) == 0);
	cr_expect(eq(i64, st.st_size, 4096));
}

Test(archive_layer_unpack, owners_that_cannot_be_set_are_recorded)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	struct layer_unpack_result result;
	struct strbuf want = STRBUF_INIT;
	char have[1000] = { 0 };

	if (geteuid() == 0)
		skip("root may set every owner");
	made_add(&sb, .type = '5', .name = "d", .uid = 7, .gid = 8);
	made_add(&sb, .name = "d/s", .mode = 06755, .uid = 4000000000);
	made_add(&sb, .type = '1', .name = "h", .link = "d/s", .mode = 06755,
		 .uid = 4000000000);
	made_add(&sb, .type = '3', .name = "null", .dev_major = 1,
		 .dev_minor = 3);
	made_add(&sb, .name = "null", .data = "no device");
	made_end(&sb);
	opts.input_fd = made_fd(sb.buf, sb.len);
	opts.root_fd = room.rootfd;
	opts.owners_fd = made_fd("", 0);
	cr_assert(layer_unpack(&opts, &result, NULL) == 0);
	expect_at("d/s", "f 0755 0");
	expect_at("null", "f 0644 9 no device");
	cr_expect(eq(u64, result.owner_count, 5));
	strbuf_addf(&want,
		    "f 6755 4000000000 %u 0 0 d/s\n"
		    "h 6755 4000000000 %u 0 0 h\nc 0644 %u %u 1 3 null\n"
		    "- 0000 0 0 0 0 null\nd 0755 7 8 0 0 d\n",
		    getegid(), getegid(), geteuid(), getegid());
	cr_expect(pread(opts.owners_fd, have, 999, 0) > 0);
	cr_expect(eq(str, have, want.buf));
	(void)close(opts.input_fd);
	(void)close(opts.owners_fd);
	strbuf_release(&want);
}

Test(archive_layer_unpack, root_sets_owners_before_set_id_bits)
{
	struct stat st;

	if (geteuid() != 0)
		skip("needs root");
	made_add(&sb, .name = "s", .mode = 06755, .uid = 7, .gid = 8);
	made_add(&sb, .type = '5', .name = "d", .mode = 02775, .uid = 9,
		 .gid = 10);
	made_add(&sb, .name = "d/f", .data = "x");
	made_add(&sb, .type = '2', .name = "l", .link = "s", .uid = 11,
		 .gid = 12);
	unpack();
	expect_at("s", "f 6755 0");
	expect_at("d", "d 2775");
	cr_assert(fstatat(room.rootfd, "s", &st, 0) == 0);
	cr_expect(st.st_uid == 7 && st.st_gid == 8);
	cr_assert(fstatat(room.rootfd, "d/f", &st, 0) == 0);
	cr_expect(st.st_uid == 0 && st.st_gid == 0);
	cr_assert(fstatat(room.rootfd, "l", &st, AT_SYMLINK_NOFOLLOW) == 0);
	cr_expect(st.st_uid == 11 && st.st_gid == 12);
}

Test(archive_layer_unpack, a_truncated_or_damaged_layer_is_refused)
{
	struct strbuf gz = STRBUF_INIT;

	made_add(&sb, .name = "a", .data = "text");
	made_end(&sb);
	made_compress(&gz, MADE_GZIP, sb.buf, sb.len);
	strbuf_truncate(&gz, gz.len - 3);
	cr_expect(eq(int, room_unpack(&room, &gz, NULL, NULL), -EBADMSG));
	strbuf_addstr(&gz, "xyz");
	cr_expect(eq(int, room_unpack(&room, &gz, NULL, NULL), -EBADMSG));
	strbuf_truncate(&sb, 514);
	cr_expect(eq(int, room_unpack(&room, &sb, NULL, NULL), -EBADMSG));
	strbuf_release(&gz);
}

Test(archive_layer_unpack, a_layer_beyond_the_limit_is_refused)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	struct layer_unpack_result result;

	made_add(&sb, .name = "a", .data = "text");
	made_end(&sb);
	opts.max_bytes = sb.len - 1;
	opts.root_fd = room.rootfd;
	opts.input_fd = made_fd(sb.buf, sb.len);
	cr_expect(eq(int, layer_unpack(&opts, &result, NULL), -EFBIG));
	(void)close(opts.input_fd);
}

Test(archive_layer_unpack, an_error_does_not_wait_for_a_silent_writer,
     .timeout = 10)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	struct layer_unpack_result result;
	int fds[2];

	cr_assert(pipe(fds) == 0);
	made_add(&sb, .name = "../x");
	cr_assert(write(fds[1], sb.buf, sb.len) == (ssize_t)sb.len);
	strbuf_reset(&sb);
	strbuf_pad(&sb, 'x', 40000);
	cr_assert(write(fds[1], sb.buf, sb.len) == (ssize_t)sb.len);
	opts.root_fd = room.rootfd;
	opts.input_fd = fds[0];
	/* The first piece is not full: it comes only with a whole buffer. */
	(void)close(fds[1]);
	cr_expect(eq(int, layer_unpack(&opts, &result, NULL), -EBADMSG));
	(void)close(fds[0]);
}
