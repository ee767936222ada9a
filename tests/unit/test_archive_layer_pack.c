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

#include "archive/layer_marks.h"
#include "archive/layer_pack.h"
#include "archive/tar_reader.h"
#include "archive_help.h"

static struct room room;
static struct strbuf sb = STRBUF_INIT;     /* an archive to unpack */
static struct strbuf packed = STRBUF_INIT; /* what was packed */
static struct strbuf listing = STRBUF_INIT;

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
	strbuf_release(&packed);
	strbuf_release(&listing);
}

TestSuite(archive_layer_pack, .init = set_up, .fini = tear_down);
TestSuite(archive_layer_marks, .init = set_up, .fini = tear_down);

static int
keep(void *data, const void *bytes, size_t len, struct err *err)
{
	strbuf_add(data, bytes, len);
	return 0;
}

static void
pack_with(struct layer_pack_opts opts)
{
	struct byte_sink sink = { .write = keep, .data = &packed };
	struct err err = ERR_INIT;
	int r;

	opts.root_fd = room.rootfd;
	strbuf_reset(&packed);
	r = layer_pack(&opts, &sink, NULL, &err);
	cr_assert(eq(int, r, 0), "%s", err.text);
}

static void
pack(void)
{
	pack_with((struct layer_pack_opts)LAYER_PACK_OPTS_INIT);
}

static ssize_t
give_all(void *data, const uint8_t **ret_piece, struct err *err)
{
	bool *given = data;

	*ret_piece = (const uint8_t *)packed.buf;
	if (*given)
		return 0;
	*given = true;
	return (ssize_t)packed.len;
}

/* One line for each entry: type, mode, owner, name, target, content length. */
static const char *
list(void)
{
	static const char letters[] = "fdlhcbp";
	bool given = false;
	struct byte_source source = { .next = give_all, .data = &given };
	cleanup_with(tar_reader_free) struct tar_reader *reader =
		tar_reader_new(&source);
	const struct tar_entry *entry;

	strbuf_reset(&listing);
	while (tar_reader_next(reader, &entry, NULL) > 0)
		strbuf_addf(&listing, "%c %04o %u:%u %s %s %u\n",
			    letters[entry->type], entry->mode,
			    entry->uid == getuid() ? 0 : entry->uid,
			    entry->gid == getgid() ? 0 : entry->gid,
			    entry->path, entry->link,
			    (unsigned int)entry->size);
	return listing.buf;
}

