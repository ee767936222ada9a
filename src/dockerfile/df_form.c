/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_form.c - how many words an instruction takes, and which.
 */
#include "dockerfile/df_form.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "dockerfile/df_heredoc.h"
#include "dockerfile/df_reader.h"
#include "dockerfile/df_words.h"

enum df_form {
	DF_FORM_BLANK,   /* words between blanks */
	DF_FORM_COMMAND, /* a JSON array, or all the text */
	DF_FORM_HEALTH,  /* a type, then a command */
	DF_FORM_LIST,    /* a JSON array, or words between blanks */
	DF_FORM_PAIRS,   /* k=v words, or "k the rest" */
	DF_FORM_QUOTED,  /* words between blanks outside quotes */
	DF_FORM_REST,    /* all the text */
};

static const enum df_form df_forms[DF_CMD_COUNT] = {
	[DF_ADD] = DF_FORM_LIST,           [DF_ARG] = DF_FORM_QUOTED,
	[DF_CMD] = DF_FORM_COMMAND,        [DF_COPY] = DF_FORM_LIST,
	[DF_ENTRYPOINT] = DF_FORM_COMMAND, [DF_ENV] = DF_FORM_PAIRS,
	[DF_EXPOSE] = DF_FORM_BLANK,       [DF_FROM] = DF_FORM_BLANK,
	[DF_HEALTHCHECK] = DF_FORM_HEALTH, [DF_LABEL] = DF_FORM_PAIRS,
	[DF_MAINTAINER] = DF_FORM_REST,    [DF_ONBUILD] = DF_FORM_REST,
	[DF_RUN] = DF_FORM_COMMAND,        [DF_SHELL] = DF_FORM_COMMAND,
	[DF_STOPSIGNAL] = DF_FORM_REST,    [DF_USER] = DF_FORM_REST,
	[DF_VOLUME] = DF_FORM_LIST,        [DF_WORKDIR] = DF_FORM_REST,
};

static int
df_form_json(struct dockerfile *df, struct df_instruction *in, size_t at,
	     struct err *err)
{
	int r = df_words_json(in, at);

	if (r < 0)
		return df_fail(df, in, at, err,
			       "%s: a JSON array holds strings only",
			       df_cmd_name(in->cmd));
	return r;
}

static int
df_form_command(struct dockerfile *df, struct df_instruction *in, size_t at,
		struct err *err)
{
	int r = df_form_json(df, in, at, err);

	if (r == 0)
		df_words_rest(in, at);
	return r < 0 ? r : 0;
}

static int
df_form_list(struct dockerfile *df, struct df_instruction *in, size_t at,
	     struct err *err)
{
	int r = df_form_json(df, in, at, err);

	if (r == 0)
		df_words_blank(in, at);
	return r < 0 ? r : 0;
}

static int
df_form_health(struct dockerfile *df, struct df_instruction *in, size_t at,
	       struct err *err)
{
	size_t len = strcspn(in->text + at, DF_BLANKS);

	if (!len)
		return 0;
	df_words_add(in, in->text + at, len, at);
	return df_form_command(df, in, df_words_skip(in->text, at + len), err);
}

static void
df_form_pairs(struct dockerfile *df, struct df_instruction *in, size_t at)
{
	size_t len;

	df_words_quoted(in, at, df->escape);
	if (!in->arg_count || strchr(in->args[0].text, '='))
		return;
	for (size_t i = 0; i < in->arg_count; i++)
		free(in->args[i].text);
	in->arg_count = 0;
	len = strcspn(in->text + at, DF_BLANKS);
	df_words_add(in, in->text + at, len, at);
	df_words_rest(in, at + len);
}

int
df_form_read(struct dockerfile *df, struct df_instruction *in, struct err *err)
{
	size_t at = in->args_at;

	switch (df_forms[in->cmd]) {
	case DF_FORM_BLANK:
		df_words_blank(in, at);
		return 0;
	case DF_FORM_COMMAND:
		return df_form_command(df, in, at, err);
	case DF_FORM_HEALTH:
		return df_form_health(df, in, at, err);
	case DF_FORM_LIST:
		return df_form_list(df, in, at, err);
	case DF_FORM_PAIRS:
		df_form_pairs(df, in, at);
		return 0;
	case DF_FORM_QUOTED:
		df_words_quoted(in, at, df->escape);
		return 0;
	case DF_FORM_REST:
		df_words_rest(in, at);
		return 0;
	}
	return 0;
}

bool
df_form_is_legacy(const struct df_instruction *in)
{
	return df_forms[in->cmd] == DF_FORM_PAIRS && in->arg_count == 2 &&
	       !strchr(in->args[0].text, '=');
}

static int
df_form_fail(struct dockerfile *df, const struct df_instruction *in,
	     const struct df_word *word, struct err *err, const char *what)
{
	df->failed = in->range;
	return dockerfile_err(df, word ? &word->range : &in->range, err, EINVAL,
			      "%s %s", df_cmd_name(in->cmd), what);
}

