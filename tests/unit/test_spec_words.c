/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/abs_path.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/signal_spec.h"

Test(spec_csv, quotes_keep_commas_together)
{
	static const struct {
		const char *text, *want; /* fields joined by | */
	} cases[] = {
		{ "", "" },
		{ "a", "a" },
		{ "a,b", "a|b" },
		{ "a,,b", "a||b" },
		{ "a,", "a|" },
		{ "\"a,b\",c", "a,b|c" },
		{ "\"a\"\"b\"", "a\"b" },
		{ "\"\"", "" },
		{ "\"k=a,b\"", "k=a,b" },
		{ "\"a", NULL },
		{ "\"a\"b", NULL },
		{ "a\"b", NULL },
		{ "k=\"a,b\"", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_strvec struct strvec fields = STRVEC_INIT;
		cleanup_strbuf struct strbuf got = STRBUF_INIT;
		int r = csv_split(cases[i].text, &fields, NULL);

		cr_expect(eq(int, r, cases[i].want ? 0 : -EINVAL), "'%s'",
			  cases[i].text);
		for (size_t k = 0; k < fields.len; k++)
			strbuf_addf(&got, "%s%s", k ? "|" : "", fields.v[k]);
		if (cases[i].want)
			cr_expect(eq(str, got.buf, (char *)cases[i].want),
				  "'%s'", cases[i].text);
	}
}

Test(spec_choice, a_mistake_names_its_neighbour_or_all)
{
	static const char *const names[] = { "alpha", "beta", NULL };
	struct err near = ERR_INIT, far = ERR_INIT;

	cr_assert(eq(int, choice_find("letter", "beta", names, NULL), 1));
	cr_assert(eq(int, choice_find("letter", "bet", names, &near), -EINVAL));
	cr_assert(eq(str, near.text, (char *)"unknown letter 'bet'"));
	cr_assert(eq(str, near.hint, (char *)"did you mean 'beta'?"));
	cr_assert(eq(int, choice_find("letter", "q", names, &far), -EINVAL));
	cr_assert(eq(str, far.hint, (char *)"one of: alpha, beta"));
}

Test(spec_abs_path, words_are_folded)
{
	static const struct {
		const char *base, *path, *want;
	} cases[] = {
		{ "/", "/", "/" },
		{ "/", "", "/" },
		{ "/a", "b", "/a/b" },
		{ "/a", "/b", "/b" },
		{ "/a/b", "../c", "/a/c" },
		{ "/a", "../../../c", "/c" },
		{ "/", "//x/./y//", "/x/y" },
		{ "/", "/x/..", "/" },
		{ "/a", "./..b", "/a/..b" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got = abs_path_join(cases[i].base, cases[i].path);

		cr_expect(eq(str, got, (char *)cases[i].want), "'%s' '%s'",
			  cases[i].base, cases[i].path);
		free(got);
	}
}

Test(spec_abs_path, what_leads_out_is_told_from_what_stays)
{
	static const struct {
		const char *path;
		bool want;
	} cases[] = {
		{ "a", true },   { "a/b", true },     { "..a/b", true },
		{ ".", true },   { "", false },       { "/a", false },
		{ "..", false }, { "a/../b", false }, { "a/..", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int, abs_path_stays_below(cases[i].path),
			     cases[i].want),
			  "'%s'", cases[i].path);
}

Test(spec_signal_spec, names_and_numbers_are_one)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {
		{ "TERM", 15 },
		{ "SIGTERM", 15 },
		{ "sigterm", 15 },
		{ "Kill", 9 },
		{ "1", 1 },
		{ "64", 64 },
		{ "SIGRTMIN", 34 },
		{ "RTMIN+3", 37 },
		{ "rtmax-1", 63 },
		{ "SIGRTMAX", 64 },
		{ "SIGRTMIN+30", 64 },
		{ "cld", 17 },
		{ "0", -EINVAL },
		{ "65", -EINVAL },
		{ "-9", -EINVAL },
		{ "", -EINVAL },
		{ "SIG", -EINVAL },
		{ "9x", -EINVAL },
		{ "RTMIN-1", -EINVAL },
		{ "RTMAX+1", -EINVAL },
		{ "RTMIN+31", -EINVAL },
		{ "RTMIN+", -EINVAL },
		{ "SIGSIGTERM", -EINVAL },
		{ "SIGTERMSIGTERMSIGTERM", -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int got = 0;
		int r = signal_spec_parse(cases[i].text, &got, NULL);

		cr_expect(eq(int, r < 0 ? r : got, cases[i].want), "'%s'",
			  cases[i].text);
	}
}

Test(spec_signal_spec, every_number_is_shown_as_it_is_read)
{
	for (int i = 1; i <= SIGNAL_SPEC_MAX; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		int got = 0;

		signal_spec_add(&sb, i);
		cr_expect(eq(int, signal_spec_parse(sb.buf, &got, NULL), 0));
		cr_expect(eq(int, got, i), "%s", sb.buf);
	}
}

Test(spec_signal_spec, a_mistyped_name_gets_its_neighbour)
{
	struct err err = ERR_INIT;
	int got;

	cr_assert(eq(int, signal_spec_parse("SIGTREM", &got, &err), -EINVAL));
	cr_assert(eq(str, err.hint, (char *)"did you mean 'SIGTERM'?"));
}