static void
put(const char *name, const char *text, mode_t mode)
{
	int fd =
		openat(room.rootfd, name, O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	cr_assert(fd >= 0);
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	cr_assert(eq(int, fchmod(fd, mode), 0));
	cr_assert(eq(int, close(fd), 0));
}

static void
make_dir(const char *name)
{
	cr_assert(eq(int, mkdirat(room.rootfd, name, 0755), 0));
	cr_assert(eq(int, fchmodat(room.rootfd, name, 0755, 0), 0));
}

Test(archive_layer_pack, names_are_sorted_and_links_follow_their_file)
{
	make_dir("d");
	put("z", "zz", 0640);
	put("d/b", "", 04755);
	put("d/a", "text", 0600);
	cr_assert(eq(int, linkat(room.rootfd, "d/a", room.rootfd, "c", 0), 0));
	cr_assert(eq(int, symlinkat("/etc/passwd", room.rootfd, "y"), 0));
	pack();
	cr_expect(eq(str, (char *)list(),
		     "f 0600 0:0 c  4\n"
		     "d 0755 0:0 d/  0\n"
		     "h 0600 0:0 d/a c 0\n"
		     "f 4755 0:0 d/b  0\n"
		     "l 0777 0:0 y /etc/passwd 0\n"
		     "f 0640 0:0 z  2\n"));
}

Test(archive_layer_pack, what_was_unpacked_packs_to_the_same_tree)
{
	cleanup_strbuf struct strbuf first = STRBUF_INIT;

	made_add(&sb, .type = '5', .name = "d/", .mode = 01777, .mtime = 7);
	made_add(&sb, .name = "d/f", .data = "text", .mode = 0751, .mtime = 9);
	made_add(&sb, .type = '6', .name = "p", .mode = 0622, .mtime = 3);
	made_end(&sb);
	cr_assert(eq(int, room_unpack(&room, &sb, NULL, NULL), 0));
	pack();
	strbuf_add(&first, packed.buf, packed.len);
	cr_assert(eq(int, unlinkat(room.rootfd, "p", 0), 0));
	cr_assert(eq(int, unlinkat(room.rootfd, "d/f", 0), 0));
	cr_assert(eq(int, unlinkat(room.rootfd, "d", AT_REMOVEDIR), 0));
	cr_assert(eq(int, room_unpack(&room, &first, NULL, NULL), 0));
	pack();
	cr_assert(eq(sz, packed.len, first.len));
	cr_expect(eq(int, memcmp(packed.buf, first.buf, first.len), 0));
}

Test(archive_layer_pack, marks_of_fuse_overlayfs_become_those_of_an_archive)
{
	make_dir("d");
	put("d/.wh..wh..opq", "", 0600);
	put("d/new", "1", 0644);
	put(".wh.gone", "", 0600);
	make_dir("e");
	put("e/.wh..opq", "", 0600);
	pack();
	cr_expect(eq(str, (char *)list(),
		     "f 0000 0:0 .wh.gone  0\n"
		     "d 0755 0:0 d/  0\n"
		     "f 0000 0:0 d/.wh..wh..opq  0\n"
		     "f 0644 0:0 d/new  1\n"
		     "d 0755 0:0 e/  0\n"
		     "f 0000 0:0 e/.wh..wh..opq  0\n"));
}

Test(archive_layer_pack, a_whole_root_has_no_marks)
{
	struct layer_pack_opts opts = LAYER_PACK_OPTS_INIT;

	put(".wh.gone", "", 0600);
	put("kept", "", 0644);
	opts.whole = true;
	pack_with(opts);
	cr_expect(eq(str, (char *)list(), "f 0644 0:0 kept  0\n"));
}

Test(archive_layer_pack, recorded_owners_are_those_of_the_archive)
{
	static const char record[] = "f 4755 33 44 0 0 prog\n"
				     "c 0620 0 5 4 1 tty\n"
				     "d 0700 9 9 0 0 old\n"
				     "- 0000 0 0 0 0 old\n";
	struct layer_pack_opts opts = LAYER_PACK_OPTS_INIT;

	put("prog", "x", 0755);
	put("tty", "", 0600);
	make_dir("old");
	opts.owners_fd = made_fd(record, strlen(record));
	pack_with(opts);
	(void)close(opts.owners_fd);
	cr_expect(eq(str, (char *)list(),
		     "d 0755 0:0 old/  0\n"
		     "f 4755 33:44 prog  1\n"
		     "c 0620 0:5 tty  0\n"));
}

Test(archive_layer_pack, times_are_clamped)
{
	struct layer_pack_opts opts = LAYER_PACK_OPTS_INIT;
	cleanup_strbuf struct strbuf first = STRBUF_INIT;
	struct timespec times[2] = { { 0 }, { .tv_sec = 2000 } };

	put("f", "x", 0644);
	opts.clamp = true;
	opts.max_time = 1000;
	pack_with(opts);
	strbuf_add(&first, packed.buf, packed.len);
	cr_assert(eq(int, utimensat(room.rootfd, "f", times, 0), 0));
	pack_with(opts);
	cr_expect(eq(int, memcmp(packed.buf, first.buf, first.len), 0));
	times[1].tv_sec = 500;
	cr_assert(eq(int, utimensat(room.rootfd, "f", times, 0), 0));
	pack_with(opts);
	cr_expect(ne(int, memcmp(packed.buf, first.buf, first.len), 0));
}

Test(archive_layer_pack, attributes_of_storage_drivers_stay_behind)
{
	int fd;

	put("f", "x", 0644);
	fd = openat(room.rootfd, "f", O_RDONLY | O_CLOEXEC);
	if (fsetxattr(fd, "user.b", "2", 1, 0) < 0)
		cr_skip_test("no user attributes here");
	(void)fsetxattr(fd, "user.a", "1", 1, 0);
	(void)fsetxattr(fd, "user.overlay.origin", "x", 1, 0);
	(void)fsetxattr(fd, "user.fuseoverlayfs.origin", "x", 1, 0);
	(void)close(fd);
	pack();
	cr_expect(memmem(packed.buf, packed.len, "SCHILY.xattr.user.a=1", 21) !=
		  NULL);
	cr_expect(memmem(packed.buf, packed.len, "xattr.user.b=2", 14) != NULL);
	cr_expect(memmem(packed.buf, packed.len, "overlay", 7) == NULL);
}

Test(archive_layer_pack, a_damaged_record_of_owners_is_refused)
{
	struct layer_pack_opts opts = LAYER_PACK_OPTS_INIT;
	struct byte_sink sink = { .write = keep, .data = &packed };

	opts.root_fd = room.rootfd;
	opts.owners_fd = made_fd("f 9999 0 0\n", 11);
	cr_expect(eq(int, layer_pack(&opts, &sink, NULL, NULL), -EBADMSG));
	(void)close(opts.owners_fd);
}

Test(archive_layer_marks, an_upper_of_fuse_overlayfs_gets_the_stores_form)
{
	struct err err = ERR_INIT;
	struct stat st;
	int fd;

	make_dir("d");
	put("d/.wh..wh..opq", "", 0600);
	put("d/.wh.gone", "", 0600);
	fd = openat(room.rootfd, "d", O_RDONLY | O_CLOEXEC);
	if (fsetxattr(fd, "user.fuseoverlayfs.origin", "x", 1, 0) < 0)
		cr_skip_test("no user attributes here");
	if (layer_marks_to_native(room.rootfd, &err) == -EPERM)
		cr_skip_test("whiteouts cannot be made here");
	cr_assert(eq(str, err.text, ""));
	cr_expect(layer_mark_is_opaque(fd));
	cr_expect(fgetxattr(fd, "user.fuseoverlayfs.origin", NULL, 0) < 0);
	(void)close(fd);
	cr_assert(eq(int, fstatat(room.rootfd, "d/gone", &st, 0), 0));
	cr_expect(eq(int, (int)(st.st_mode & S_IFMT), S_IFCHR));
	cr_expect(faccessat(room.rootfd, "d/.wh..wh..opq", F_OK, 0) < 0);
}
