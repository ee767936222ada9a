/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "data/expand.h"

struct expand_case {
	const char *text, *want;
};

/* What was looked up in vain, as "name@offset ". */
static char reported[256];

static const char *
test_get(void *arg, const char *name)
{
	static const struct {
		const char *name, *value;
	} vars[] = {
		{ "A", "a" },
		{ "B", "b b" },
		{ "E", "" },
		{ "_x1", "under" },
		{ "PATH", "/usr/local/bin:/usr/bin" },
		{ "FILE", "dir/name.tar.gz" },
		{ "STAR", "a*b" },
		{ "UTF", "\xc3\xa9t\xc3\xa9" },
		{ "DOLLAR", "$A" },
		{ "12", "twelve" },
	};

	for (size_t i = 0; i < ARRAY_LEN(vars); i++)
		if (!strcmp(vars[i].name, name))
			return vars[i].value;
	return NULL;
}

static void
test_unset(void *arg, const char *name, size_t offset)
{
	size_t len = strlen(reported);

	(void)snprintf(reported + len, sizeof(reported) - len, "%s@%zu ", name,
		       offset);
}

static const struct expand_opts compose = {
	.mode = EXPAND_COMPOSE,
	.get = test_get,
	.unset = test_unset,
};

static const struct expand_opts dockerfile = {
	.mode = EXPAND_DOCKERFILE,
	.get = test_get,
	.unset = test_unset,
};

static void
expect_all(const struct expand_case *cases, size_t count,
	   const struct expand_opts *opts)
{
	for (size_t i = 0; i < count; i++) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;
		struct err err = ERR_INIT;
		int r = expand_vars(cases[i].text, opts, &out, NULL, &err);

		cr_expect(zero(int, r), "%s: %s", cases[i].text, err.text);
		cr_expect(eq(str, out.buf, (char *)cases[i].want), "%s",
			  cases[i].text);
	}
}

Test(data_expand, compose_replaces_names_and_modifiers)
{
	static const struct expand_case cases[] = {
		{ "", "" },
		{ "plain } text", "plain } text" },
		{ "$A", "a" },
		{ "${A}x$A.y", "axa.y" },
		{ "$_x1", "under" },
		{ "$$A $${A} $$$A", "$A ${A} $a" },
		{ "$ $1 $. $", "$ $1 $. $" },
		{ "$NO${NO}", "" },
		{ "${NO:-d}${NO-d}${E:-d}${E-d}", "ddd" },
		{ "${A:-d}${A-d}", "aa" },
		{ "${A:+r}${A+r}${E:+r}${E+r}${NO:+r}${NO+r}", "rrr" },
		{ "${A:?m}${A?m}${E?m}", "aa" },
		{ "${NO:-${NO:-${A}}}", "a" },
		{ "${NO:-x$A-$$}", "xa-$" },
		{ "${A:-${NO:?not looked at}}", "a" },
		{ "${NO:-a:-b?c}", "a:-b?c" },
		{ "${NO:-{\"k\":1}}", "{\"k\":1}" },
		{ "${NO:-http://h/p#x%20}", "http://h/p#x%20" },
		{ "$DOLLAR", "$A" },
		{ "\\$A '$A' \"$A\"", "\\a 'a' \"a\"" },
	};

	expect_all(cases, ARRAY_LEN(cases), &compose);
}

Test(data_expand, dockerfile_has_escapes_and_patterns)
{
	static const struct expand_case cases[] = {
		{ "$A ${A}", "a a" },
		{ "\\$A \\${A} \\\\$A", "$A ${A} \\a" },
		{ "\\x", "x" },
		{ "$$A", "A" },
		{ "$@|$*|$#|$!|$?|$-|${@}", "||||||" },
		{ "$12 ${12}", "twelve twelve" },
		{ "$ $. $", "$ $. $" },
		{ "${NO:-w$A}${A:+r}", "war" },
		{ "${NO:-a\\}b}", "a}b" },
		{ "${FILE#*.}", "tar.gz" },
		{ "${FILE##*.}", "gz" },
		{ "${FILE%.*}", "dir/name.tar" },
		{ "${FILE%%.*}", "dir/name" },
		{ "${FILE##*/}", "name.tar.gz" },
		{ "${FILE%/*}", "dir" },
		{ "${FILE#nope}", "dir/name.tar.gz" },
		{ "${FILE#dir?}", "name.tar.gz" },
		{ "${FILE%.${NO:-gz}}", "dir/name.tar" },
		{ "${STAR#a\\*}", "b" },
		{ "${STAR%\\*b}", "a" },
		{ "${PATH/bin/x}", "/usr/local/x:/usr/bin" },
		{ "${PATH//bin/x}", "/usr/local/x:/usr/x" },
		{ "${PATH//\\/usr/}", "/local/bin:/bin" },
		{ "${PATH/:*}", "/usr/local/bin" },
		{ "${PATH//}", "/usr/local/bin:/usr/bin" },
		{ "${UTF#?}", "t\xc3\xa9" },
		{ "${UTF//?/.}", "..." },
		{ "${NO#x}${NO/a/b}", "" },
		{ "'$A' \"$A\"", "'a' \"a\"" },
	};

	expect_all(cases, ARRAY_LEN(cases), &dockerfile);
}