/* Each word is NAME=VALUE, or for ARG also NAME. */
static int
df_form_check_pairs(struct dockerfile *df, const struct df_instruction *in,
		    struct err *err)
{
	if (!in->arg_count)
		return df_form_fail(df, in, NULL, err,
				    "requires at least one argument");
	if (in->cmd != DF_ARG && !strchr(in->args[0].text, '='))
		return in->arg_count == 2
			       ? 0
			       : df_form_fail(df, in, NULL, err,
					      "must have two arguments");
	for (size_t i = 0; i < in->arg_count; i++) {
		const struct df_word *word = &in->args[i];

		if (*word->text == '=')
			return df_form_fail(df, in, word, err,
					    "names can not be blank");
		if (in->cmd != DF_ARG && !strchr(word->text, '=')) {
			df->failed = in->range;
			return dockerfile_err(
				df, &word->range, err, EINVAL,
				"%s: cannot find '=' in '%s', must be of the form name=value",
				df_cmd_name(in->cmd), word->text);
		}
	}
	return 0;
}

static int
df_form_check_copy(struct dockerfile *df, const struct df_instruction *in,
		   struct err *err)
{
	struct df_heredoc doc;

	if (in->arg_count < 2)
		return df_form_fail(
			df, in, NULL, err,
			"requires at least two arguments, a source and a destination");
	if (in->json ||
	    !df_heredoc_parse(in->args[in->arg_count - 1].text, &doc))
		return 0;
	free(doc.name);
	return df_form_fail(df, in, &in->args[in->arg_count - 1], err,
			    "cannot have a here-document as destination");
}

static int
df_form_check_from(struct dockerfile *df, const struct df_instruction *in,
		   struct err *err)
{
	if (in->arg_count == 1)
		return 0;
	if (in->arg_count != 3)
		return df_form_fail(df, in, NULL, err,
				    "requires either one or three arguments");
	if (strcasecmp(in->args[1].text, "as") != 0)
		return df_form_fail(df, in, &in->args[1], err,
				    "has 'AS' and a name behind its image");
	return 0;
}

static int
df_form_check_shell(struct dockerfile *df, const struct df_instruction *in,
		    struct err *err)
{
	if (!in->arg_count)
		return df_form_fail(df, in, NULL, err,
				    "requires at least one argument");
	if (!in->json)
		return df_form_fail(df, in, &in->args[0], err,
				    "requires its arguments as a JSON array");
	return 0;
}

static int
df_form_check_health(struct dockerfile *df, const struct df_instruction *in,
		     struct err *err)
{
	const char *type;

	if (!in->arg_count)
		return df_form_fail(df, in, NULL, err,
				    "requires at least one argument");
	type = in->args[0].text;
	if (!strcasecmp(type, "NONE"))
		return in->arg_count == 1 && !in->json
			       ? 0
			       : df_form_fail(df, in, &in->args[0], err,
					      "NONE takes no arguments");
	if (strcasecmp(type, "CMD") != 0) {
		df->failed = in->range;
		return dockerfile_err(
			df, &in->args[0].range, err, EINVAL,
			"HEALTHCHECK: unknown type '%s', try CMD or NONE",
			type);
	}
	if (in->arg_count == 1)
		return df_form_fail(df, in, &in->args[0], err,
				    "CMD has no command");
	return 0;
}

static int
df_form_check_one_word(struct dockerfile *df, const struct df_instruction *in,
		       struct err *err)
{
	/* A path may have blanks. */
	if (in->arg_count != 1 ||
	    (in->cmd != DF_WORKDIR && in->cmd != DF_MAINTAINER &&
	     strpbrk(in->args[0].text, DF_BLANKS) &&
	     !strpbrk(in->args[0].text, "\"'{")))
		return df_form_fail(df, in, NULL, err,
				    "requires exactly one argument");
	return 0;
}

int
df_form_check(struct dockerfile *df, const struct df_instruction *in,
	      struct err *err)
{
	switch (in->cmd) {
	case DF_ADD:
	case DF_COPY:
		return df_form_check_copy(df, in, err);
	case DF_ARG:
	case DF_ENV:
	case DF_LABEL:
		return df_form_check_pairs(df, in, err);
	case DF_EXPOSE:
	case DF_ONBUILD:
	case DF_VOLUME:
		return in->arg_count
			       ? 0
			       : df_form_fail(df, in, NULL, err,
					      "requires at least one argument");
	case DF_FROM:
		return df_form_check_from(df, in, err);
	case DF_HEALTHCHECK:
		return df_form_check_health(df, in, err);
	case DF_MAINTAINER:
	case DF_STOPSIGNAL:
	case DF_USER:
	case DF_WORKDIR:
		return df_form_check_one_word(df, in, err);
	case DF_SHELL:
		return df_form_check_shell(df, in, err);
	default:
		return 0;
	}
}
