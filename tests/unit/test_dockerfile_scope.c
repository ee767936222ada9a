/* SPDX-License-Identifier: Apache-2.0 */
#include "spec_table.h"

#include "base/text.h"
#include "dockerfile/df_check.h"

/*
 * A file is evaluated with --build-arg values that stand in its first line,
 * "#args a=b c=d"; wanted is "name=value …" of the last stage's SHOW label,
 * which ends it, or the base of the last stage when it has none.
 */
struct evaluation {
	struct strvec build_args;
	struct df_inputs inputs;
};

static void
read_args(const char *text, struct strvec *args)
{
	const char *rest = text_after(text, "#args ");
	cleanup_free char *line = NULL;

	if (!rest)
		return;
	line = xstrndup(rest, strcspn(rest, "\n"));
	strvec_split(args, line, " ");
}

/* One stage; its labels are the answer. */
static int
evaluate_stage(const struct dockerfile *df, const struct df_stage *stage,
	       struct df_globals *globals, struct df_scope *scopes,
	       struct strbuf *sb, struct err *err)
{
	struct df_scope *scope = &scopes[stage->index];
	struct df_base base;
	int r = df_base_resolve(df, stage, globals, &base, NULL, err);

	if (r < 0)
		return r;
	if (base.is_stage)
		df_scope_copy(scope, &scopes[base.stage]);
	else
		df_scope_init(scope, NULL);
	if (stage->index + 1 == df->stage_count && !stage->len) {
		strbuf_addf(sb, "%s%s", base.image,
			    base.is_scratch ? " (scratch)"
			    : base.is_stage ? " (stage)"
					    : "");
		if (base.has_platform) {
			strbuf_addch(sb, ' ');
			platform_add(sb, &base.platform);
		}
	}
	df_base_release(&base);
	for (size_t i = 0; r == 0 && i < stage->len; i++) {
		struct df_step step;

		r = df_step_make(df, &stage->items[i], scope, globals, &step,
				 NULL, err);
		if (r < 0)
			break;
		df_scope_apply(scope, &step);
		for (size_t j = 0; step.cmd == DF_LABEL && j < step.pairs.len;
		     j++)
			strbuf_addf(sb, "%s%s", sb->len ? " " : "",
				    step.pairs.items[j].value);
		df_step_release(&step);
	}
	return r;
}

static int
show_labels(const char *text, struct strbuf *sb, struct err *err)
{
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of(text));
	cleanup_strvec struct strvec args = STRVEC_INIT;
	struct df_inputs inputs = { .build_args = &args };
	struct df_globals globals = DF_GLOBALS_INIT;
	struct df_scope scopes[8] = { DF_SCOPE_INIT };
	int r = dockerfile_parse(df, err);

	read_args(text, &args);
	(void)platform_parse("linux/arm/v7", &inputs.target, NULL);
	(void)platform_parse("linux/amd64", &inputs.build, NULL);
	if (r == 0)
		r = df_globals_init(df, &inputs, &globals, NULL, err);
	for (size_t i = 0; r == 0 && i < df->stage_count; i++)
		r = evaluate_stage(df, &df->stages[i], &globals, scopes, sb,
				   err);
	for (size_t i = 0; i < df->stage_count && i < ARRAY_LEN(scopes); i++)
		df_scope_release(&scopes[i]);
	df_globals_release(&globals);
	return r;
}

