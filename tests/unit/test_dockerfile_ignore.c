/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "dockerfile/ignore.h"

struct ignore_case {
	const char *file, *path;
	bool excluded;
};

Test(dockerfile_ignore, the_last_pattern_that_matches_wins)
{
	static const struct ignore_case cases[] = {
		{ "", "a", false },
		{ "a", "a", true },
		{ "a", "b", false },
		{ "a", "x/a", false },
		{ "/a", "a", true },
		{ "a/", "a", true },
		{ "a/", "a/b/c", true },
		{ "./a//b/../c", "a/c", true },
		{ "../a", "a", false },
		{ "/../a", "a", true },
		{ "a\r\nb\r\n", "b", true },
		{ "\xef\xbb\xbf"
		  "a",
		  "a", true },
		{ "# a\na", "a", true },
		{ "#a", "#a", false },
		{ " #a", "#a", true },
		{ "\\#a", "#a", true },
		{ "  a\t ", "a", true },
		{ ".", "a", false },
		{ "/", "a", false },
		{ "*", "a", true },
		{ "*", "a/b", true },
		{ "*", ".a", true },
		{ "*.md", "a.md", true },
		{ "*.md", "x/a.md", false },
		{ "*/*.md", "x/a.md", true },
		{ "*/*.md", "y/x/a.md", false },
		{ "a?c", "abc", true },
		{ "a?c",
		  "a\xc3\xa9"
		  "c",
		  true },
		{ "a?c", "a/c", false },
		{ "[a-c]x", "bx", true },
		{ "[^a-c]x", "bx", false },
		{ "[^a-c]x", "dx", true },
		{ "[!a]x", "!x", true },
		{ "a\\*", "a*", true },
		{ "a\\*", "ab", false },
		{ "**", "a/b", true },
		{ "**/a", "a", true },
		{ "**/a", "x/y/a", true },
		{ "**/a", "xa", false },
		{ "**/a", "x/a/b", true },
		{ "**/*.o", "x/y/z.o", true },
		{ "a/**", "a/b/c", true },
		{ "a/**", "a", false },
		{ "a/**/b", "a/b", true },
		{ "a/**/b", "a/x/y/b", true },
		{ "a/**/b", "a/xb", false },
		{ "a**b", "a/x/ab", false },
		{ "**a**b", "a/x/ab", true },
		{ "a**b", "axb", false },
		{ "*.md\n!README.md", "README.md", false },
		{ "*.md\n!README.md", "a.md", true },
		{ "!README.md\n*.md", "README.md", true },
		{ "*.md\n!README*.md\nREADME-secret.md", "README-secret.md",
		  true },
		{ "*.md\n!README*.md\nREADME-secret.md", "README-x.md", false },
		{ "*\n!keep", "keep", false },
		{ "*\n! keep", "keep", false },
		{ "*\n!keep", "keep/a", false },
		{ "*\n!keep", "other/a", true },
		{ "*\n!a/b", "a/b", false },
		{ "*\n!a/b", "a/c", true },
		{ "a\n!a/b/c", "a/b/c", false },
		{ "a\n!a/b/c", "a/b/d", true },
		{ "**/node_modules\n!x/node_modules/y", "x/node_modules/y/z",
		  false },
		{ "a/*\n!a/b\na/b/c", "a/b/c", true },
		{ "a/*\n!a/b\na/b/c", "a/b/d", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
		struct err err = ERR_INIT;

		cr_assert(zero(int, ignore_parse(ignore, span_of(cases[i].file),
						 "i", &err)),
			  "%s: %s", cases[i].file, err.text);
		cr_expect(eq(int, ignore_excludes(ignore, cases[i].path),
			     cases[i].excluded),
			  "'%s' on '%s'", cases[i].file, cases[i].path);
	}
}

Test(dockerfile_ignore, malformed_patterns_are_named)
{
	static const char *const bad[] = { "[", "a[b", "[]a]", "a\\", "[b-a]",
					   "!", "! ",  "[a-]", "[^]" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
		cleanup_free char *text = xasprintf("ok\n%s\n", bad[i]);
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     ignore_parse(ignore, span_of(text), "i", &err),
			     -EINVAL),
			  "%s", bad[i]);
		cr_expect(strstr(err.text, "i:2: ") != NULL, "%s", err.text);
	}
}

Test(dockerfile_ignore, a_directory_is_skipped_when_nothing_below_is_wanted)
{
	static const struct ignore_case cases[] = {
		{ "a", "a", true },
		{ "a\n!b", "a", true },
		{ "a\n!a/b", "a", false },
		{ "a\n!a/b", "a/b", true },
		{ "a\n!a/b/c", "a/b", false },
		{ "a\n!*/b", "a", false },
		{ "a\n!*/b", "a/c", true },
		{ "a\n!**/b", "a/c", false },
		{ "a\n!b/c", "a", true },
		{ "a\n!ab/c", "a", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_with(ignore_free) struct ignore *ignore = ignore_new();

		cr_assert(zero(int, ignore_parse(ignore, span_of(cases[i].file),
						 "i", NULL)));
		cr_expect(eq(int, ignore_may_skip_dir(ignore, cases[i].path),
			     cases[i].excluded),
			  "'%s' at '%s'", cases[i].file, cases[i].path);
	}
}

Test(dockerfile_ignore, a_hostile_pattern_ends)
{
	cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
	cleanup_strbuf struct strbuf pattern = STRBUF_INIT;
	cleanup_strbuf struct strbuf path = STRBUF_INIT;

	for (int i = 0; i < 60; i++)
		strbuf_addstr(&pattern, "**/*a*b*/");
	strbuf_addstr(&pattern, "z");
	for (int i = 0; i < 300; i++)
		strbuf_addstr(&path, "aab/");
	strbuf_addstr(&path, "y");
	cr_assert(zero(int, ignore_add(ignore, pattern.buf, NULL)));
	cr_expect(not(ignore_excludes(ignore, path.buf)));
}
