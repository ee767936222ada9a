/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_base.c - what a FROM line means.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_expand.h"
#include "dockerfile/df_flags.h"
#include "dockerfile/df_scope.h"
#include "spec/ref.h"

void
df_base_release(struct df_base *base)
{
	free(base->image);
	*base = (struct df_base){ .image = NULL };
}

static bool
df_base_is_constant(const char *text)
{
	return !strchr(text, '$');
}

/* A platform that is written down is fine where the name says so. */
static void
df_base_lint_platform(const struct df_stage *stage,
		      const struct platform *platform, struct df_lint *lint)
{
	const char *text = stage->platform;
	const char *name = stage->name ?: "";

	if (!strcmp(text, "$TARGETPLATFORM") ||
	    !strcmp(text, "${TARGETPLATFORM}"))
		df_lint_add(
			lint, DF_RULE_REDUNDANT_TARGET_PLATFORM,
			&stage->from->range,
			"Setting platform to predefined %s in FROM is redundant as this is the default behavior",
			text);
	if (df_base_is_constant(text) && !strstr(name, platform->os) &&
	    !strstr(name, platform->arch))
		df_lint_add(
			lint, DF_RULE_FROM_PLATFORM_FLAG_CONST_DISALLOWED,
			&stage->from->range,
			"FROM --platform flag should not use constant value \"%s\"",
			text);
}

static int
df_base_platform(const struct df_expand *run, const struct df_stage *stage,
		 struct df_base *base)
{
	cleanup_free char *text = NULL;
	const struct df_range *at;
	struct df_range value_at;
	struct err inner = ERR_INIT;

	if (!stage->platform)
		return 0;
	/* FROM has no other flag. */
	at = &stage->from->flags[0].range;
	value_at = df_flag_value_at(&stage->from->flags[0]);
	text = df_expand_word(run, stage->platform, &value_at);
	if (!text)
		return -EINVAL;
	if (!*text)
		return dockerfile_err(
			run->df, at, run->err, EINVAL,
			"FROM: the platform '%s' is empty when its variables are replaced",
			stage->platform);
	if (platform_parse(text, &base->platform, &inner) < 0)
		return dockerfile_err(run->df, at, run->err, EINVAL, "FROM: %s",
				      inner.text);
	base->has_platform = true;
	df_base_lint_platform(stage, &base->platform, run->lint);
	return 0;
}

/* Would it be an image's name if nobody gave a --build-arg? */
static void
df_base_lint_default(const struct dockerfile *df, const struct df_stage *stage,
		     const struct df_globals *globals, struct df_lint *lint)
{
	struct df_globals plain = DF_GLOBALS_INIT;
	struct df_inputs inputs = { .build_args = NULL };
	struct df_expand run = { .df = df, .in = stage->from };
	cleanup_ref struct ref ref = REF_INIT;
	cleanup_free char *text = NULL;
	const char *target = strvec_env_get(&globals->args, "TARGETPLATFORM");
	const char *build = strvec_env_get(&globals->args, "BUILDPLATFORM");

	if (!lint || df_base_is_constant(stage->base))
		return;
	(void)platform_parse(target ?: "", &inputs.target, NULL);
	(void)platform_parse(build ?: "", &inputs.build, NULL);
	if (df_globals_init(df, &inputs, &plain, NULL, NULL) == 0) {
		run.env = &plain.args;
		text = df_expand_word(&run, stage->base,
				      &stage->from->args[0].range);
	}
	if (!text || !*text || ref_parse(text, &ref, NULL) < 0)
		df_lint_add(
			lint, DF_RULE_INVALID_DEFAULT_ARG_IN_FROM,
			&stage->from->range,
			"Default value for ARG %s results in empty or invalid base image name",
			stage->base);
	df_globals_release(&plain);
}

static int
df_base_image(const struct df_expand *run, const struct df_stage *stage,
	      struct df_base *base)
{
	const struct df_word *word = &stage->from->args[0];

	base->image = df_expand_word(run, stage->base, &word->range);
	if (!base->image)
		return -EINVAL;
	if (!*base->image)
		return dockerfile_err(
			run->df, &word->range, run->err, EINVAL,
			"FROM: base name (%s) should not be blank",
			stage->base);
	base->is_scratch = !strcmp(base->image, "scratch");
	base->is_stage =
		!base->is_scratch && !text_is_digit(*base->image) &&
		dockerfile_find_stage(run->df, base->image, stage->index,
				      &base->stage, NULL) == 0;
	return 0;
}

int
df_base_resolve(const struct dockerfile *df, const struct df_stage *stage,
		const struct df_globals *globals, struct df_base *ret_base,
		struct df_lint *lint, struct err *err)
{
	struct df_expand run = {
		.df = df,
		.in = stage->from,
		.env = &globals->args,
		.declared = &globals->declared,
		.rule = DF_RULE_UNDEFINED_ARG_IN_FROM,
		.lint = lint,
		.err = err,
	};
	struct df_base base = { .image = NULL };
	int r;

	df_base_lint_default(df, stage, globals, lint);
	r = df_base_image(&run, stage, &base);
	if (r == 0)
		r = df_base_platform(&run, stage, &base);
	if (r < 0) {
		df_base_release(&base);
		return r;
	}
	*ret_base = base;
	return 0;
}
