/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that want out: GHSA-c72p-9xmj-rx3w, CVE-2020-10696 and their kin.
 * After each, what lies beside the root is as it was; the archive was refused,
 * or what it asked for is found inside the root.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_help.h"

struct hostile {
	const char *label;
	int want;                     /* of layer_unpack() */
	struct made_entry entries[6]; /* up to one without a name */
	const char *path;             /* inside the root, NULL: not looked at */
	const char *look;
};

#define REFUSED(what, ...)                                                    \
	{                                                                     \
		.label = (what), .want = -EBADMSG, .entries = { __VA_ARGS__ } \
	}
#define HELD(what, at, looks, ...)                                           \
	{                                                                    \
		.label = (what), .path = (at), .look = (looks), .entries = { \
			__VA_ARGS__                                          \
		}                                                            \
	}
#define AFILE(at, text)                      \
	{                                    \
		.name = (at), .data = (text) \
	}
#define ADIR(at)                                        \
	{                                               \
		.type = '5', .name = (at), .mode = 0777 \
	}
#define SYMLINK(at, to)                                 \
	{                                               \
		.type = '2', .name = (at), .link = (to) \
	}
#define HARDLINK(at, to)                                \
	{                                               \
		.type = '1', .name = (at), .link = (to) \
	}
#define FIFO(at)                          \
	{                                 \
		.type = '6', .name = (at) \
	}

static const struct hostile corpus[] = {
	REFUSED("CVE-2020-10696: parent in the name",
		AFILE("../sentinel/file", "evil")),
	REFUSED("parent in the middle of the name",
		AFILE("a/../../sentinel/file", "evil")),
	REFUSED("parent behind a slash", AFILE("/../sentinel/file", "evil")),
	REFUSED("parent of a directory", ADIR("../sentinel")),
	REFUSED("parent by a trailing component", ADIR("..")),
	HELD("absolute name stays inside", "tmp/x", "f 0644 1 x",
	     AFILE("/tmp/x", "x")),
	REFUSED("absolute symlink, then a file through it",
		SYMLINK("l", "/sentinel"), AFILE("l/file", "evil")),
	REFUSED("relative symlink, then a file through it",
		SYMLINK("l", "../sentinel"), AFILE("l/file", "evil")),
	HELD("symlink to the file itself, then the file", "l", "f 0644 4 mine",
	     SYMLINK("l", "../sentinel/file"), AFILE("l", "mine")),
	HELD("symlink, then a directory of its name", "l", "d 0777",
	     SYMLINK("l", "../sentinel"), ADIR("l")),
	REFUSED("symlink to a symlink's parent", SYMLINK("a", ".."),
		SYMLINK("b", "a/../sentinel"), AFILE("b/file", "evil")),
	REFUSED("symlink to itself", SYMLINK("l", "l"),
		AFILE("l/file", "evil")),
	REFUSED("symlink of proc", SYMLINK("l", "/proc/self/cwd"),
		AFILE("l/file", "evil")),
	REFUSED("symlink without a target", SYMLINK("l", "")),
	REFUSED("hard link to a file outside",
		HARDLINK("h", "../sentinel/file")),
	REFUSED("hard link to an absolute file", HARDLINK("h", "/etc/passwd")),
	REFUSED("hard link through a symlink", SYMLINK("l", "../sentinel"),
		HARDLINK("h", "l/file")),
	HELD("hard link to a symlink names the link", "h", "l ../sentinel/file",
	     SYMLINK("l", "../sentinel/file"), HARDLINK("h", "l")),
	HELD("hard link to a symlink, then written", "h", "f 0644 4 mine",
	     SYMLINK("l", "../sentinel/file"), HARDLINK("h", "l"),
	     AFILE("h", "mine")),
	REFUSED("hard link to a directory", ADIR("d"), HARDLINK("h", "d")),
	REFUSED("hard link to the root", HARDLINK("h", ".")),
	REFUSED("hard link to nothing", HARDLINK("h", "")),
	REFUSED("hard link to a later entry", HARDLINK("h", "f"),
		AFILE("f", "x")),
	REFUSED("hard link into what it replaces", AFILE("d/f", "x"),
		HARDLINK("d", "d/f")),
	HELD("CVE of chmod by a link: mode of a symlink", "l",
	     "l ../sentinel/file",
	     { .type = '2',
	       .name = "l",
	       .link = "../sentinel/file",
	       .mode = 04777 }),
	REFUSED("whiteout of the parent", AFILE(".wh...", "")),
	REFUSED("whiteout of the root", AFILE(".wh..", "")),
	REFUSED("whiteout of nothing", AFILE(".wh.", "")),
	REFUSED("whiteout of a parent's entry", AFILE("../.wh.sentinel", "")),
	REFUSED("whiteout through a symlink", SYMLINK("l", "../sentinel"),
		AFILE("l/.wh.file", "")),
	REFUSED("opaque through a symlink", SYMLINK("l", "../sentinel"),
		AFILE("l/.wh..wh..opq", "")),
	REFUSED("opaque parent", AFILE("../.wh..wh..opq", "")),
	REFUSED("a file below a whiteout's own name", AFILE(".wh.d/f", "x")),
	REFUSED("a file below a file", AFILE("f", "x"), AFILE("f/g", "x")),
	REFUSED("a file below a fifo", FIFO("p"), AFILE("p/g", "x")),
	HELD("a fifo, then a file of its name", "p", "f 0644 1 x", FIFO("p"),
	     AFILE("p", "x")),
	REFUSED("no name", AFILE("", "x")),
	REFUSED("the root as a file", AFILE("./", "x")),
	REFUSED("the root as a symlink", SYMLINK(".", "../sentinel")),
	REFUSED("a directory replaced by a symlink, then used",
		AFILE("d/f", "x"), SYMLINK("d", "../sentinel"),
		AFILE("d/file", "evil")),
	REFUSED("a cached parent replaced by a symlink", AFILE("a/b/f", "x"),
		SYMLINK("a/b", "../../sentinel"), AFILE("a/b/file", "evil")),
	HELD("a directory's metadata by a later symlink", "d", "l ../sentinel",
	     ADIR("d"), SYMLINK("d", "../sentinel")),
	HELD("a directory's metadata through a later parent", "a",
	     "l ../sentinel", ADIR("a/dir"), SYMLINK("a", "../sentinel")),
	HELD("white space and control bytes", "a\n\tb\x1b[31m", "f 0644 1 x",
	     AFILE("a\n\tb\x1b[31m", "x")),
};
#define CORPUS (sizeof(corpus) / sizeof(corpus[0]))

