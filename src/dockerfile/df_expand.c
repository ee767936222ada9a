/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_expand.c - variables in the words of one instruction.
 */
#include "dockerfile/df_expand.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/expand.h"

static const char *
df_expand_get(void *arg, const char *name)
{
	const struct df_expand *run = arg;

	return strvec_env_get(run->env, name);
}

char *
df_expand_guess(const char *name, const char *sign, const struct strvec *env)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *near;

	for (size_t i = 0; i < env->len; i++)
		strvec_addf(&names, "%.*s", (int)strcspn(env->v[i], "="),
			    env->v[i]);
	near = text_nearest(name, (const char *const *)strvec_argv(&names));
	return near ? xasprintf(" (did you mean %s%s?)", sign, near)
		    : xstrdup("");
}

static void
df_expand_unset(void *arg, const char *name, size_t offset)
{
	const struct df_expand *run = arg;
	cleanup_free char *guess = NULL;

	if (run->declared && strvec_has(run->declared, name))
		return;
	if (run->rule == DF_RULE_UNDEFINED_ARG_IN_FROM) {
		guess = df_expand_guess(name, "", run->env);
		df_lint_add(run->lint, run->rule, &run->in->range,
			    "FROM argument '%s' is not declared%s", name,
			    guess);
	} else {
		guess = df_expand_guess(name, "$", run->env);
		df_lint_add(run->lint, run->rule, &run->in->range,
			    "Usage of undefined variable '$%s'%s", name, guess);
	}
}

/* @offset bytes of @text behind @at. */
static struct df_range
df_expand_place(const struct df_range *at, const char *text, size_t offset)
{
	struct df_range place = *at;

	for (size_t i = 0; i < offset; i++) {
		bool is_end = text[i] == '\n';

		place.line += is_end;
		place.col = is_end ? 1 : place.col + 1;
	}
	return place;
}

static char *
df_expand_with(const struct df_expand *run, const char *text,
	       const struct df_range *at, int flags, char escape)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct expand_opts opts = {
		.mode = EXPAND_DOCKERFILE,
		.flags = flags,
		.escape = escape,
		.get = df_expand_get,
		.unset = run->lint ? df_expand_unset : NULL,
		.arg = (void *)run,
	};
	struct df_range where;
	struct err inner = ERR_INIT;
	size_t offset = 0;

	if (expand_vars(text, &opts, &out, &offset, &inner) < 0) {
		where = df_expand_place(at, text, offset);
		(void)dockerfile_err(run->df, &where, run->err, EINVAL, "%s",
				     inner.text);
		return NULL;
	}
	return strbuf_take(&out);
}

char *
df_expand_word(const struct df_expand *run, const char *text,
	       const struct df_range *at)
{
	return df_expand_with(run, text, at, EXPAND_QUOTES, run->df->escape);
}

char *
df_expand_body(const struct df_expand *run, const char *text,
	       const struct df_range *at)
{
	return df_expand_with(run, text, at, 0, '\\');
}
