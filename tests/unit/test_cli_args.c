/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>

#include "base/alloc.h"
#include "cli/args.h"

static const struct flag flags[] = {
	{ .name = "cpus", .meta = "N", .kind = FLAG_DECIMAL },
	{ .name = "detach",
	  .letter = 'd',
	  .kind = FLAG_BOOL,
	  .refuse = "not yet" },
	{ .name = "dns", .kind = FLAG_CSV },
	{ .name = "env", .letter = 'e', .kind = FLAG_LIST },
	{ .name = "interactive", .letter = 'i', .kind = FLAG_BOOL },
	{ .name = "interval", .kind = FLAG_DURATION },
	{ .name = "isolation",
	  .kind = FLAG_STR,
	  .refuse = "windows only",
	  .harmless = "default" },
	{ .name = "kernel-memory", .kind = FLAG_SIZE, .ignore = "is gone" },
	{ .name = "memory", .letter = 'm', .kind = FLAG_SIZE, .min = -1 },
	{ .name = "net", .kind = FLAG_ALIAS, .alias_of = "network" },
	{ .name = "network", .kind = FLAG_LIST },
	{ .name = "oom-score-adj",
	  .kind = FLAG_INT,
	  .min = -1000,
	  .max = 1000 },
	{ .name = "pull",
	  .kind = FLAG_ENUM,
	  .values = "always|missing|never",
	  .fallback = "missing",
	  .bare = "always" },
	{ .name = "rm", .kind = FLAG_BOOL, .conflicts = "detach|user" },
	{ .name = "sig-proxy", .kind = FLAG_BOOL, .fallback = "true" },
	{ .name = "tty", .letter = 't', .kind = FLAG_BOOL },
	{ .name = "user", .letter = 'u', .meta = "USER", .kind = FLAG_STR },
};

#define PARSE(args, stop, err, ...)                                          \
	({                                                                   \
		char *argv_[] = { __VA_ARGS__, NULL };                       \
		args_init((args), flags, ARRAY_LEN(flags));                  \
		args_parse((args), (int)ARRAY_LEN(argv_) - 1, argv_, (stop), \
			   NULL, (err));                                     \
	})

Test(cli_args, bundled_letters_end_in_one_that_takes_a_value)
{
	cleanup_args struct args args;

	cr_assert(eq(int,
		     PARSE(&args, true, NULL, "-ituroot", "-m64m", "-eA=1",
			   "-e", "B", "-e=C", "img", "-u", "x"),
		     0));
	cr_expect(args_bool(&args, "interactive"));
	cr_expect(args_bool(&args, "tty"));
	cr_expect(eq(str, (char *)args_str(&args, "user"), "root"));
	cr_expect(eq(i64, args_int(&args, "memory"), 64 << 20));
	cr_assert(eq(sz, args_list(&args, "env")->len, 3));
	cr_expect(eq(str, args_list(&args, "env")->v[0], "A=1"));
	cr_expect(eq(str, args_list(&args, "env")->v[2], "C"));
	cr_assert(eq(sz, args.operands.len, 3));
	cr_expect(eq(str, args.operands.v[1], "-u"));
}

Test(cli_args, long_flags_take_their_value_after_equals_or_a_blank)
{
	cleanup_args struct args args;

	cr_assert(eq(int,
		     PARSE(&args, false, NULL, "--user=", "a", "--network",
			   "n1", "--net=n2", "b", "--dns", "1.1.1.1,8.8.8.8",
			   "--tty=false", "--", "--rm"),
		     0));
	cr_expect(eq(str, (char *)args_str(&args, "user"), ""));
	cr_expect(args_given(&args, "user"));
	cr_expect(eq(sz, args_list(&args, "network")->len, 2));
	cr_expect(eq(str, args_list(&args, "network")->v[1], "n2"));
	cr_expect(eq(sz, args_list(&args, "dns")->len, 2));
	cr_expect(not(args_bool(&args, "tty")));
	cr_expect(args_given(&args, "tty"));
	cr_assert(eq(sz, args.operands.len, 3));
	cr_expect(eq(str, args.operands.v[2], "--rm"));
}

Test(cli_args, a_flag_with_a_bare_value_takes_only_words_it_knows)
{
	cleanup_args struct args one, two, three;

	cr_assert(eq(int, PARSE(&one, true, NULL, "--pull", "img"), 0));
	cr_expect(eq(str, (char *)args_str(&one, "pull"), "always"));
	cr_expect(eq(str, one.operands.v[0], "img"));
	cr_assert(
		eq(int, PARSE(&two, true, NULL, "--pull", "never", "img"), 0));
	cr_expect(eq(str, (char *)args_str(&two, "pull"), "never"));
	cr_assert(eq(int, PARSE(&three, true, NULL, "img"), 0));
	cr_expect(eq(str, (char *)args_str(&three, "pull"), "missing"));
}

