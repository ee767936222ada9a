/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_parse.c - logical lines become instructions and stages.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_flags.h"
#include "dockerfile/df_form.h"
#include "dockerfile/df_heredoc.h"
#include "dockerfile/df_reader.h"
#include "dockerfile/df_step.h"
#include "dockerfile/df_words.h"
#include "dockerfile/dockerfile.h"

static int df_parse_instruction(struct dockerfile *df,
				struct df_instruction *in, size_t at,
				struct err *err);

static int
df_parse_unknown(struct dockerfile *df, const struct df_instruction *in,
		 size_t at, struct span word, struct err *err)
{
	cleanup_free char *upper = span_dup(word);
	const char *near;
	int r = df_fail(df, in, at, err, "unknown instruction '%s'", upper);

	for (char *p = upper; *p; p++)
		if (text_is_lower(*p))
			*p = (char)(*p - 'a' + 'A');
	near = text_nearest(upper, df_cmd_name_list());
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	return r;
}

/* What ONBUILD triggers is an instruction of its own. */
static int
df_parse_onbuild(struct dockerfile *df, struct df_instruction *in,
		 struct err *err)
{
	struct df_instruction *inner;
	int r;

	if (!in->arg_count)
		return 0;
	inner = in->inner = xcalloc(1, sizeof(*inner));
	inner->range = in->range;
	inner->text = xstrdup(in->text);
	inner->pieces =
		xmemdup(in->pieces, in->piece_count * sizeof(*in->pieces));
	inner->piece_count = in->piece_count;
	r = df_parse_instruction(df, inner, in->args_at, err);
	if (r < 0)
		return r;
	if (inner->cmd == DF_ONBUILD || inner->cmd == DF_FROM ||
	    inner->cmd == DF_MAINTAINER)
		return df_fail(df, in, in->args_at, err,
			       "%s is not allowed as an ONBUILD trigger",
			       df_cmd_name(inner->cmd));
	return 0;
}

/* Fill @in from its text, the keyword being at @at. */
static int
df_parse_instruction(struct dockerfile *df, struct df_instruction *in,
		     size_t at, struct err *err)
{
	struct span word =
		span_new(in->text + at, strcspn(in->text + at, DF_BLANKS));
	int cmd = df_cmd_find(word);
	int r;

	if (cmd < 0)
		return df_parse_unknown(df, in, at, word, err);
	in->cmd = (enum df_cmd)cmd;
	in->keyword = span_dup(word);
	in->args_at = at + word.len;
	df_words_flags(in, &in->args_at);
	r = df_flags_check(df, in, err);
	if (r == 0)
		r = df_form_read(df, in, err);
	if (r == 0)
		r = df_form_check(df, in, err);
	if (r == 0 && in->cmd == DF_ONBUILD)
		r = df_parse_onbuild(df, in, err);
	return r;
}

static bool
df_parse_takes_heredocs(const char *text)
{
	struct span word = span_new(text, strcspn(text, DF_BLANKS));
	int cmd = df_cmd_find(word);

	if (cmd == DF_ONBUILD) {
		text += df_words_skip(text, word.len);
		word = span_new(text, strcspn(text, DF_BLANKS));
		cmd = df_cmd_find(word);
	}
	return cmd == DF_ADD || cmd == DF_COPY || cmd == DF_RUN;
}

/* Does something that is going to be replaced hold a variable? */
static bool
df_parse_has_variables(const struct df_instruction *in)
{
	const char *from = df_flag_get(in, "from");

	/* COPY --from=$x is wrong whatever x is. */
	if (from && strchr(from, '$'))
		return false;
	for (size_t i = 0; in->cmd == DF_RUN && i < in->flag_count; i++)
		if (strchr(in->flags[i].value ?: "", '$'))
			return true;
	return in->cmd != DF_RUN && strchr(in->text, '$');
}

/* Values that hold no variable are known now. */
static int
df_parse_check_values(struct dockerfile *df, const struct df_instruction *in,
		      struct err *err)
{
	struct df_globals globals = DF_GLOBALS_INIT;
	struct df_scope scope = DF_SCOPE_INIT;
	struct df_step step;
	int r;

	if (in->cmd == DF_FROM || !in->arg_count || df_parse_has_variables(in))
		return 0;
	r = df_step_make(df, in, &scope, &globals, &step, NULL, err);
	df_globals_release(&globals);
	if (r < 0)
		df->failed = in->range;
	else
		df_step_release(&step);
	return r;
}

/* One instruction with its here-documents. Returns 1, 0 at the end. */
static int
df_parse_next(struct df_reader *reader, struct df_instruction *in,
	      struct err *err)
{
	struct dockerfile *df = reader->df;
	int r = df_reader_next(reader, in, err);

