/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include <string.h>

#include "dockerfile/df_check.h"

/* The image "armed" is for arm64 and sets SHELL; of others nothing is known. */
static void
base_image(void *arg, const struct df_base *base, struct df_image *image)
{
	if (strcmp(base->image, "armed") != 0)
		return;
	strvec_add(&image->env, "OF_IMAGE=1");
	image->has_shell = true;
	(void)platform_parse("linux/arm64", &image->platform, NULL);
}

/* All warnings of a file that is built for amd64. */
static int
collect(struct dockerfile *df, struct df_lint *lint, struct err *err)
{
	cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
	struct df_inputs inputs = { .build_args = NULL };
	struct df_check check = {
		.inputs = &inputs,
		.all_stages = true,
		.image = base_image,
		.ignore = ignore,
		.lint = lint,
	};
	struct df_range failed;
	int r = dockerfile_parse(df, err);

	(void)ignore_add(ignore, "secret", NULL);
	(void)ignore_add(ignore, "some", NULL);
	(void)ignore_add(ignore, "!some/file", NULL);
	(void)platform_parse("linux/amd64", &inputs.target, NULL);
	(void)platform_parse("linux/amd64", &inputs.build, NULL);
	if (r == 0)
		r = df_lint_init(lint, df, NULL, err);
	if (r == 0)
		r = df_check_run(df, &check, &failed, err);
	df_lint_sort(lint);
	return r;
}

/* "Rule:line Rule:line" */
static int
show_warnings(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of(text));
	struct df_lint lint = DF_LINT_INIT;
	int r = collect(df, &lint, err);

	for (size_t i = 0; r == 0 && i < lint.len; i++)
		strbuf_addf(sb, "%s%s:%d", sb->len ? " " : "",
			    df_rule_name(lint.items[i].rule),
			    lint.items[i].range.line);
	df_lint_release(&lint);
	return r;
}

