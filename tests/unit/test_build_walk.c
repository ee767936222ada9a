/* SPDX-License-Identifier: Apache-2.0 */
#include "build_help.h"

static const char *const files[] = {
	"a.txt=a",           "b.txt=b",        "sub/c.txt=c", "sub/deep/d.md=d",
	"sub/deep/e.txt=e",  "[x]=brackets",   "empty/",      "link@sub/c.txt",
	"dirlink@sub/deep",  "out@/etc",       "up@../../..", "loop@loop",
	"star*name=literal", ".hidden=hidden", NULL,
};

/* What a COPY source names, joined by blanks; an error's code as text. */
static char *
matches(const struct walk_source *source, const char *pattern, bool deep)
{
	cleanup_strvec struct strvec found = STRVEC_INIT;
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;
	int r = walk_match(source, pattern, deep, &found, &err);

	if (r < 0)
		strbuf_addstr(&text, r == -ENOENT   ? "absent"
				     : r == -EINVAL ? "malformed"
						    : "error");
	for (size_t i = 0; r == 0 && i < found.len; i++)
		strbuf_addf(&text, "%s%s", i ? " " : "", found.v[i]);
	return strbuf_take(&text);
}

Test(build_walk, a_source_names_what_filepath_match_would)
{
	static const struct {
		const char *pattern;
		bool deep;
		const char *want;
	} cases[] = {
		{ "a.txt", false, "a.txt" },
		{ "/a.txt", false, "a.txt" },
		{ "../../a.txt", false, "a.txt" },
		{ "./sub/../a.txt", false, "a.txt" },
		{ "sub/", false, "sub" },
		{ ".", false, "" },
		{ "*.txt", false, "a.txt b.txt" },
		{ "?.txt", false, "a.txt b.txt" },
		{ "[ab].txt", false, "a.txt b.txt" },
		{ "[^a].txt", false, "b.txt" },
		{ "[b-z].txt", false, "b.txt" },
		{ "sub/*/*.md", false, "sub/deep/d.md" },
		{ "s*b/*.txt", false, "sub/c.txt" },
		{ "\\[x]", false, "[x]" },
		{ "star\\*name", false, "star*name" },
		{ "nothing*", false, "" },
		{ "**/*.txt", true, "a.txt b.txt sub/c.txt sub/deep/e.txt" },
		/* Links are followed inside, and nowhere else. */
		{ "link", false, "sub/c.txt" },
		{ "dirlink/e.txt", false, "sub/deep/e.txt" },
		{ "out/passwd", false, "absent" },
		{ "up/a.txt", false, "a.txt" },
		{ "missing", false, "absent" },
		{ "[a", false, "malformed" },
		{ "a\\", false, "malformed" },
	};
	struct tree tree = tree_new();
	struct walk_source source;

	tree_fill(&tree, files);
	source = tree_source(&tree, NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *got =
			matches(&source, cases[i].pattern, cases[i].deep);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].pattern);
	}
	view_close(&source.view);
	tree_free(&tree);
}

struct seen {
	struct strbuf text;
	int depth;
};

static int
note(void *data, const struct walk_entry *entry, struct err *err)
{
	struct seen *seen = data;

	strbuf_addf(&seen->text, "%s%s", seen->text.len ? " " : "",
		    *entry->rel ? entry->rel : ".");
	if (S_ISDIR(entry->node->st.st_mode)) {
		strbuf_addch(&seen->text, '/');
		seen->depth++;
	}
	return 0;
}

static int
left(void *data, struct err *err)
{
	struct seen *seen = data;

	seen->depth--;
	return 0;
}

static void
check_walk(const struct tree *tree, const char *ignored, const char *excluded,
	   const char *path, const char *want)
{
	cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
	cleanup_with(ignore_free) struct ignore *exclude = ignore_new();
	struct seen seen = { .text = STRBUF_INIT };
	struct walk_visitor visitor = {
		.enter = note, .leave = left, .visit = note, .data = &seen
	};
	cleanup_strvec struct strvec lines = STRVEC_INIT;
	struct walk_source source;

	strvec_split(&lines, ignored, "\n");
	for (size_t i = 0; i < lines.len; i++)
		cr_assert(ignore_add(ignore, lines.v[i], NULL) == 0);
	if (*excluded)
		cr_assert(ignore_add(exclude, excluded, NULL) == 0);
	source = tree_source(tree, ignore);
	cr_expect(
		eq(int, walk_tree(&source, path, exclude, &visitor, NULL), 0));
	cr_expect(eq(str, seen.text.buf, (char *)want), "'%s' '%s'", ignored,
		  excluded);
	cr_expect(eq(int, seen.depth, 0));
	view_close(&source.view);
	strbuf_release(&seen.text);
}

Test(build_walk, leaves_out_what_patterns_say)
{
	static const char *const some[] = { "a=1",     "d/b=2", "d/c=3",
					    "d/e/f=4", "l@d",   NULL };
	struct tree tree = tree_new();

	tree_fill(&tree, some);
	check_walk(&tree, "", "", "", "./ a d/ d/b d/c d/e/ d/e/f l");
	check_walk(&tree, "d", "", "", "./ a l");
	check_walk(&tree, "d\n!d/c", "", "", "./ a d/ d/c l");
	check_walk(&tree, "*\n!d/e/f", "", "", "./ d/ d/e/ d/e/f");
	check_walk(&tree, "**/f", "", "", "./ a d/ d/b d/c d/e/ l");
	check_walk(&tree, "", "d/b", "", "./ a d/ d/c d/e/ d/e/f l");
	/* Those of --exclude are relative to what is copied. */
	check_walk(&tree, "", "b", "d", "./ c e/ e/f");
	check_walk(&tree, "d/c", "b", "d", "./ e/ e/f");
	tree_free(&tree);
}

Test(build_walk, a_pile_of_trees_is_one)
{
	struct tree low = tree_new(), high = tree_new();
	struct walk_source source;
	cleanup_free char *all = NULL;

	tree_add(&low, "d/low=1");
	tree_add(&low, "both=low");
	tree_add(&high, "d/high=1");
	tree_add(&high, "both=high");
	source = tree_source(&high, NULL);
	cr_assert(view_add_fd(&source.view, low.fd, NULL) == 0);
	all = matches(&source, "**/*", true);
	cr_expect(eq(str, all, "both d d/high d/low"));
	view_close(&source.view);
	tree_free(&low);
	tree_free(&high);
}
