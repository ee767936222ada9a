/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_step.c - an instruction with its variables replaced, typed.
 */
#include "dockerfile/df_step.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/expand.h"
#include "dockerfile/df_flags.h"
#include "dockerfile/df_step_priv.h"
#include "spec/signal_spec.h"

/* What a title shows of a here-document. */
#define DF_TITLE_HEREDOC_BYTES 40

static int
df_step_fail_at(const struct df_expand *run, const struct df_range *at,
		const char *fmt, va_list args)
{
	cleanup_free char *words = xvasprintf(fmt, args);

	return dockerfile_err(run->df, at, run->err, EINVAL, "%s: %s",
			      df_cmd_name(run->in->cmd), words);
}

int
df_step_fail(const struct df_expand *run, const struct df_word *word,
	     const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = df_step_fail_at(run, word ? &word->range : &run->in->range, fmt,
			    args);
	va_end(args);
	return r;
}

int
df_step_fail_flag(const struct df_expand *run, const char *name,
		  const char *fmt, ...)
{
	const struct df_range *at = &run->in->range;
	va_list args;
	int r;

	for (size_t i = 0; i < run->in->flag_count; i++)
		if (!strcmp(run->in->flags[i].name, name))
			at = &run->in->flags[i].range;
	va_start(args, fmt);
	r = df_step_fail_at(run, at, fmt, args);
	va_end(args);
	return r;
}

void
df_step_command(const struct df_instruction *in, size_t first,
		struct df_command *ret_command)
{
	*ret_command = (struct df_command){ .is_shell = !in->json };
	for (size_t i = first; i < in->arg_count; i++)
		strvec_add(&ret_command->argv, in->args[i].text);
}

int
df_step_flag(const struct df_expand *run, const char *name, char **ret_value)
{
	for (size_t i = run->in->flag_count; i > 0; i--) {
		const struct df_flag *flag = &run->in->flags[i - 1];
		struct df_range at = df_flag_value_at(flag);

		if (strcmp(flag->name, name) != 0)
			continue;
		*ret_value = df_expand_word(run, flag->value, &at);
		return *ret_value ? 0 : -EINVAL;
	}
	*ret_value = NULL;
	return 0;
}

/* USER, WORKDIR, STOPSIGNAL; MAINTAINER and ONBUILD stay as they are. */
static int
df_step_word(const struct df_expand *run, const struct df_scope *scope,
	     struct df_step *step)
{
	const struct df_word *word = &run->in->args[0];
	struct err inner = ERR_INIT;
	int signal;

	step->word = df_expand_word(run, word->text, &word->range);
	if (!step->word)
		return -EINVAL;
	if (!*step->word && step->cmd != DF_USER)
		return df_step_fail(run, word, "the value is empty");
	if (step->cmd == DF_STOPSIGNAL &&
	    signal_spec_parse(step->word, &signal, &inner) < 0) {
		(void)df_step_fail(run, word, "%s", inner.text);
		if (inner.hint[0])
			err_hint(run->err, "%s", inner.hint);
		return -EINVAL;
	}
	if (step->cmd == DF_WORKDIR && *step->word != '/' &&
	    !scope->has_workdir)
		df_lint_add(
			run->lint, DF_RULE_WORKDIR_RELATIVE_PATH,
			&run->in->range,
			"Relative workdir \"%s\" can have unexpected results if the base image changes",
			step->word);
	return 0;
}

/* The text that an image keeps: the trigger with its here-documents. */
static int
df_step_onbuild(const struct df_expand *run, struct df_step *step)
{
	const struct df_instruction *in = run->in;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, in->args[0].text);
	for (size_t i = 0; i < in->heredoc_count; i++)
		strbuf_addf(&text, "\n%s%s", in->heredocs[i].content,
			    in->heredocs[i].name);
	step->word = strbuf_take(&text);
	return 0;
}