/* Rule by rule: what it tells of, and what is next to that. */
static const struct spec_case rules[] = {
	{ "FROM x AS Base", "StageNameCasing:1" },
	{ "FROM x AS base-2", "" },

	{ "FROM x as base", "FromAsCasing:1" },
	{ "from x AS base", "FromAsCasing:1" },
	{ "from x as base", "" },

	{ "FROM x\nRUN a \\\n\n b", "NoEmptyContinuation:2" },
	{ "FROM x\nRUN a \\\n# b\n c", "" },

	{ "FROM x\nrun a", "ConsistentInstructionCasing:2" },
	{ "FROM x\nRun a", "ConsistentInstructionCasing:2" },
	{ "from x\nrun a\nRUN b", "ConsistentInstructionCasing:3" },
	{ "from x\nrun a\nonbuild RUN b", "" },

	{ "FROM x AS a\nFROM x AS A",
	  "DuplicateStageName:2 StageNameCasing:2" },
	{ "FROM x AS a\nFROM x AS b", "" },

	{ "FROM x AS scratch", "ReservedStageName:1" },
	{ "FROM x AS context", "ReservedStageName:1" },
	{ "FROM x AS contexts", "" },

	{ "FROM x\nCMD a", "JSONArgsRecommended:2" },
	{ "FROM x\nENTRYPOINT a", "JSONArgsRecommended:2" },
	{ "FROM x\nSHELL [\"s\"]\nCMD a", "" },
	{ "FROM x AS a\nSHELL [\"s\"]\nFROM a\nCMD a", "" },
	{ "FROM --platform=$OF armed\nCMD a", NULL },
	{ "FROM x\nCMD [\"a\"]", "" },
	{ "FROM x\nENTRYPOINT []", "" },
	{ "FROM x\nHEALTHCHECK CMD a", "" },

	{ "FROM x\nMAINTAINER a", "MaintainerDeprecated:2" },
	{ "FROM x\nLABEL maintainer=a", "" },

	{ "FROM x:$v", "InvalidDefaultArgInFrom:1 UndefinedArgInFrom:1" },
	{ "ARG v=1\nFROM --platform=$p x:$v", NULL },
	{ "ARG v=1\nFROM --platform=${p:-linux/amd64} x:$v", "" },
	{ "FROM x:$TARGETARCH", "" },

	{ "FROM x\nCOPY $v /", "UndefinedVar:2" },
	{ "FROM x\nCOPY a$v /", "UndefinedVar:2" },
	{ "FROM x\nENV a=$PAHT", "UndefinedVar:2" },
	{ "FROM x\nCOPY a${v:-b} /", "" },
	{ "FROM x\nARG v\nCOPY a$v /", "" },
	{ "FROM x\nENV a=$PATH", "" },
	{ "FROM x\nENV a='$v' b=\\$v", "" },
	{ "FROM x\nRUN echo $v", "" },
	{ "FROM x\nCMD [\"$v\"]", "" },
	{ "ARG v=1\nFROM x\nENV a=$v", "UndefinedVar:3" },

	{ "FROM x\nWORKDIR a", "WorkdirRelativePath:2" },
	{ "FROM x\nWORKDIR a\nWORKDIR b", "WorkdirRelativePath:2" },
	{ "FROM x\nWORKDIR /a\nWORKDIR b", "" },
	{ "FROM x AS a\nWORKDIR /a\nFROM a\nWORKDIR b", "" },
	{ "FROM x\nENV d=/d\nWORKDIR $d", "" },

	{ "FROM x\nCMD [\"a\"]\nCMD [\"b\"]",
	  "MultipleInstructionsDisallowed:2" },
	{ "FROM x\nENTRYPOINT [\"a\"]\nENTRYPOINT []",
	  "MultipleInstructionsDisallowed:2" },
	{ "FROM x\nHEALTHCHECK NONE\nHEALTHCHECK NONE",
	  "MultipleInstructionsDisallowed:2" },
	{ "FROM x\nCMD [\"a\"]\nFROM y\nCMD [\"b\"]", "" },

	{ "FROM x\nENV a b", "LegacyKeyValueFormat:2" },
	{ "FROM x\nLABEL a b c=d", "LegacyKeyValueFormat:2" },
	{ "FROM x\nARG a b", "LegacyKeyValueFormat:2" },
	{ "FROM x\nARG a b\nRUN echo ${b}", "" },
	{ "FROM x\nARG TARGETOS TARGETARCH", "" },
	{ "FROM x\nENV a=b c='d e'\nARG f=g h", "" },

	{ "FROM armed", "InvalidBaseImagePlatform:1" },
	{ "ARG p=linux/arm64\nFROM --platform=$p armed\nCMD a$OF_IMAGE", "" },

	{ "FROM --platform=$TARGETPLATFORM x", "RedundantTargetPlatform:1" },
	{ "FROM --platform=${TARGETPLATFORM} x", "RedundantTargetPlatform:1" },
	{ "FROM --platform=$BUILDPLATFORM x", "" },

	{ "FROM --platform=linux/arm64 x",
	  "FromPlatformFlagConstDisallowed:1" },
	{ "FROM --platform=linux/arm64 x AS build_arm64", "" },
	{ "FROM --platform=linux/arm64 x AS on-linux", "" },

	{ "FROM x\nENV DB_PASSWORD=x", "SecretsUsedInArgOrEnv:2" },
	{ "FROM x\nARG api_key", "SecretsUsedInArgOrEnv:2" },
	{ "FROM x\nARG APIKEY a_auth_b Credentials PASSWD",
	  "SecretsUsedInArgOrEnv:2 SecretsUsedInArgOrEnv:2 "
	  "SecretsUsedInArgOrEnv:2 SecretsUsedInArgOrEnv:2" },
	{ "ARG TOKEN=x\nFROM x", "SecretsUsedInArgOrEnv:1" },
	{ "FROM x\nARG TOKEN_FILE PUBLIC_KEY KEY_VERSION TOKENS mykey", "" },
	{ "FROM x\nLABEL password=x", "" },

	{ "ARG v\nFROM x:$v", "InvalidDefaultArgInFrom:2" },
	{ "ARG v\nFROM $v", NULL },
	{ "ARG v=1\nFROM x:$v", "" },
	{ "ARG v\nFROM x:${v:-1}", "" },

	{ "FROM x\nCOPY secret /", "CopyIgnoredFile:2" },
	{ "FROM x\nADD ./secret/ /", "CopyIgnoredFile:2" },
	{ "FROM x\nCOPY a /secret/../secret/b /", "CopyIgnoredFile:2" },
	{ "FROM x\nCOPY some/other /", "CopyIgnoredFile:2" },
	{ "FROM x\nCOPY some /", "" },
	{ "FROM x\nCOPY some/file /", "" },
	{ "FROM x\nCOPY secre* . /", "" },
	{ "FROM x AS a\nFROM x\nCOPY --from=a secret /", "" },

	{ "# check=experimental=all\n# nope\nFROM x AS a",
	  "InvalidDefinitionDescription:3" },
	{ "# check=experimental=InvalidDefinitionDescription\n\n# b\nARG a=1\n"
	  "FROM x",
	  "InvalidDefinitionDescription:4" },
	{ "# check=experimental=all\n# a says\nFROM x AS a", "" },
	{ "# check=experimental=all\n# nope\n\nFROM x AS a", "" },
	{ "# nope\nFROM x AS a", "" },

	{ "FROM x\nEXPOSE 80/TCP", "ExposeProtoCasing:2" },
	{ "FROM x\nEXPOSE 80/tcp 81 82/", "" },

	{ "FROM x\nEXPOSE 1.2.3.4:80:80", "ExposeInvalidFormat:2" },
	{ "FROM x\nEXPOSE 8080:80", "ExposeInvalidFormat:2" },
	{ "FROM x\nEXPOSE 80-90", "" },
};