Test(dockerfile_scope, args_have_their_scope)
{
	static const struct spec_case cases[] = {
		/* global ARGs are for FROM, and for stages that ask */
		{ "ARG v=1\nFROM x:$v", "x:1" },
		{ "#args v=2\nARG v=1\nFROM x:$v", "x:2" },
		{ "ARG v=1\nARG w=$v.2\nFROM x:$w", "x:1.2" },
		{ "ARG v=1\nFROM x\nLABEL l=-$v-", "--" },
		{ "ARG v=1\nFROM x\nARG v\nLABEL l=-$v-", "-1-" },
		{ "ARG v=1\nFROM x\nARG v=2\nLABEL l=-$v-", "-2-" },
		{ "#args v=3\nARG v=1\nFROM x\nARG v=2\nLABEL l=$v", "3" },
		{ "#args v=3\nFROM x\nARG v\nLABEL l=$v", "3" },
		{ "FROM x\nLABEL l=-$v-\nARG v=1\nLABEL m=$v", "-- 1" },
		{ "#args v=3\nFROM x\nLABEL l=-$v-", "--" },
		{ "FROM x\nARG a=1 b=$a\nLABEL l=-$b-", "--" },
		{ "FROM x\nARG a=1\nARG b=$a\nLABEL l=-$b-", "-1-" },
		{ "FROM x\nARG a\nLABEL l=${a-unset}", "unset" },
		{ "FROM x\nARG a=\nLABEL l=-${a-unset}-", "--" },
		/* ENV wins from its line on */
		{ "#args v=3\nFROM x\nARG v=1\nENV v=2\nLABEL l=$v", "2" },
		{ "FROM x\nENV v=2\nARG w=$v\nLABEL l=$w", "2" },
		/* a stage on a stage has what that one had */
		{ "FROM x AS a\nARG v=1\nENV e=2\nFROM a\nLABEL l=$v$e", "12" },
		{ "FROM x AS a\nARG v=1\nFROM x\nLABEL l=-$v-", "--" },
		/* predefined */
		{ "FROM x:$TARGETARCH-$TARGETVARIANT-$BUILDARCH",
		  "x:arm-v7-amd64" },
		{ "FROM x\nLABEL l=-$TARGETARCH-", "--" },
		{ "FROM x\nARG TARGETPLATFORM BUILDPLATFORM TARGETSTAGE\n"
		  "LABEL l=$TARGETPLATFORM,$BUILDPLATFORM,$TARGETSTAGE",
		  "linux/arm/v7,linux/amd64,default" },
		{ "#args TARGETARCH=s390x\nFROM x:$TARGETARCH", "x:s390x" },
		{ "FROM x\nARG TARGETARCH=me\nLABEL l=$TARGETARCH", "me" },
		/* FROM */
		{ "FROM scratch", "scratch (scratch)" },
		{ "FROM x AS Base\nFROM base", "base (stage)" },
		{ "FROM x AS base\nFROM BASE", "BASE (stage)" },
		{ "FROM later\nFROM x AS later\nFROM y", "y" },
		{ "FROM --platform=$BUILDPLATFORM x", "x linux/amd64" },
		{ "FROM --platform=linux/arm64 x", "x linux/arm64" },
		{ "FROM --platform=$none x", NULL },
		{ "FROM --platform=a/b/c/d x", NULL },
		{ "FROM $none", NULL },
		{ "FROM ${none:-y}", "y" },
		{ "FROM ${none:?why}", NULL },
		{ "FROM ${none", NULL },
		{ "ARG a=${b:?why}\nFROM x", NULL },
		/* default PATH */
		{ "FROM x\nENV PATH=/x:$PATH\nLABEL l=$PATH",
		  "/x:" DF_DEFAULT_PATH },
	};

	spec_check(show_labels, cases, ARRAY_LEN(cases));
}

Test(dockerfile_scope, proxies_need_no_arg_and_others_are_told)
{
	static const char *const given[] = {
		"HTTP_PROXY=h",
		"no_proxy=n",
		"used=1",
		"typo=2",
		"TARGETARCH=x",
		"SOURCE_DATE_EPOCH=0",
		"BUILDKIT_SYNTAX=x",
		NULL,
	};
	cleanup_with(dockerfile_free) struct dockerfile *df =
		dockerfile_new("f", span_of("FROM x\nARG used\nFROM y\n"));
	cleanup_strvec struct strvec args = STRVEC_INIT, env = STRVEC_INIT;
	cleanup_strvec struct strvec unused = STRVEC_INIT;
	struct df_inputs inputs = { .build_args = &args };
	struct df_globals globals;

	strvec_add_array(&args, (char *const *)given);
	cr_assert(zero(int, dockerfile_parse(df, NULL)));
	cr_assert(
		zero(int, df_globals_init(df, &inputs, &globals, NULL, NULL)));
	df_scope_add_proxies(&globals, &env);
	cr_expect(eq(sz, env.len, 2));
	cr_expect(eq(str, env.v[0], "HTTP_PROXY=h"));
	df_globals_unused(df, &globals, &unused);
	cr_expect(eq(sz, unused.len, 1));
	cr_expect(eq(str, unused.v[0], "typo"));
	df_globals_release(&globals);
}