static int
df_step_volume(const struct df_expand *run, struct df_step *step)
{
	for (size_t i = 0; i < run->in->arg_count; i++) {
		const struct df_word *word = &run->in->args[i];
		cleanup_free char *path =
			df_expand_word(run, word->text, &word->range);
		struct span trimmed;

		if (!path)
			return -EINVAL;
		trimmed = span_trim(span_of(path));
		if (!trimmed.len)
			return df_step_fail(run, word,
					    "a volume's path cannot be empty");
		strvec_add_take(&step->words, span_dup(trimmed));
	}
	if (!step->words.len)
		return df_step_fail(run, NULL,
				    "requires at least one argument");
	return 0;
}

/* CMD and ENTRYPOINT. */
static int
df_step_argv(const struct df_expand *run, const struct df_scope *scope,
	     struct df_step *step)
{
	df_step_command(run->in, 0, &step->command);
	if (step->command.is_shell && step->command.argv.len &&
	    !scope->has_shell)
		df_lint_add(
			run->lint, DF_RULE_JSON_ARGS_RECOMMENDED,
			&run->in->range,
			"JSON arguments recommended for %s to prevent unintended behavior related to OS signals",
			df_cmd_name(step->cmd));
	return 0;
}

static int
df_step_fill(const struct df_expand *run, const struct df_scope *scope,
	     struct df_globals *globals, struct df_step *step)
{
	switch (step->cmd) {
	case DF_ADD:
	case DF_COPY:
		return df_step_copy(run, step);
	case DF_ARG:
	case DF_ENV:
	case DF_LABEL:
		return df_step_pairs(run, globals, step);
	case DF_CMD:
	case DF_ENTRYPOINT:
		return df_step_argv(run, scope, step);
	case DF_EXPOSE:
		return df_step_expose(run, step);
	case DF_HEALTHCHECK:
		return df_step_health(run, step);
	case DF_MAINTAINER:
		step->word = xstrdup(run->in->args[0].text);
		return 0;
	case DF_ONBUILD:
		return df_step_onbuild(run, step);
	case DF_RUN:
		return df_step_run(run, step);
	case DF_SHELL:
		for (size_t i = 0; i < run->in->arg_count; i++)
			strvec_add(&step->words, run->in->args[i].text);
		return 0;
	case DF_VOLUME:
		return df_step_volume(run, step);
	default:
		return df_step_word(run, scope, step);
	}
}

static const char *
df_title_get(void *arg, const char *name)
{
	return strvec_env_get(arg, name);
}

