/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/tree_pipe.h"
#include "archive_help.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"

static struct room room; /* root/ has src/ and dst/ */

static void
put(const char *path, const char *text)
{
	cr_assert(eq(int,
		     fsx_write_atomic(room.rootfd, path, text, strlen(text),
				      0644, FSX_NOSYNC, NULL),
		     0));
}

static void
set_up(void)
{
	room_init(&room);
	cr_assert(eq(int, fsx_mkdir_p(room.rootfd, "src/dir/sub", 0755, NULL),
		     0));
	cr_assert(
		eq(int, fsx_mkdir_p(room.rootfd, "dst/there", 0755, NULL), 0));
	put("src/file", "F");
	put("src/dir/.wh.x", "W");
	put("src/dir/sub/y", "Y");
	put("dst/old", "O");
	cr_assert(
		eq(int, symlinkat("../dst/there", room.rootfd, "src/link"), 0));
}

static void
tear_down(void)
{
	cr_expect(room_sentinel_is_untouched(&room));
	room_release(&room);
}

TestSuite(archive_tree_pipe, .init = set_up, .fini = tear_down);

/* Small enough for the pipe: one process does both. */
static int
copy(const char *from, const char *to, bool follow, bool replaces)
{
	struct tree_end source = { .rootfd = room.rootfd, .path = from };
	cleanup_free char *base = tree_pipe_base(from);
	struct tree_receive receive = {
		.to = { .rootfd = room.rootfd, .path = to },
		.base = base,
		.replaces = replaces,
		.uid = getuid(),
		.gid = getgid(),
	};
	int fds[2], r;

	cr_assert(eq(int, pipe2(fds, O_CLOEXEC), 0));
	r = tree_pipe_send(&source, follow, fds[1], NULL, NULL);
	(void)close(fds[1]);
	if (r == 0)
		r = tree_pipe_receive(&receive, fds[0], NULL, NULL);
	(void)close(fds[0]);
	return r;
}

static void
check(const char *path, const char *want)
{
	cr_expect(eq(str, (char *)room_look(room.rootfd, path), (char *)want),
		  "%s", path);
}

Test(archive_tree_pipe, the_target_decides_the_name)
{
	cr_assert(eq(int, copy("/src/file", "/dst/new", false, false), 0));
	check("dst/new", "f 0644 1 F");
	cr_assert(eq(int, copy("/src/file", "/dst/there", false, false), 0));
	check("dst/there/file", "f 0644 1 F");
	cr_assert(eq(int, copy("/src/file", "/dst/old", false, false), 0));
	check("dst/old", "f 0644 1 F");
	cr_assert(eq(int, copy("src/dir", "/dst/fresh", false, false), 0));
	check("dst/fresh/sub/y", "f 0644 1 Y");
	cr_assert(eq(int, copy("src/dir", "/dst/there", false, false), 0));
	check("dst/there/dir/sub/y", "f 0644 1 Y");
	cr_assert(eq(int, copy("src/dir/.", "/dst/there", false, false), 0));
	check("dst/there/sub/y", "f 0644 1 Y");
	cr_assert(eq(int, copy("src/dir/.", "/dst/made", false, false), 0));
	check("dst/made/sub/y", "f 0644 1 Y");
}

Test(archive_tree_pipe, what_does_not_fit_is_refused)
{
	static const struct {
		const char *from, *to;
		int r;
	} cases[] = {
		{ "/src/none", "/dst/x", -ENOENT },
		{ "/src/file/", "/dst/x", -ENOTDIR },
		{ "/src/file", "/none/x", -ENOENT },
		{ "/src/file", "/dst/none/", -ENOENT },
		{ "/src/file", "/dst/old/", -ENOTDIR },
		{ "/src/dir", "/dst/old", -ENOTDIR },
		{ "/src/dir/.", "/dst/old", -ENOTDIR },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int,
			     copy(cases[i].from, cases[i].to, false, false),
			     cases[i].r),
			  "%s to %s", cases[i].from, cases[i].to);
	check("dst/old", "f 0644 1 O");
}

Test(archive_tree_pipe, a_directory_is_replaced_only_when_told)
{
	cr_assert(eq(int,
		     fsx_mkdir_p(room.rootfd, "dst/there/file/z", 0755, NULL),
		     0));
	cr_assert(eq(int, copy("/src/file", "/dst/there", false, false),
		     -EISDIR));
	check("dst/there/file/z", "d 0755");
	cr_assert(eq(int, copy("/src/file", "/dst/there", false, true), 0));
	check("dst/there/file", "f 0644 1 F");
}

Test(archive_tree_pipe, names_of_whiteouts_are_names)
{
	cr_assert(eq(int, copy("/src/dir", "/dst/there", false, false), 0));
	check("dst/there/dir/.wh.x", "f 0644 1 W");
}

Test(archive_tree_pipe, links_stay_links_unless_followed)
{
	cr_assert(eq(int, copy("/src/link", "/dst/l", false, false), 0));
	check("dst/l", "l ../dst/there");
	put("dst/there/in", "I");
	cr_assert(eq(int, copy("/src/link", "/dst/d", true, false), 0));
	check("dst/d/in", "f 0644 1 I");
}

Test(archive_tree_pipe, no_link_leads_out_of_the_root)
{
	static const char *const outs[] = {
		"../../../../../../../../tmp/dhow-out",
		"/tmp/dhow-out",
		"../../sentinel/new",
	};

	for (size_t i = 0; i < ARRAY_LEN(outs); i++) {
		cr_assert(
			eq(int, symlinkat(outs[i], room.rootfd, "dst/out"), 0));
		(void)copy("/src/file", "/dst/out", false, false);
		(void)copy("/src/file", "/dst/out/file", false, false);
		cr_assert(eq(int, unlinkat(room.rootfd, "dst/out", 0), 0));
	}
	cr_expect(lt(int, access("/tmp/dhow-out", F_OK), 0));
}

Test(archive_tree_pipe, an_archive_goes_into_a_directory_only)
{
	struct tree_receive receive = {
		.to = { .rootfd = room.rootfd, .path = "/dst/old" },
		.archive = true,
		.keep_owners = true,
		.drop_setid = true,
	};
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int fd;

	made_add(&sb, .name = "../../sentinel/x", .data = "X");
	made_end(&sb);
	fd = made_fd(sb.buf, sb.len);
	cr_expect(
		eq(int, tree_pipe_receive(&receive, fd, NULL, NULL), -ENOTDIR));
	(void)lseek(fd, 0, SEEK_SET);
	receive.to.path = "/dst/there";
	cr_expect(
		eq(int, tree_pipe_receive(&receive, fd, NULL, NULL), -EBADMSG));
	(void)close(fd);
	strbuf_reset(&sb);
	made_add(&sb, .name = "a/b", .data = "B", .mode = 04755);
	made_end(&sb);
	fd = made_fd(sb.buf, sb.len);
	cr_expect(eq(int, tree_pipe_receive(&receive, fd, NULL, NULL), 0));
	(void)close(fd);
	check("dst/there/a/b", "f 0755 1 B");
}
