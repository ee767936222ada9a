/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_lint.c - collecting warnings, leaving out what is skipped.
 */
#include "dockerfile/df_lint.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "dockerfile/df_lint_syntax.h"
#include "dockerfile/df_note.h"

void
df_note_add(struct dockerfile *df, enum df_rule rule,
	    const struct df_range *range, const char *fmt, ...)
{
	struct df_note note = { .rule = (int)rule, .range = *range };
	va_list args;

	va_start(args, fmt);
	note.detail = xvasprintf(fmt, args);
	va_end(args);
	array_push(df->notes, df->note_count, df->note_cap, note);
}

/* The last instruction that begins at @line or before; NULL: none does. */
static const struct df_instruction *
df_lint_find_instruction(const struct dockerfile *df, int line)
{
	const struct df_instruction *found = NULL;

	for (size_t i = 0;
	     i < df->len && df->instructions[i].range.line <= line; i++)
		found = &df->instructions[i];
	return found;
}

static bool
df_lint_is_skipped(const struct df_lint *lint, enum df_rule rule, int line)
{
	const struct df_instruction *in =
		df_lint_find_instruction(lint->df, line);

	if (!in || !lint->line_skip)
		return lint->skip[rule];
	return lint->line_skip[(size_t)(in - lint->df->instructions) *
				       DF_RULE_COUNT +
			       (size_t)rule];
}

static void
df_lint_add_text(struct df_lint *lint, enum df_rule rule,
		 const struct df_range *range, const char *detail)
{
	if (df_lint_is_skipped(lint, rule, range->line))
		return;
	for (size_t i = 0; i < lint->len; i++)
		if (lint->items[i].rule == rule &&
		    lint->items[i].range.line == range->line &&
		    !strcmp(lint->items[i].detail, detail))
			return;
	array_push(lint->items, lint->len, lint->cap,
		   (struct df_warning){ rule, *range, xstrdup(detail) });
}

void
df_lint_add(struct df_lint *lint, enum df_rule rule,
	    const struct df_range *range, const char *fmt, ...)
{
	cleanup_free char *detail = NULL;
	va_list args;

	if (!lint)
		return;
	va_start(args, fmt);
	detail = xvasprintf(fmt, args);
	va_end(args);
	df_lint_add_text(lint, rule, range, detail);
}

/* "A,B" or "all" */
static void
df_lint_mark(bool *rules, struct span list, bool value)
{
	struct span word;

	while (span_next(&list, ',', &word)) {
		int rule;

		word = span_trim(word);
		if (word.len == 3 && !strncasecmp(word.ptr, "all", 3)) {
			for (int i = 0; i < DF_RULE_COUNT; i++)
				rules[i] = value;
			continue;
		}
		rule = df_rule_find(word);
		if (rule >= 0)
			rules[rule] = value;
	}
}

static int
df_lint_option(struct span option, bool *skip, bool *io_errors, struct err *err)
{
	size_t at = span_find(option, '=');
	struct span key = span_trim(span_new(option.ptr, at));
	cleanup_free char *value = NULL;

	if (at == option.len)
		return err_set(err, EINVAL,
			       "check: '%.*s' is not of the form key=value",
			       (int)option.len, option.ptr);
	value = span_dup(span_trim(span_skip(option, at + 1)));
	if (span_is(key, "skip")) {
		df_lint_mark(skip, span_of(value), true);
	} else if (span_is(key, "experimental")) {
		df_lint_mark(skip, span_of(value), false);
	} else if (span_is(key, "error")) {
		if (units_parse_bool(value, io_errors, err) < 0)
			return err_wrap(err, -EINVAL, "check: error");
	} else {
		return err_set(err, EINVAL, "check: unknown option '%.*s'",
			       (int)key.len, key.ptr);
	}
	return 0;
}

/* "skip=A,B;error=true;experimental=C" */
static int
df_lint_options(const char *text, bool *skip, bool *io_errors, struct err *err)
{
	struct span rest = span_of(text), option;

	while (span_next(&rest, ';', &option)) {
		int r;

		option = span_trim(option);
		if (!option.len)
			continue;
		r = df_lint_option(option, skip, io_errors, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* "# check=skip=…" in the comments above; other words are no option. */
static void
df_lint_comments(const struct df_instruction *in, bool *skip)
{
	struct span rest = span_of(in->doc ?: ""), line;

	while (span_next(&rest, '\n', &line)) {
		cleanup_free char *text = span_dup(line);
		const char *options = text_after(text, "check=");
		bool with[DF_RULE_COUNT], errors = false;

		(void)memcpy(with, skip, sizeof(with));
		if (options &&
		    df_lint_options(options, with, &errors, NULL) == 0)
			(void)memcpy(skip, with, sizeof(with));
	}
}

/* What stands above a FROM is for its stage, above another for itself. */
static void
df_lint_lines(struct df_lint *lint)
{
	const struct dockerfile *df = lint->df;
	const bool *above = lint->skip;

	lint->line_skip = xcalloc(df->len * DF_RULE_COUNT + 1, sizeof(bool));
	for (size_t i = 0; i < df->len; i++) {
		const struct df_instruction *in = &df->instructions[i];
		bool *skip = &lint->line_skip[i * DF_RULE_COUNT];

		if (in->cmd == DF_FROM)
			above = lint->skip;
		(void)memcpy(skip, above, sizeof(lint->skip));
		df_lint_comments(in, skip);
		if (in->cmd == DF_FROM)
			above = skip;
	}
}

int
df_lint_init(struct df_lint *lint, const struct dockerfile *df,
	     const char *check, struct err *err)
{
	const char *options = check ?: df->check ?: "";
	int r;

	*lint = (struct df_lint){ .df = df };
	lint->skip[DF_RULE_INVALID_DEFINITION_DESCRIPTION] = true;
	r = df_lint_options(options, lint->skip, &lint->errors, err);
	if (r < 0) {
		df_lint_release(lint);
		return r;
	}
	df_lint_lines(lint);
	for (size_t i = 0; i < df->note_count; i++)
		df_lint_add_text(lint, (enum df_rule)df->notes[i].rule,
				 &df->notes[i].range, df->notes[i].detail);
	df_lint_syntax(lint, df);
	return 0;
}

void
df_lint_release(struct df_lint *lint)
{
	for (size_t i = 0; i < lint->len; i++)
		free(lint->items[i].detail);
	free(lint->items);
	free(lint->line_skip);
	*lint = (struct df_lint)DF_LINT_INIT;
}

static int
df_lint_compare(const void *a, const void *b)
{
	const struct df_warning *x = a, *y = b;

	if (x->range.line != y->range.line)
		return x->range.line < y->range.line ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return strcmp(x->detail, y->detail);
}

void
df_lint_sort(struct df_lint *lint)
{
	if (lint->len)
		qsort(lint->items, lint->len, sizeof(*lint->items),
		      df_lint_compare);
}

void
df_warning_add_text(const struct df_warning *warning,
		    const struct dockerfile *df, struct strbuf *sb)
{
	strbuf_addf(sb, "WARN: %s - %s\n%s\n", df_rule_name(warning->rule),
		    df_rule_url(warning->rule), warning->detail);
	dockerfile_add_excerpt(df, &warning->range, sb);
}