/* The words of it, variables replaced where they have a value. */
char *
df_step_title(const struct df_expand *run)
{
	const struct df_instruction *in = run->in;
	cleanup_strbuf struct strbuf title = STRBUF_INIT;
	struct expand_opts opts = {
		.mode = EXPAND_DOCKERFILE,
		.flags = EXPAND_RAW | EXPAND_KEEP_UNSET,
		.escape = run->df->escape,
		.get = df_title_get,
		.arg = (void *)run->env,
	};
	const char *rest = in->text + strlen(in->keyword);

	strbuf_addstr(&title, df_cmd_name(in->cmd));
	if (expand_vars(rest, &opts, &title, NULL, NULL) < 0)
		strbuf_addstr(&title, rest);
	for (char *p = title.buf; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	if (in->heredoc_count && in->cmd == DF_RUN) {
		const char *body = in->heredocs[0].content;
		size_t len = strcspn(body, "\n");

		if (len > DF_TITLE_HEREDOC_BYTES)
			len = DF_TITLE_HEREDOC_BYTES;
		strbuf_addf(&title, " (%.*s%s)", (int)len, body,
			    body[len] && body[len + 1] ? "..." : "");
	}
	return strbuf_take(&title);
}

int
df_step_make(const struct dockerfile *df, const struct df_instruction *in,
	     const struct df_scope *scope, struct df_globals *globals,
	     struct df_step *ret_step, struct df_lint *lint, struct err *err)
{
	struct df_expand run = {
		.df = df,
		.in = in,
		.env = &scope->env,
		.declared = &scope->args,
		.rule = DF_RULE_UNDEFINED_VAR,
		.lint = lint,
		.err = err,
	};
	struct df_step step = { .from = in, .cmd = in->cmd };
	int r = df_step_fill(&run, scope, globals, &step);

	if (r < 0) {
		df_step_release(&step);
		return r;
	}
	step.title = df_step_title(&run);
	*ret_step = step;
	return 0;
}

static void
df_run_release(struct df_run *run)
{
	strvec_release(&run->command.argv);
	free(run->script.name);
	free(run->script.content);
	for (size_t i = 0; i < run->mount_count; i++)
		df_mount_release(&run->mounts[i]);
	free(run->mounts);
}

static void
df_copy_release(struct df_copy *copy)
{
	strvec_release(&copy->sources);
	strvec_release(&copy->excludes);
	for (size_t i = 0; i < copy->file_count; i++) {
		free(copy->files[i].name);
		free(copy->files[i].content);
	}
	free(copy->files);
	free(copy->dest);
	free(copy->from);
	free(copy->chown);
	free(copy->chmod);
	free(copy->checksum);
}

static void
df_pairs_release(struct df_pairs *pairs)
{
	for (size_t i = 0; i < pairs->len; i++) {
		free(pairs->items[i].key);
		free(pairs->items[i].value);
	}
	free(pairs->items);
}

void
df_step_release(struct df_step *step)
{
	switch (step->cmd) {
	case DF_ADD:
	case DF_COPY:
		df_copy_release(&step->copy);
		break;
	case DF_ARG:
	case DF_ENV:
	case DF_LABEL:
		df_pairs_release(&step->pairs);
		break;
	case DF_CMD:
	case DF_ENTRYPOINT:
		strvec_release(&step->command.argv);
		break;
	case DF_EXPOSE:
	case DF_SHELL:
	case DF_VOLUME:
		strvec_release(&step->words);
		break;
	case DF_HEALTHCHECK:
		strvec_release(&step->health.test.argv);
		break;
	case DF_RUN:
		df_run_release(&step->run);
		break;
	default:
		free(step->word);
		break;
	}
	free(step->title);
	*step = (struct df_step){ .from = NULL };
}

static bool
df_pairs_are_env(enum df_cmd cmd)
{
	return cmd == DF_ARG || cmd == DF_ENV;
}

/* Declared, but no variable of anything that runs. */
static bool
df_arg_is_hidden(const char *name)
{
	return !strcmp(name, "BUILDKIT_SBOM_SCAN_CONTEXT") ||
	       !strcmp(name, "BUILDKIT_SBOM_SCAN_STAGE");
}

void
df_scope_apply(struct df_scope *scope, const struct df_step *step)
{
	if (step->cmd == DF_WORKDIR)
		scope->has_workdir = true;
	if (step->cmd == DF_SHELL)
		scope->has_shell = true;
	if (!df_pairs_are_env(step->cmd))
		return;
	for (size_t i = 0; i < step->pairs.len; i++) {
		const struct df_pair *pair = &step->pairs.items[i];

		if (step->cmd == DF_ARG && !strvec_has(&scope->args, pair->key))
			strvec_add(&scope->args, pair->key);
		if (pair->value &&
		    !(step->cmd == DF_ARG && df_arg_is_hidden(pair->key)))
			strvec_env_set(&scope->env, pair->key, pair->value);
	}
}

void
df_command_argv(const struct df_command *command, const struct strvec *shell,
		struct strvec *argv)
{
	if (command->is_shell && command->argv.len) {
		if (shell && shell->len) {
			strvec_add_all(argv, shell);
		} else {
			strvec_add(argv, "/bin/sh");
			strvec_add(argv, "-c");
		}
	}
	strvec_add_all(argv, &command->argv);
}
