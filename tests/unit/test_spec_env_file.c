/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "spec/env_file.h"

static char *const host[] = { "HOME=/h", "EMPTY=", "LC_A=1", "LC_B=2",
			      "LCX=3",   "BROKEN", NULL };

static void
join(struct strbuf *sb, const struct strvec *list)
{
	for (size_t i = 0; i < list->len; i++)
		strbuf_addf(sb, "%s%s", i ? "|" : "", list->v[i]);
}

Test(spec_env_file, files_follow_their_grammar)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "", "" },
		{ "A=b\nC=d\n", "A=b|C=d" },
		{ "A=b", "A=b" },
		{ "A=b\r\nC=d\r\n", "A=b|C=d" },
		{ "\xef\xbb\xbf"
		  "A=b\n",
		  "A=b" },
		{ "# c\n\n  \t\n  # d\n  A=b", "A=b" },
		{ "A= b c \n", "A= b c " },
		{ "A=\"q\" 'r' $X #y\n", "A=\"q\" 'r' $X #y" },
		{ "A=b=c\n", "A=b=c" },
		{ "A=\n", "A=" },
		{ "A=1\nA=2\n", "A=2" },
		{ "HOME\nEMPTY\nNOPE\nBROKEN\n", "HOME=/h|EMPTY=" },
		{ "LC_*\n", "LC_A=1|LC_B=2" },
		{ "A.b-c/d=1\n", "A.b-c/d=1" },
		{ "\xc3\xa9=\xc3\xa9\n", "\xc3\xa9=\xc3\xa9" },
		{ "=b\n", NULL },
		{ "A B=c\n", NULL },
		{ "A =c\n", NULL },
		{ "export A=b\n", NULL },
		{ "A B\n", NULL },
		{ "A=\xff\n", NULL },
		{ "\xff\xfe"
		  "A=b\n",
		  NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strvec struct strvec env = STRVEC_INIT;
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		int r = env_file_read(&env, span_of(cases[i].text), "f", host,
				      NULL);

		join(&sb, &env);
		cr_expect(eq(int, r, cases[i].want ? 0 : -EINVAL), "'%s'",
			  cases[i].text);
		if (cases[i].want)
			cr_expect(eq(str, sb.buf, (char *)cases[i].want),
				  "'%s'", cases[i].text);
	}
}

Test(spec_env_file, a_bad_line_is_named)
{
	cleanup_strvec struct strvec env = STRVEC_INIT;
	struct err err = ERR_INIT;

	cr_assert(eq(int,
		     env_file_read(&env, span_of("A=b\n\nC D=e\n"), "my.env",
				   host, &err),
		     -EINVAL));
	cr_assert(eq(str, err.text,
		     (char *)"my.env:3: name in 'C D=e' has a blank"));
}

Test(spec_env_file, nul_and_long_lines_are_refused)
{
	cleanup_strvec struct strvec env = STRVEC_INIT;
	cleanup_free char *line = xcalloc(1, ENV_FILE_MAX_LINE + 2);

	cr_expect(eq(int,
		     env_file_read(&env, span_new("A=b\0c\n", 6), "f", host,
				   NULL),
		     -EINVAL));
	(void)memset(line, 'x', ENV_FILE_MAX_LINE + 1);
	line[1] = '=';
	cr_expect(eq(int, env_file_read(&env, span_of(line), "f", host, NULL),
		     -EINVAL));
	line[ENV_FILE_MAX_LINE] = '\0';
	cr_expect(eq(int, env_file_read(&env, span_of(line), "f", host, NULL),
		     0));
}

Test(spec_env_file, options_win_over_what_was_there)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "A=2", "A=2" },
		{ "B=", "A=1|B=" },
		{ "HOME", "A=1|HOME=/h" },
		{ "NOPE", "A=1" },
		{ "A", "A=1" },
		{ "B=c=d", "A=1|B=c=d" },
		{ "LC_*", "A=1|LC_A=1|LC_B=2" },
		{ "LC_*=x", "A=1|LC_*=x" },
		{ "", NULL },
		{ "=x", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strvec struct strvec env = STRVEC_INIT;
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		int r;

		strvec_add(&env, "A=1");
		r = env_file_set(&env, cases[i].text, host, NULL);
		join(&sb, &env);
		cr_expect(eq(int, r, cases[i].want ? 0 : -EINVAL), "'%s'",
			  cases[i].text);
		if (cases[i].want)
			cr_expect(eq(str, sb.buf, (char *)cases[i].want),
				  "'%s'", cases[i].text);
	}
}

Test(spec_env_file, labels_without_value_are_empty)
{
	cleanup_strvec struct strvec labels = STRVEC_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	cr_assert(eq(int,
		     env_file_read_labels(&labels,
					  span_of("# x\nHOME\na.b=c d\n"), "f",
					  NULL),
		     0));
	cr_assert(eq(int, env_file_set_label(&labels, "k", NULL), 0));
	cr_assert(eq(int, env_file_set_label(&labels, "a.b=e", NULL), 0));
	cr_assert(eq(int, env_file_set_label(&labels, "=e", NULL), -EINVAL));
	join(&sb, &labels);
	cr_assert(eq(str, sb.buf, (char *)"HOME=|a.b=e|k="));
}