Test(dockerfile_lint, each_rule_sees_its_case_and_not_the_next)
{
	spec_check(show_warnings, rules, ARRAY_LEN(rules));
}

Test(dockerfile_lint, no_rule_is_without_a_case)
{
	for (int i = 0; i < DF_RULE_COUNT; i++) {
		const char *name = df_rule_name((enum df_rule)i);
		bool found = false;

		for (size_t k = 0; k < ARRAY_LEN(rules); k++)
			found |= rules[k].want &&
				 strstr(rules[k].want, name) != NULL;
		cr_expect(found, "%s", name);
		cr_expect(eq(int, df_rule_find(span_of(name)), i), "%s", name);
		cr_expect(strstr(df_rule_url((enum df_rule)i), "https://") !=
				  NULL,
			  "%s", name);
	}
}

Test(dockerfile_lint, is_told_what_not_to_see)
{
	static const struct spec_case cases[] = {
		{ "FROM x", "" },
		{ "# check=skip=all\nFROM x\nMAINTAINER a", "" },
		{ "# check=skip=maintainerdeprecated;error=true\nFROM x\nMAINTAINER a",
		  "" },
		{ "# check=error=true;skip=JSONArgsRecommended , MaintainerDeprecated\n"
		  "FROM x\nMAINTAINER a\nCMD a",
		  "" },
		{ "# check=skip=UndefinedVar\nFROM x\nMAINTAINER a",
		  "MaintainerDeprecated:3" },
		/* above a FROM: for its stage, beside what the file says */
		{ "FROM y\n# check=skip=all\nFROM x\nMAINTAINER a", "" },
		{ "FROM y\n# check=skip=all\nFROM x\nFROM z\nMAINTAINER a",
		  "MaintainerDeprecated:5" },
		{ "# check=skip=JSONArgsRecommended\nFROM y\n"
		  "# check=skip=MaintainerDeprecated\nFROM x\nMAINTAINER a\n"
		  "CMD a\nEXPOSE 1/TCP",
		  "ExposeProtoCasing:7" },
		{ "FROM x\n# check=skip=all\n\nMAINTAINER a",
		  "MaintainerDeprecated:4" },
		/* above another instruction: for that */
		{ "FROM x\n# check=skip=MaintainerDeprecated\nMAINTAINER a\n"
		  "MAINTAINER b",
		  "MaintainerDeprecated:4" },
		{ "FROM x\n# check=what it may be\nMAINTAINER a",
		  "MaintainerDeprecated:3" },
		{ "# check=foo=bar\nFROM x", NULL },
		{ "# check=skip\nFROM x", NULL },
		{ "# check=error=perhaps\nFROM x", NULL },
		/* errors of evaluation */
		{ "FROM x\nCOPY --from=later a b\nFROM x AS later", NULL },
		{ "FROM x\nRUN --mount=from=1,target=/x a\nFROM x", NULL },
	};

	spec_check(show_warnings, cases, ARRAY_LEN(cases));
}

Test(dockerfile_lint, a_warning_guesses_what_was_meant)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "FROM x\nENV a=$PAHT",
		  "Usage of undefined variable '$PAHT' (did you mean $PATH?)" },
		{ "FROM x:$TARGETARHC",
		  "FROM argument 'TARGETARHC' is not declared (did you mean TARGETARCH?)" },
		{ "FROM x\nCOPY secret /",
		  "Attempting to Copy file \"secret\" that is excluded by .dockerignore" },
		{ "FROM x\nADD secret /",
		  "Attempting to Add file \"secret\" that is excluded by .dockerignore" },
		{ "FROM armed",
		  "Base image armed was pulled with platform \"linux/arm64\", expected \"linux/amd64\" for current build" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_with(dockerfile_free) struct dockerfile *df =
			dockerfile_new("f", span_of(cases[i].text));
		struct df_lint lint = DF_LINT_INIT;
		bool found = false;

		cr_assert(zero(int, collect(df, &lint, NULL)));
		for (size_t k = 0; k < lint.len; k++)
			found |= !strcmp(lint.items[k].detail, cases[i].want);
		cr_expect(found, "%s", cases[i].want);
		df_lint_release(&lint);
	}
}