Test(archive_hostile, nothing_outside_the_root_is_ever_touched)
{
	for (size_t i = 0; i < CORPUS; i++) {
		const struct hostile *hostile = &corpus[i];
		struct strbuf sb = STRBUF_INIT;
		struct err err = ERR_INIT;
		struct room room;
		int r;

		room_init(&room);
		for (size_t k = 0; k < 6 && hostile->entries[k].name; k++)
			made_append(&sb, &hostile->entries[k]);
		made_end(&sb);
		r = room_unpack(&room, &sb, NULL, &err);
		cr_expect(eq(int, r, hostile->want), "%s: %s", hostile->label,
			  err.text);
		cr_expect(r == 0 || err.text[0], "%s has no story",
			  hostile->label);
		if (hostile->path)
			cr_expect(eq(str,
				     (char *)room_look(room.rootfd,
						       hostile->path),
				     (char *)hostile->look),
				  "%s", hostile->label);
		cr_expect(room_sentinel_is_untouched(&room), "%s",
			  hostile->label);
		room_release(&room);
		strbuf_release(&sb);
	}
}

static int
unpack_deep(size_t depth)
{
	struct strbuf sb = STRBUF_INIT, path = STRBUF_INIT;
	struct room room;
	int r;

	for (size_t i = 0; i < depth; i++)
		strbuf_addstr(&path, "d/");
	room_init(&room);
	made_pax(&sb, "path", path.buf);
	made_add(&sb, .type = '5', .name = "x");
	made_end(&sb);
	r = room_unpack(&room, &sb, NULL, NULL);
	cr_expect(room_sentinel_is_untouched(&room));
	room_release(&room);
	strbuf_release(&sb);
	strbuf_release(&path);
	return r;
}

Test(archive_hostile, depth_has_a_limit)
{
	cr_expect(eq(int, unpack_deep(1024), 0));
	cr_expect(eq(int, unpack_deep(1025), -ENAMETOOLONG));
	cr_expect(eq(int, unpack_deep(65536), -ENAMETOOLONG));
}

Test(archive_hostile, symlinks_do_not_make_depth_without_end)
{
	struct strbuf sb = STRBUF_INIT;
	struct room room;
	int r = 0;

	/* Each link leads 400 deep from where the last one led. */
	room_init(&room);
	for (int i = 0; i < 8; i++) {
		struct strbuf path = STRBUF_INIT;

		if (i)
			strbuf_addf(&path, "l%d/", i - 1);
		for (int k = 0; k < 400; k++)
			strbuf_addstr(&path, "d/");
		made_pax(&sb, "path", path.buf);
		made_add(&sb, .type = '5', .name = "x");
		made_pax(&sb, "path", "l", "linkpath", path.buf);
		made_add(&sb, .type = '2', .name = "l", .link = "x");
		strbuf_reset(&path);
		strbuf_addf(&path, "l%d", i);
		made_add(&sb, .type = '1', .name = path.buf, .link = "l");
		made_add(&sb, .type = '2', .name = "l", .link = "again");
		strbuf_release(&path);
	}
	made_end(&sb);
	r = room_unpack(&room, &sb, NULL, NULL);
	cr_expect(r == 0 || r == -EBADMSG || r == -ENAMETOOLONG, "%d", r);
	cr_expect(room_sentinel_is_untouched(&room));
	room_release(&room);
	strbuf_release(&sb);
}