	if (r <= 0)
		return r;
	if (df_parse_takes_heredocs(in->text))
		df_heredoc_scan(in);
	for (size_t i = 0; r > 0 && i < in->heredoc_count; i++)
		if (df_reader_heredoc(reader, in, &in->heredocs[i], err) < 0)
			r = -EINVAL;
	if (r > 0 && df_parse_instruction(df, in, 0, err) < 0)
		r = -EINVAL;
	if (r > 0 && df_parse_check_values(df, in, err) < 0)
		r = -EINVAL;
	if (r > 0 && reader->above.len)
		in->doc = strbuf_take(&reader->above);
	return r;
}

static int
df_parse_all(struct df_reader *reader, struct err *err)
{
	struct dockerfile *df = reader->df;

	for (;;) {
		struct df_instruction in = { 0 };
		int r = df_parse_next(reader, &in, err);

		/* Also what failed half-way is the file's to free. */
		if (in.text || in.pieces)
			array_push(df->instructions, df->len, df->cap, in);
		if (r <= 0)
			return r;
		if (df->len > DOCKERFILE_MAX_INSTRUCTIONS)
			return df_fail(df, &in, 0, err,
				       "the file has too many instructions");
	}
}

/* ^[a-z][a-z0-9-_.]*$, capitals being taken as small letters */
static bool
df_stage_name_is_valid(const char *name)
{
	if (!text_is_lower(*name) && !text_is_upper(*name))
		return false;
	for (; *name; name++)
		if (!text_is_alnum(*name) && !strchr("-_.", *name))
			return false;
	return true;
}

static int
df_parse_stage(struct dockerfile *df, const struct df_instruction *from,
	       struct err *err)
{
	struct df_stage stage = {
		.index = df->stage_count,
		.base = from->args[0].text,
		.platform = df_flag_get(from, "platform"),
		.from = from,
		.items = from + 1,
	};

	if (from->arg_count == 3) {
		const struct df_word *word = &from->args[2];

		if (!df_stage_name_is_valid(word->text)) {
			df->failed = from->range;
			return dockerfile_err(
				df, &word->range, err, EINVAL,
				"invalid name for build stage: '%s', it starts with a letter and has letters, digits, '-', '_' and '.'",
				word->text);
		}
		stage.name = xstrdup(word->text);
		for (char *p = stage.name; *p; p++)
			if (text_is_upper(*p))
				*p = (char)(*p - 'A' + 'a');
	}
	stage.title = stage.name ? xstrdup(stage.name)
				 : xasprintf("stage-%zu", stage.index);
	array_push(df->stages, df->stage_count, df->stage_cap, stage);
	return 0;
}

/* The instructions stay where they are from now on. */
static int
df_parse_stages(struct dockerfile *df, struct err *err)
{
	for (size_t i = 0; i < df->len; i++) {
		struct df_instruction *in = &df->instructions[i];
		int r = 0;

		if (in->cmd == DF_FROM)
			r = df_parse_stage(df, in, err);
		else if (df->stage_count)
			df->stages[df->stage_count - 1].len++;
		else if (in->cmd == DF_ARG)
			df->global_count++;
		else
			r = df_fail(
				df, in, 0, err,
				"no build stage in current context: %s comes before the first FROM",
				df_cmd_name(in->cmd));
		if (r < 0)
			return r;
	}
	return 0;
}

static int
df_parse_whole_file_fails(struct dockerfile *df, struct err *err,
			  const char *what)
{
	df->failed = (struct df_range){ 1, 1, 1 };
	return dockerfile_err(df, &df->failed, err, EINVAL, "%s", what);
}

int
dockerfile_parse(struct dockerfile *df, struct err *err)
{
	struct df_reader reader;
	int r;

	df_reader_init(&reader, df);
	if (df->size > DOCKERFILE_MAX_BYTES)
		r = df_parse_whole_file_fails(df, err, "the file is too large");
	else
		r = df_parse_all(&reader, err);
	df_reader_release(&reader);
	if (r < 0)
		return r;
	if (!df->len)
		return df_parse_whole_file_fails(df, err,
						 "file with no instructions");
	r = df_parse_stages(df, err);
	if (r == 0 && !df->stage_count)
		r = df_parse_whole_file_fails(
			df, err, "no FROM: the file has no build stages");
	return r;
}

int
dockerfile_parse_trigger(struct dockerfile *df, struct err *err)
{
	struct df_reader reader;
	int r;

	df_reader_init(&reader, df);
	reader.in_directives = false;
	r = df_parse_all(&reader, err);
	df_reader_release(&reader);
	if (r < 0)
		return r;
	if (df->len != 1)
		return df_parse_whole_file_fails(
			df, err, "a trigger is one instruction");
	if (df->instructions[0].cmd == DF_ONBUILD ||
	    df->instructions[0].cmd == DF_FROM ||
	    df->instructions[0].cmd == DF_MAINTAINER)
		return df_parse_whole_file_fails(
			df, err,
			"ONBUILD, FROM and MAINTAINER are no triggers");
	return 0;
}