Test(cli_args, numbers_arrive_in_the_unit_that_the_kind_names)
{
	cleanup_args struct args args;

	cr_assert(eq(int,
		     PARSE(&args, false, NULL, "--cpus", "1.5",
			   "--interval=1m30s", "--memory", "-1",
			   "--oom-score-adj=-500"),
		     0));
	cr_expect(eq(i64, args_int(&args, "cpus"), 1500000000));
	cr_expect(eq(i64, args_int(&args, "interval"), 90000000000));
	cr_expect(eq(i64, args_int(&args, "memory"), -1));
	cr_expect(eq(i64, args_int(&args, "oom-score-adj"), -500));
}

Test(cli_args, what_was_not_given_is_the_fallback)
{
	cleanup_args struct args args;

	cr_assert(eq(int, PARSE(&args, false, NULL, "x"), 0));
	cr_expect(args_bool(&args, "sig-proxy"));
	cr_expect(not(args_given(&args, "sig-proxy")));
	cr_expect(zero(ptr, (void *)args_str(&args, "user")));
	cr_expect(zero(i64, args_int(&args, "memory")));
	cr_expect(zero(sz, args_list(&args, "env")->len));
	cr_expect(zero(ptr, (void *)args_operand(&args, 1)));
}

Test(cli_args, bad_words_are_refused_with_what_was_meant)
{
	static const struct {
		char *words[3];
		const char *text;
		const char *hint;
	} cases[] = {
		{ { "--memroy", "1m" },
		  "unknown flag '--memroy'",
		  "did you mean '--memory'?" },
		{ { "-user", "x" }, "--user exists", NULL },
		{ { "-zi" }, "unknown flag '-z' in '-zi'", "" },
		{ { "--zzzzzzzz" }, "unknown flag '--zzzzzzzz'", "" },
		{ { "--user" }, "--user needs a value: USER", "" },
		{ { "-u" }, "--user needs a value: USER", "" },
		{ { "--pull=often" },
		  "--pull: 'often' is not one of always, missing, never",
		  "" },
		{ { "-d" }, "--detach: not yet", "" },
		{ { "--isolation=hyperv" }, "--isolation: windows only", "" },
		{ { "--rm", "-uroot" },
		  "--rm and --user exclude each other",
		  "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_args struct args args;
		struct err err = ERR_INIT;
		int count = 0, r;

		while (count < 3 && cases[i].words[count])
			count++;
		args_init(&args, flags, ARRAY_LEN(flags));
		r = args_parse(&args, count, cases[i].words, true, NULL, &err);
		if (!cases[i].hint) {
			/* -u takes the rest of its word. */
			cr_expect(eq(int, r, 0));
			cr_expect(eq(str, (char *)args_str(&args, "user"),
				     "ser"));
			continue;
		}
		cr_expect(lt(int, r, 0), "%s", cases[i].text);
		cr_expect(eq(str, err.text, (char *)cases[i].text));
		cr_expect(eq(str, err.hint, (char *)cases[i].hint));
	}
}

Test(cli_args, values_of_the_wrong_kind_name_their_flag)
{
	static char *const cases[][2] = {
		{ "--memory", "1x" },
		{ "--memory", "-2" },
		{ "--cpus", "-1" },
		{ "--interval", "5" },
		{ "--oom-score-adj", "2000" },
		{ "--oom-score-adj", "1x" },
		{ "--tty=maybe", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_args struct args args;
		struct err err = ERR_INIT;

		args_init(&args, flags, ARRAY_LEN(flags));
		cr_expect(eq(int,
			     args_parse(&args, cases[i][1] ? 2 : 1, cases[i],
					true, NULL, &err),
			     -EINVAL),
			  "%s %s", cases[i][0], cases[i][1] ?: "");
		cr_expect(eq(int, strncmp(err.text, "--", 2), 0), "%s",
			  err.text);
	}
}

Test(cli_args, refused_flags_pass_with_their_harmless_value)
{
	cleanup_args struct args args;

	cr_assert(eq(int,
		     PARSE(&args, true, NULL, "--isolation", "default",
			   "--detach=false", "--kernel-memory", "1m"),
		     0));
	cr_assert(eq(sz, args.warnings.len, 1));
	cr_expect(eq(str, args.warnings.v[0], "--kernel-memory: is gone"));
}

Test(cli_args, help_wins_where_it_stands)
{
	cleanup_args struct args one, two, three;

	cr_assert(eq(int, PARSE(&one, true, NULL, "--help", "--bogus"), 0));
	cr_expect(one.help);
	cr_assert(eq(int, PARSE(&two, true, NULL, "-h"), 0));
	cr_expect(two.help);
	cr_assert(eq(int, PARSE(&three, true, NULL, "img", "--help"), 0));
	cr_expect(not(three.help));
}

Test(cli_args, a_misspelt_name_in_the_program_ends_it, .signal = SIGABRT)
{
	cleanup_args struct args args;

	(void)PARSE(&args, true, NULL, "img");
	(void)args_bool(&args, "ttty");
}

Test(cli_args, a_getter_of_another_kind_ends_the_program, .signal = SIGABRT)
{
	cleanup_args struct args args;

	(void)PARSE(&args, true, NULL, "img");
	(void)args_str(&args, "tty");
}
