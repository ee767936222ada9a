/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an evaluation finds wrong, with its place: all that parsing alone (see
 * test_dockerfile_parse.c) cannot know.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/text.h"
#include "dockerfile/df_check.h"

struct fault {
	const char *text, *where, *words;
	int line; /* of the excerpt */
};

/* Evaluate all stages; the error of it, and the line to show. */
static int
evaluate(const char *text, struct df_range *failed, struct err *err)
{
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of(text));
	struct df_inputs inputs = { .build_args = NULL };
	struct df_check check = { .inputs = &inputs, .all_stages = true };
	int r = dockerfile_parse(df, err);

	(void)platform_parse("linux/amd64", &inputs.target, NULL);
	(void)platform_parse("linux/amd64", &inputs.build, NULL);
	*failed = df->failed;
	return r < 0 ? r : df_check_run(df, &check, failed, err);
}

static void
check_faults(const struct fault *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct df_range failed = { 0 };
		struct err err = ERR_INIT;
		int r = evaluate(cases[i].text, &failed, &err);

		cr_expect(eq(int, r, -EINVAL), "%s", cases[i].text);
		cr_expect(text_starts(err.text, cases[i].where), "%s: %s",
			  cases[i].text, err.text);
		cr_expect(strstr(err.text, cases[i].words) != NULL, "%s: %s",
			  cases[i].text, err.text);
		cr_expect(eq(int, failed.line, cases[i].line), "%s",
			  cases[i].text);
	}
}

Test(dockerfile_fault, of_from_and_global_args)
{
	static const struct fault cases[] = {
		{ "ARG a=1\nARG b=${c:?why}\nFROM x", "f:2:7: ", "why", 2 },
		{ "ARG a=${b\nFROM x", "f:1:7: ", "closed", 1 },
		{ "FROM x\nFROM $none",
		  "f:2:6: ", "($none) should not be blank", 2 },
		{ "FROM a${b:?no}", "f:1:7: ", "no", 1 },
		{ "FROM x${", "f:1:7: ", "closed", 1 },
		{ "FROM --platform=$none x", "f:1:6: ", "'$none' is empty", 1 },
		{ "FROM --platform=a/b/c/d x", "f:1:6: ", "a/b/c/d", 1 },
		{ "FROM --platform=l${x x", "f:1:18: ", "closed", 1 },
	};

	check_faults(cases, ARRAY_LEN(cases));
}

Test(dockerfile_fault, of_stages_that_come_later)
{
	static const struct fault cases[] = {
		{ "FROM x\nCOPY --link --from=b a c\nFROM x AS b",
		  "f:2:13: ", "'b' is not defined before", 2 },
		{ "FROM x AS b\nCOPY --from=b a c", "f:2:6: ", "'b'", 2 },
		{ "FROM x\nCOPY --from=0 a c", "f:2:6: ", "'0'", 2 },
		{ "FROM x\nCOPY --from=7 a c", "f:2:6: ", "'7'", 2 },
		{ "FROM x\nRUN --network=none --mount=from=b,target=/c a\n"
		  "FROM x AS b",
		  "f:2:20: ", "'b' is not defined before", 2 },
		{ "FROM x\nRUN --mount=target=/c,FROM=1 a", "f:2:5: ", "'1'",
		  2 },
	};

	check_faults(cases, ARRAY_LEN(cases));
}

Test(dockerfile_fault, of_values_that_variables_make)
{
	static const struct fault cases[] = {
		{ "FROM x\nENV a=b c=${d:?needed}", "f:2:11: ", "needed", 2 },
		{ "FROM x\nENV a=b \\\n  c=${d?}", "f:3:5: ", "missing", 2 },
		{ "FROM x\nLABEL a=${b:#c}", "f:2:12: ", "':#'", 2 },
		{ "FROM x\nLABEL a=${b:%c}", "f:2:12: ", "':%'", 2 },
		{ "FROM x\nLABEL a=${b:=c}", "f:2:12: ", "':='", 2 },
		{ "FROM x\nLABEL a=${b^}", "f:2:12: ", "'^'", 2 },
		{ "FROM x\nLABEL a=$b'c", "f:2:11: ", "single quote", 2 },
		{ "FROM x\nLABEL a=$b\"c", "f:2:11: ", "double quote", 2 },
		{ "FROM x\nENV $none=1", "f:2:5: ", "blank", 2 },
		{ "FROM x\nARG a=${b?none}", "f:2:7: ", "none", 2 },
		{ "FROM x\nWORKDIR $none", "f:2:9: ", "empty", 2 },
		{ "FROM x\nWORKDIR ${a:?b}", "f:2:9: ", "b", 2 },
		{ "FROM x\nUSER ${a:?b}", "f:2:6: ", "b", 2 },
		{ "FROM x\nENV s=SIGNO\nSTOPSIGNAL $s", "f:3:12: ", "SIGNO",
		  3 },
		{ "FROM x\nVOLUME /a $none", "f:2:11: ", "empty", 2 },
		{ "FROM x\nVOLUME [\"/a\", \"$none\"]", "f:2:8: ", "empty", 2 },
		{ "FROM x\nENV p=90-80\nEXPOSE 1 $p", "f:3:10: ", "90-80", 3 },
		{ "FROM x\nENV p=x\nEXPOSE $p/tcp", "f:3:8: ", "'x'", 3 },
		{ "FROM x\nENV m=9\nCOPY --link --chmod=$m a b",
		  "f:3:13: ", "chmod '9'", 3 },
		{ "FROM x\nCOPY --chmod=${m:?mode} a b", "f:2:14: ", "mode",
		  2 },
		{ "FROM x\nCOPY --chown=$none a b", "f:2:6: ", "--chown", 2 },
		{ "FROM x\nENV e=[\nCOPY --exclude=b --exclude=$e a c",
		  "f:3:18: ", "malformed", 3 },
		{ "FROM x\nENV u=http://a/b\nCOPY c $u d",
		  "f:3:8: ", "cannot be a URL", 3 },
		{ "FROM x\nENV c=sha256:1\nADD --checksum=$c http://a/b c",
		  "f:3:5: ", "checksum", 3 },
		{ "FROM x\nCOPY <<E /d\n\nx${a:?b}\nE", "f:4:2: ", "b", 2 },
		{ "FROM x\nRUN --network=none --mount=type=cache,target=$none a",
		  "f:2:20: ", "target", 2 },
		{ "FROM x\nENV k=x\nRUN --mount=type=$k,target=/a b",
		  "f:3:5: ", "'x'", 3 },
		{ "FROM x\nENV r=/\nRUN --mount=target=$r a", "f:3:5: ", "'/'",
		  3 },
	};

	check_faults(cases, ARRAY_LEN(cases));
}
