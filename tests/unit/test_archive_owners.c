/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "archive/entry_path.h"
#include "archive/owner_mark.h"

Test(archive_owners, lines_survive_writing_and_reading)
{
	static const char *const paths[] = {
		"",          "etc/shadow",  "with space",
		"new\nline", "back\\slash", "\xc3\xa9t\xe9",
		"\x7f\x01",  "a\\040b",
	};
	struct strbuf lines = STRBUF_INIT, path = STRBUF_INIT;
	struct owner owner = { 'c', 04755, 1, 4294967294, 5, 6 }, back;
	struct span rest;

	for (size_t i = 0; i < 8; i++)
		owners_add_line(&lines, &owner, paths[i]);
	rest = span_of(lines.buf);
	for (size_t i = 0; i < 8; i++) {
		cr_assert(eq(int, owners_next(&rest, &back, &path, NULL), 1));
		cr_expect(eq(str, path.buf, (char *)paths[i]));
		cr_expect(back.type == 'c' && back.mode == 04755 &&
			  back.uid == 1 && back.gid == 4294967294 &&
			  back.dev_major == 5 && back.dev_minor == 6);
	}
	cr_expect(eq(int, owners_next(&rest, &back, &path, NULL), 0));
	strbuf_release(&lines);
	strbuf_release(&path);
}

Test(archive_owners, other_lines_are_refused)
{
	static const char *const lines[] = {
		"\n",
		"f\n",
		"x 0644 0 0 0 0 a\n",
		"f 0648 0 0 0 0 a\n",
		"f 0644 0 0 0 0\n",
		"f 0644 0 0 0 0 \n",
		"f 0644 -1 0 0 0 a\n",
		"f 0644 4294967296 0 0 0 a\n",
		"f 010000 0 0 0 0 a\n",
		"f 0644 0 0 0 0 a b\n",
		"f 0644 0 0 0 0 a\\\n",
		"f 0644 0 0 0 0 \\000\n",
		"f 0644 0 0 0 0 \\400\n",
		"f 0644  0 0 0 0 a\n",
		"f0644 0 0 0 0 a\n",
	};
	struct strbuf path = STRBUF_INIT;
	struct owner owner;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct span rest = span_of(lines[i]);

		cr_expect(eq(int, owners_next(&rest, &owner, &path, NULL),
			     -EBADMSG),
			  "%s", lines[i]);
	}
	strbuf_release(&path);
}

Test(archive_entry_path, names_are_cleaned_and_stay_inside)
{
	static const struct {
		const char *name;
		const char *want; /* NULL: refused */
	} cases[] = {
		{ "a", "a" },
		{ "./a/", "a" },
		{ "/a//b/./c", "a/b/c" },
		{ ".", "" },
		{ "./", "" },
		{ "/", "" },
		{ "a/../b", "b" },
		{ "a/b/..", "a" },
		{ "a/..", "" },
		{ "...", "..." },
		{ "", NULL },
		{ "..", NULL },
		{ "/..", NULL },
		{ "a/../../b", NULL },
		{ "../a", NULL },
		{ "./../a", NULL },
	};
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int r = entry_path_clean(cases[i].name, 9, &sb, NULL);

		cr_expect(eq(int, r, cases[i].want ? 0 : -EBADMSG), "'%s'",
			  cases[i].name);
		if (cases[i].want)
			cr_expect(eq(str, sb.buf, (char *)cases[i].want));
	}
	cr_expect(entry_path_clean("1/2/3", 3, &sb, NULL) == 0);
	cr_expect(entry_path_clean("1/2/3/4", 3, &sb, NULL) == -ENAMETOOLONG);
	strbuf_release(&sb);
}

Test(archive_entry_path, whiteouts_are_told_from_names)
{
	static const struct {
		const char *path;
		int want;
	} cases[] = {
		{ "a/b", ENTRY_PLAIN },
		{ "", ENTRY_PLAIN },
		{ "a/.whale", ENTRY_PLAIN },
		{ "a.wh.b", ENTRY_PLAIN },
		{ ".wh.b", ENTRY_WHITEOUT },
		{ "a/.wh.b", ENTRY_WHITEOUT },
		{ "a/.wh...b", ENTRY_WHITEOUT },
		{ ".wh..wh..opq", ENTRY_OPAQUE },
		{ "a/.wh..wh..opq", ENTRY_OPAQUE },
		{ ".wh..wh.plnk", ENTRY_IGNORED },
		{ ".wh..wh.plnk/1.2", ENTRY_IGNORED },
		{ ".wh..wh.aufs", ENTRY_IGNORED },
		{ "a/.wh.", -EBADMSG },
		{ "a/.wh..", -EBADMSG },
		{ "a/.wh...", -EBADMSG },
		{ "a/.wh.b/c", -EBADMSG },
		{ ".wh.a/.wh..wh..opq", -EBADMSG },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, entry_path_kind(cases[i].path, NULL),
			     cases[i].want),
			  "%s", cases[i].path);
}

Test(archive_owners, a_mark_is_one_line_without_a_path)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{ "f 0644 33 34 0 0 .\n", true },
		{ "d 01777 33 34 0 0 .\n", true },
		{ "c 0600 0 5 4 1 .\n", true },
		{ "f 0644 33 34 0 0 .", true },
		{ "f 0644 33 34 0 0 a\n", false },
		{ "l 0644 33 34 0 0 .\n", false },
		{ "- 0000 0 0 0 0 .\n", false },
		{ "f 0644 33 34 0 0 .\nf 0644 1 1 0 0 .\n", false },
		{ "f 0644 33\n", false },
		{ "", false },
	};
	struct owner owner;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int,
			     owner_mark_parse(cases[i].text,
					      strlen(cases[i].text), &owner),
			     cases[i].ok),
			  "'%s'", cases[i].text);
}
