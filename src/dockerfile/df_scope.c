/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_scope.c - the variables at a place of a Dockerfile.
 */
#include "dockerfile/df_scope.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_expand.h"
#include "dockerfile/df_globals_arg.h"
#include "dockerfile/df_secret_name.h"

static const char *const df_proxy_names[] = {
	"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
};

/* What the builder itself understands, declared or not. */
static const char *const df_builder_names[] = {
	"BUILDKIT_BUILD_NAME",
	"BUILDKIT_CACHE_MOUNT_NS",
	"BUILDKIT_CONTEXT_KEEP_GIT_DIR",
	"BUILDKIT_DOCKERFILE_CHECK",
	"BUILDKIT_INLINE_CACHE",
	"BUILDKIT_MULTI_PLATFORM",
	"BUILDKIT_SANDBOX_HOSTNAME",
	"BUILDKIT_SBOM_SCAN_CONTEXT",
	"BUILDKIT_SBOM_SCAN_STAGE",
	"BUILDKIT_SYNTAX",
	"SOURCE_DATE_EPOCH",
};

bool
df_arg_is_proxy(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(df_proxy_names); i++)
		if (!strcasecmp(name, df_proxy_names[i]))
			return true;
	return false;
}

static void
df_globals_add_platform(struct strvec *args, const char *prefix,
			const struct platform *platform)
{
	cleanup_strbuf struct strbuf whole = STRBUF_INIT;

	platform_add(&whole, platform);
	strvec_addf(args, "%sPLATFORM=%s", prefix, whole.buf);
	strvec_addf(args, "%sOS=%s", prefix, platform->os);
	strvec_addf(args, "%sOSVERSION=", prefix);
	strvec_addf(args, "%sARCH=%s", prefix, platform->arch);
	strvec_addf(args, "%sVARIANT=%s", prefix, platform->variant);
}

/* Values of --build-arg go before those of the platform set. */
static void
df_globals_start(struct df_globals *globals, const struct df_inputs *inputs)
{
	const char *target = inputs->target_stage;

	df_globals_add_platform(&globals->args, "BUILD", &inputs->build);
	df_globals_add_platform(&globals->args, "TARGET", &inputs->target);
	strvec_addf(&globals->args, "TARGETSTAGE=%s",
		    target && *target ? target : "default");
	if (inputs->build_args)
		strvec_add_all(&globals->build_args, inputs->build_args);
	for (size_t i = 0; i < globals->args.len; i++) {
		cleanup_free char *name = xstrndup(
			globals->args.v[i], strcspn(globals->args.v[i], "="));
		const char *value = strvec_env_get(&globals->build_args, name);

		if (value)
			strvec_env_set(&globals->args, name, value);
	}
}

static void
df_globals_declare(struct df_globals *globals, const char *name)
{
	if (!strvec_has(&globals->declared, name))
		strvec_add(&globals->declared, name);
}

int
df_globals_take_arg(struct df_globals *globals, const struct df_expand *run,
		    const struct df_word *word, bool use_globals,
		    char **ret_key, char **ret_value)
{
	cleanup_free char *raw = xstrndup(word->text, strcspn(word->text, "="));
	const char *default_value =
		word->text[strlen(raw)] ? word->text + strlen(raw) + 1 : NULL;
	cleanup_free char *key = df_expand_word(run, raw, &word->range);
	struct df_range at = word->range;
	const char *given;
	char *value = NULL;

	if (!key)
		return -EINVAL;
	at.col += (int)strlen(raw) + 1;
	df_globals_declare(globals, key);
	df_secret_name_check(run->lint, "ARG", key, &run->in->range);
	given = strvec_env_get(&globals->build_args, key);
	if (!given && !default_value && use_globals)
		given = strvec_env_get(&globals->args, key);
	if (given) {
		value = xstrdup(given);
	} else if (default_value) {
		value = df_expand_word(run, default_value, &at);
		if (!value)
			return -EINVAL;
	}
	*ret_key = take_ptr(key);
	*ret_value = value;
	return 0;
}