Test(data_expand, quotes_work_as_in_a_shell)
{
	static const struct expand_case removed[] = {
		{ "'$A'\"$A\"", "$Aa" }, { "\"\\$A\\\"\\\\\\n\"", "$A\"\\\\n" },
		{ "'\\'x", "\\x" },      { "${NO:-\"x}y\"}", "x}y" },
		{ "a\"\"b''", "ab" },
	};
	static const struct expand_case kept[] = {
		{ "'$A' \"$A\" \\$A", "'$A' \"a\" \\$A" },
		{ "\"\\\"$A\"", "\"\\\"a\"" },
	};
	struct expand_opts opts = dockerfile;

	opts.flags = EXPAND_QUOTES;
	expect_all(removed, ARRAY_LEN(removed), &opts);
	opts.flags = EXPAND_RAW;
	expect_all(kept, ARRAY_LEN(kept), &opts);
}

Test(data_expand, the_escape_character_can_be_another)
{
	static const struct expand_case cases[] = {
		{ "`$A \\$A", "$A \\a" },
		{ "${STAR#a`*}", "b" },
	};
	struct expand_opts opts = dockerfile;

	opts.escape = '`';
	expect_all(cases, ARRAY_LEN(cases), &opts);
}

Test(data_expand, unset_variables_are_reported_or_kept)
{
	static const struct expand_case kept[] = {
		{ "$NO ${NO} $A ${NO:-d}", "$NO ${NO} a d" },
	};
	struct expand_opts opts = compose;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	reported[0] = '\0';
	cr_assert(zero(int,
		       expand_vars("$NO ${NO:-d}${NO-$N2}${A:+$N3}${NO:+$N4}",
				   &compose, &out, NULL, NULL)));
	cr_expect(eq(str, reported, "NO@0 N2@17 N3@26 "));
	opts.flags = EXPAND_KEEP_UNSET;
	expect_all(kept, ARRAY_LEN(kept), &opts);
}

Test(data_expand, failures_say_what_and_where)
{
	static const struct {
		const struct expand_opts *opts;
		const char *text, *want;
		size_t offset;
		int code;
	} cases[] = {
		{ &compose, "a ${", "'${' is not closed by '}'", 2, -EINVAL },
		{ &compose, "a ${A", "'${' is not closed by '}'", 2, -EINVAL },
		{ &compose, "${A:-x", "'${' is not closed by '}'", 0, -EINVAL },
		{ &compose, "x${}", "a variable's name is expected", 1,
		  -EINVAL },
		{ &compose, "${1}", "a variable's name is expected", 0,
		  -EINVAL },
		{ &compose, "${A!}", "'!' is no modifier of a variable", 3,
		  -EINVAL },
		{ &compose, "${A#x}", "'#' is no modifier of a variable", 3,
		  -EINVAL },
		{ &compose, "${A/x/y}", "'/' is no modifier of a variable", 3,
		  -EINVAL },
		{ &compose, "x ${NO:?set $A}",
		  "required variable 'NO' is missing: set a", 2, -ENOENT },
		{ &compose, "${E:?}",
		  "required variable 'E' is missing or empty", 0, -ENOENT },
		{ &compose, "${NO?}", "required variable 'NO' is missing", 0,
		  -ENOENT },
		{ &compose, "${NO:-${N2?why}}",
		  "required variable 'N2' is missing: why", 6, -ENOENT },
		{ &dockerfile, "${A:#x}", "':#' is no modifier of a variable",
		  3, -EINVAL },
		{ &dockerfile, "${A^}", "'^' is no modifier of a variable", 3,
		  -EINVAL },
		{ &dockerfile, "${}", "a variable's name is expected", 0,
		  -EINVAL },
		{ &dockerfile, "${A/x", "'${' is not closed by '}'", 0,
		  -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;
		struct err err = ERR_INIT;
		size_t offset = 99;

		cr_expect(eq(int,
			     expand_vars(cases[i].text, cases[i].opts, &out,
					 &offset, &err),
			     cases[i].code),
			  "%s", cases[i].text);
		cr_expect(eq(str, err.text, (char *)cases[i].want), "%s",
			  cases[i].text);
		cr_expect(eq(sz, offset, cases[i].offset), "%s", cases[i].text);
		cr_expect(zero(sz, out.len), "nothing is written on failure");
	}
}

Test(data_expand, unclosed_quotes_are_refused)
{
	struct expand_opts opts = dockerfile;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	opts.flags = EXPAND_QUOTES;
	cr_expect(
		eq(int, expand_vars("a 'b", &opts, &out, NULL, NULL), -EINVAL));
	cr_expect(eq(int, expand_vars("a \"b$A", &opts, &out, NULL, NULL),
		     -EINVAL));
}

static const char *
long_value(void *arg, const char *name)
{
	return arg;
}

Test(data_expand, work_and_nesting_are_bounded)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct expand_opts opts = dockerfile;

	for (int i = 0; i < 100000; i++)
		strbuf_addstr(&text, "${A:-");
	cr_expect(eq(int, expand_vars(text.buf, &opts, &out, NULL, NULL),
		     -EINVAL));
	strbuf_pad(&value, 'a', 200000);
	opts.get = long_value;
	opts.arg = value.buf;
	cr_expect(eq(int, expand_vars("${v//*b/}", &opts, &out, NULL, NULL),
		     -EFBIG));
	cr_expect(eq(int, expand_vars("${v//?/$v}", &opts, &out, NULL, NULL),
		     -EFBIG));
}
