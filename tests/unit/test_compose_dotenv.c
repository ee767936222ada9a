/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "base/strbuf.h"
#include "compose/dotenv.h"
#include "compose/shell_words.h"

static const char *
around(void *arg, const char *name)
{
	return !strcmp(name, "HOST") ? "h" : NULL;
}

/* "K=V|K=V", or the story. */
static char *
read_all(const char *text)
{
	cleanup_dotenv struct dotenv vars = DOTENV_INIT;
	struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;

	if (dotenv_read(span_of(text), "f", around, NULL, &vars, &err) < 0) {
		strbuf_addstr(&sb, err.text);
		return strbuf_take(&sb);
	}
	for (size_t i = 0; i < vars.len; i++)
		strbuf_addf(&sb, "%s%s=%s", i ? "|" : "", vars.items[i].key,
			    vars.items[i].value);
	return strbuf_take(&sb);
}

Test(compose_dotenv, values_are_read_as_compose_reads_them)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "# no\n\n  A=1\n", "A=1" },
		{ "\xef\xbb\xbf"
		  "A=1",
		  "A=1" },
		{ "A=1\r\nB=2\r\n", "A=1|B=2" },
		{ "export A=1", "A=1" },
		{ "A: 1", "A=1" },
		{ "A = 1 ", "A=1" },
		{ "A=", "A=" },
		{ "A.b-c[0]=1", "A.b-c[0]=1" },
		{ "A=a b # c", "A=a b" },
		{ "A=a#b", "A=a#b" },
		{ "A=#b", "A=#b" },
		{ "A= # b", "A=" },
		{ "A=a\\nb", "A=a\\nb" },
		{ "A=1\nB=$A-${A}-${C:-d}", "A=1|B=1-1-d" },
		{ "HOST=x\nB=$HOST", "HOST=x|B=h" },
		{ "A=x$$y", "A=x$y" },
		{ "A='a $B #c'", "A=a $B #c" },
		{ "A='it\\'s'", "A=it's" },
		{ "A='a\nb' # c\nB=1", "A=a\nb|B=1" },
		{ "A=\"a\\nb\\t\\\"\\$C\"", "A=a\nb\t\"$C" },
		{ "A=\"\\0101\\q\"", "A=A\\q" },
		{ "A=\"a\nb\"\nB=2", "A=a\nb|B=2" },
		{ "HOST\nNONE\nA=1", "HOST=h|A=1" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_free char *got = read_all(cases[i].text);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].text);
	}
}

Test(compose_dotenv, mistakes_are_told_with_their_place)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "A B=1", "f:1:1: a variable's name may hold no blanks" },
		{ "A=1\n=2",
		  "f:2:1: unexpected character in a variable's name" },
		{ "A=1\n B='x", "f:2:4: this quote is never closed" },
		{ "A=\"x", "f:1:3: this quote is never closed" },
		{ "A='x' y",
		  "f:1:7: only a comment may follow the closing quote" },
		{ "A=\xff", "f:1:1: this is no UTF-8 text" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_free char *got = read_all(cases[i].text);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s'",
			  cases[i].text);
	}
}

Test(compose_shell_words, quotes_work_as_in_a_shell)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "a  b\n c", "a|b|c|" },
		{ "a 'b c' \"d e\"", "a|b c|d e|" },
		{ "a\\ b \"c\\\"d\" '\\'", "a b|c\"d|\\|" },
		{ "''", "|" },
		{ "x\"y z\"w", "xy zw|" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_strvec struct strvec words = STRVEC_INIT;
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		cr_assert(eq(int,
			     shell_words_split(cases[i].text, &words, NULL),
			     0));
		for (size_t k = 0; k < words.len; k++)
			strbuf_addf(&sb, "%s|", words.v[k]);
		cr_expect(eq(str, sb.buf, (char *)cases[i].want), "'%s'",
			  cases[i].text);
	}
}

Test(compose_shell_words, an_open_quote_is_refused)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;

	cr_assert(eq(int, shell_words_split("a 'b", &words, NULL), -EINVAL));
}