static int
df_globals_arg(const struct dockerfile *df, const struct df_instruction *in,
	       struct df_globals *globals, struct df_lint *lint,
	       struct err *err)
{
	struct df_expand run = {
		.df = df,
		.in = in,
		.env = &globals->args,
		.declared = &globals->declared,
		.rule = DF_RULE_UNDEFINED_VAR,
		.lint = lint,
		.err = err,
	};

	for (size_t i = 0; i < in->arg_count; i++) {
		cleanup_free char *key = NULL, *value = NULL;
		int r = df_globals_take_arg(globals, &run, &in->args[i], false,
					    &key, &value);

		if (r < 0)
			return r;
		if (value)
			strvec_env_set(&globals->args, key, value);
	}
	return 0;
}

int
df_globals_init(const struct dockerfile *df, const struct df_inputs *inputs,
		struct df_globals *ret_globals, struct df_lint *lint,
		struct err *err)
{
	struct df_globals globals = DF_GLOBALS_INIT;
	int r = 0;

	df_globals_start(&globals, inputs);
	for (size_t i = 0; r == 0 && i < df->global_count; i++) {
		globals.failed = df->instructions[i].range;
		r = df_globals_arg(df, &df->instructions[i], &globals, lint,
				   err);
	}
	*ret_globals = globals;
	if (r < 0) {
		df_globals_release(ret_globals);
		*ret_globals = (struct df_globals){ .failed = globals.failed };
	}
	return r;
}

void
df_globals_release(struct df_globals *globals)
{
	strvec_release(&globals->args);
	strvec_release(&globals->build_args);
	strvec_release(&globals->declared);
}

void
df_scope_init(struct df_scope *scope, const struct strvec *image_env)
{
	*scope = (struct df_scope)DF_SCOPE_INIT;
	if (image_env)
		strvec_add_all(&scope->env, image_env);
	if (!strvec_env_get(&scope->env, "PATH"))
		strvec_env_set(&scope->env, "PATH", DF_DEFAULT_PATH);
}

void
df_scope_copy(struct df_scope *to, const struct df_scope *from)
{
	*to = (struct df_scope){
		.has_workdir = from->has_workdir,
		.has_shell = from->has_shell,
	};
	strvec_add_all(&to->env, &from->env);
	strvec_add_all(&to->args, &from->args);
}

void
df_scope_release(struct df_scope *scope)
{
	strvec_release(&scope->env);
	strvec_release(&scope->args);
}

void
df_scope_add_proxies(const struct df_globals *globals, struct strvec *env)
{
	for (size_t i = 0; i < globals->build_args.len; i++) {
		const char *text = globals->build_args.v[i];
		size_t len = strcspn(text, "=");
		cleanup_free char *name = xstrndup(text, len);

		if (df_arg_is_proxy(name) && !strvec_env_get(env, name))
			strvec_add(env, text);
	}
}

static bool
df_arg_is_predefined(const struct df_globals *globals, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(df_builder_names); i++)
		if (!strcmp(name, df_builder_names[i]))
			return true;
	return df_arg_is_proxy(name) || strvec_env_get(&globals->args, name);
}

/*
 * Not all stages are evaluated, so the file itself is asked which names its
 * ARGs have.
 */
static bool
df_arg_is_in_file(const struct dockerfile *df, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < df->len; i++) {
		const struct df_instruction *in = &df->instructions[i];

		for (size_t j = 0; in->cmd == DF_ARG && j < in->arg_count; j++)
			if (!strncmp(in->args[j].text, name, len) &&
			    strchr("=", in->args[j].text[len]))
				return true;
	}
	return false;
}

void
df_globals_unused(const struct dockerfile *df, const struct df_globals *globals,
		  struct strvec *names)
{
	for (size_t i = 0; i < globals->build_args.len; i++) {
		const char *text = globals->build_args.v[i];
		cleanup_free char *name = xstrndup(text, strcspn(text, "="));

		if (!df_arg_is_predefined(globals, name) &&
		    !strvec_has(&globals->declared, name) &&
		    !df_arg_is_in_file(df, name))
			strvec_add(names, name);
	}
}
