/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/expand.c - ${var} in text, as Compose files and Dockerfiles have it.
 *
 * One walk from left to right. A word after a modifier is walked by the same
 * code; when it is not used the walk is silent: nothing is looked up, printed
 * or refused but bad syntax.
 */
#include "data/expand.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/expand_pattern.h"

struct expand_run {
	const char *text;
	const char *at;
	const struct expand_opts *opts;
	char escape; /* 0: none */
	int nesting;
	int silent;      /* > 0: the word at hand is not used */
	bool in_pattern; /* escapes stay for the pattern to see */
	size_t steps;    /* left for patterns */
	size_t error_at;
	struct err *err;
};

/* Where a word ends, beside the end of the text. */
enum expand_end {
	EXPAND_END_TEXT,
	EXPAND_END_BRACE, /* } */
	EXPAND_END_SLASH, /* / or } */
};

static int expand_word(struct expand_run *run, enum expand_end end,
		       struct strbuf *out);

static int __attribute__((format(printf, 4, 5)))
expand_fail(struct expand_run *run, const char *at, int code, const char *fmt,
	    ...)
{
	cleanup_free char *words = NULL;
	va_list args;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	run->error_at = (size_t)(at - run->text);
	return err_set(run->err, code, "%s", words);
}

static bool
expand_is_dockerfile(const struct expand_run *run)
{
	return run->opts->mode == EXPAND_DOCKERFILE;
}

static bool
expand_is_name_start(char c)
{
	return text_is_lower(c) || text_is_upper(c) || c == '_';
}

/* The length of the variable name at @p, 0 when there is none. */
static size_t
expand_name_len(const struct expand_run *run, const char *p)
{
	size_t len = 0;

	if (expand_is_name_start(*p)) {
		while (expand_is_name_start(p[len]) || text_is_digit(p[len]))
			len++;
		return len;
	}
	if (!expand_is_dockerfile(run))
		return 0;
	while (text_is_digit(p[len]))
		len++;
	if (!len && *p && strchr("@*#!?-$", *p))
		return 1;
	return len;
}

/* The value, NULL when unset or when nobody asks. */
static const char *
expand_get(struct expand_run *run, const char *name)
{
	return run->silent ? NULL : run->opts->get(run->opts->arg, name);
}

static void
expand_report_unset(struct expand_run *run, const char *name, const char *start)
{
	if (!run->silent && run->opts->unset)
		run->opts->unset(run->opts->arg, name,
				 (size_t)(start - run->text));
}

/* A plain use: an unset variable is reported, and is empty or stays. */
static void
expand_add_value(struct expand_run *run, const char *name, const char *start,
		 struct strbuf *out)
{
	const char *value;

	/* "$@" and its like are empty. */
	if (!expand_is_name_start(*name) && !text_is_digit(*name))
		return;
	value = expand_get(run, name);
	if (value) {
		strbuf_addstr(out, value);
		return;
	}
	expand_report_unset(run, name, start);
	if (!run->silent && run->opts->flags & EXPAND_KEEP_UNSET)
		strbuf_add(out, start, (size_t)(run->at - start));
}

/* The word up to the closing brace; read to no purpose unless @is_used. */
static int
expand_sub_word(struct expand_run *run, bool is_used, enum expand_end end,
		struct strbuf *out)
{
	int r;

	if (++run->nesting > EXPAND_MAX_NESTING)
		return expand_fail(run, run->at, EINVAL,
				   "nested more than %d deep",
				   EXPAND_MAX_NESTING);
	run->silent += !is_used;
	r = expand_word(run, end, out);
	run->silent -= !is_used;
	run->nesting--;
	return r;
}

static int
expand_take_brace(struct expand_run *run, const char *start)
{
	if (*run->at != '}')
		return expand_fail(run, start, EINVAL,
				   "'${' is not closed by '}'");
	run->at++;
	return 0;
}

static int
expand_required(struct expand_run *run, const char *name, const char *start,
		const struct strbuf *word, bool or_empty)
{
	if (word->len)
		return expand_fail(run, start, ENOENT,
				   "required variable '%s' is missing: %s",
				   name, word->buf);
	return expand_fail(run, start, ENOENT, "required variable '%s' is %s",
			   name, or_empty ? "missing or empty" : "missing");
}

/* ${V:-w} ${V-w} ${V:+w} ${V+w} ${V:?w} ${V?w}; run->at is at the sign. */
static int
expand_default(struct expand_run *run, const char *name, const char *start,
	       bool or_empty, struct strbuf *out)
{
	cleanup_strbuf struct strbuf word = STRBUF_INIT;
	char sign = *run->at++;
	const char *value = expand_get(run, name);
	bool is_there = value && (*value || !or_empty);
	bool uses_word = !run->silent && (sign == '+') == is_there;
	int r = expand_sub_word(run, uses_word, EXPAND_END_BRACE, &word);

	if (r == 0)
		r = expand_take_brace(run, start);
	if (r < 0 || run->silent)
		return r;
	if (sign == '?' && !is_there)
		return expand_required(run, name, start, &word, or_empty);
	if (uses_word)
		strbuf_add(out, word.buf, word.len);
	else if (sign != '+')
		strbuf_addstr(out, value);
	return 0;
}

static int
expand_pattern_word(struct expand_run *run, enum expand_end end,
		    struct strbuf *word)
{
	bool outer = run->in_pattern;
	int r;

	run->in_pattern = true;
	r = expand_sub_word(run, true, end, word);
	run->in_pattern = outer;
	return r;
}

/* ${V#p} ${V##p} ${V%p} ${V%%p} */
static int
expand_cut(struct expand_run *run, const char *name, const char *start,
	   struct strbuf *out)
{
	cleanup_strbuf struct strbuf pattern = STRBUF_INIT;
	const char *value = expand_get(run, name);
	char sign = *run->at++;
	bool longest = *run->at == sign;
	int r;

	run->at += longest;
	r = expand_pattern_word(run, EXPAND_END_BRACE, &pattern);
	if (r == 0)
		r = expand_take_brace(run, start);
	if (r == 0 && !value)
		expand_report_unset(run, name, start);
	if (r < 0 || !value)
		return r;
	r = expand_pattern_cut(value, pattern.buf, sign == '%', longest,
			       &run->steps, out);
	if (r < 0)
		return expand_fail(run, start, EFBIG,
				   "this takes too long to match");
	return 0;
}

/* ${V/p/r} ${V//p/r}; without the second slash what matches goes. */
static int
expand_replace(struct expand_run *run, const char *name, const char *start,
	       struct strbuf *out)
{
	cleanup_strbuf struct strbuf pattern = STRBUF_INIT;
	cleanup_strbuf struct strbuf replacement = STRBUF_INIT;
	const char *value = expand_get(run, name);
	bool all = *++run->at == '/';
	int r;

	run->at += all;
	r = expand_pattern_word(run, EXPAND_END_SLASH, &pattern);
	if (r == 0 && *run->at == '/') {
		run->at++;
		r = expand_sub_word(run, true, EXPAND_END_BRACE, &replacement);
	}
	if (r == 0)
		r = expand_take_brace(run, start);
	if (r == 0 && !value)
		expand_report_unset(run, name, start);
	if (r < 0 || !value)
		return r;
	r = expand_pattern_replace(value, pattern.buf, replacement.buf, all,
				   EXPAND_MAX_BYTES, &run->steps, out);
	if (r < 0)
		return expand_fail(run, start, EFBIG,
				   "this takes too long to match");
	return 0;
}

static int
expand_bad_modifier(struct expand_run *run, const char *start)
{
	if (!*run->at)
		return expand_take_brace(run, start);
	return expand_fail(run, run->at, EINVAL,
			   "'%.*s' is no modifier of a variable",
			   *run->at == ':' && run->at[1] ? 2 : 1, run->at);
}

/* After "${". */
static int
expand_braces(struct expand_run *run, const char *start, struct strbuf *out)
{
	size_t len = expand_name_len(run, run->at);
	cleanup_free char *name = xstrndup(run->at, len);

	if (!len && *run->at)
		return expand_fail(run, start, EINVAL,
				   "a variable's name is expected");
	run->at += len;
	if (*run->at == '}') {
		run->at++;
		expand_add_value(run, name, start, out);
		return 0;
	}
	if (*run->at == ':' && run->at[1] && strchr("-+?", run->at[1])) {
		run->at++;
		return expand_default(run, name, start, true, out);
	}
	if (*run->at && strchr("-+?", *run->at))
		return expand_default(run, name, start, false, out);
	if (expand_is_dockerfile(run) && *run->at && strchr("#%", *run->at))
		return expand_cut(run, name, start, out);
	if (expand_is_dockerfile(run) && *run->at == '/')
		return expand_replace(run, name, start, out);
	return expand_bad_modifier(run, start);
}

/* At a dollar sign. */
static int
expand_dollar(struct expand_run *run, struct strbuf *out)
{
	const char *start = run->at++;
	cleanup_free char *name = NULL;
	size_t len;

	if (*run->at == '$' && !expand_is_dockerfile(run)) {
		run->at++;
		strbuf_addch(out, '$');
		return 0;
	}
	if (*run->at == '{') {
		run->at++;
		return expand_braces(run, start, out);
	}
	len = expand_name_len(run, run->at);
	if (!len) {
		strbuf_addch(out, '$');
		return 0;
	}
	name = xstrndup(run->at, len);
	run->at += len;
	expand_add_value(run, name, start, out);
	return 0;
}

/* At an escape character outside quotes. */
static void
expand_escape(struct expand_run *run, struct strbuf *out)
{
	if (run->in_pattern)
		strbuf_addch(out, '\\');
	else if (run->opts->flags & EXPAND_RAW)
		strbuf_addch(out, *run->at);
	run->at++;
	if (*run->at)
		strbuf_addch(out, *run->at++);
}

/* '…': everything as it is. */
static int
expand_single_quotes(struct expand_run *run, struct strbuf *out)
{
	const char *start = run->at++;
	const char *end = strchr(run->at, '\'');

	if (!end)
		return expand_fail(run, start, EINVAL,
				   "a single quote is not closed");
	if (run->opts->flags & EXPAND_RAW)
		strbuf_add(out, start, (size_t)(end + 1 - start));
	else
		strbuf_add(out, run->at, (size_t)(end - run->at));
	run->at = end + 1;
	return 0;
}

/* "…": variables work; only a quote, a dollar and itself can be escaped. */
static int
expand_double_quotes(struct expand_run *run, struct strbuf *out)
{
	const char *start = run->at++;
	bool is_raw = run->opts->flags & EXPAND_RAW;

	if (is_raw)
		strbuf_addch(out, '"');
	while (*run->at != '"') {
		char next = *run->at ? run->at[1] : '\0';
		int r = 0;

		if (!*run->at)
			return expand_fail(run, start, EINVAL,
					   "a double quote is not closed");
		if (*run->at == '$') {
			r = expand_dollar(run, out);
		} else if (*run->at == run->escape &&
			   (next == '"' || next == '$' ||
			    next == run->escape)) {
			expand_escape(run, out);
		} else {
			strbuf_addch(out, *run->at++);
		}
		if (r < 0)
			return r;
	}
	if (is_raw)
		strbuf_addch(out, '"');
	run->at++;
	return 0;
}

static bool
expand_at_end(const struct expand_run *run, enum expand_end end)
{
	if (!*run->at)
		return true;
	return (*run->at == '}' && end != EXPAND_END_TEXT) ||
	       (*run->at == '/' && end == EXPAND_END_SLASH);
}

static int
expand_word(struct expand_run *run, enum expand_end end, struct strbuf *out)
{
	bool has_quotes = run->opts->flags & (EXPAND_QUOTES | EXPAND_RAW);

	while (!expand_at_end(run, end)) {
		int r = 0;

		if (*run->at == '$')
			r = expand_dollar(run, out);
		else if (run->escape && *run->at == run->escape)
			expand_escape(run, out);
		else if (has_quotes && *run->at == '\'')
			r = expand_single_quotes(run, out);
		else if (has_quotes && *run->at == '"')
			r = expand_double_quotes(run, out);
		else
			strbuf_addch(out, *run->at++);
		if (r == 0 && out->len > EXPAND_MAX_BYTES)
			r = expand_fail(run, run->at, EFBIG,
					"this expands to too much");
		if (r < 0)
			return r;
	}
	return 0;
}

int
expand_vars(const char *text, const struct expand_opts *opts,
	    struct strbuf *out, size_t *ret_offset, struct err *err)
{
	struct expand_run run = {
		.text = text,
		.at = text,
		.opts = opts,
		.steps = EXPAND_MAX_STEPS,
		.err = err,
	};
	cleanup_strbuf struct strbuf made = STRBUF_INIT;
	int r;

	if (opts->mode == EXPAND_DOCKERFILE)
		run.escape = opts->escape ? opts->escape : '\\';
	r = expand_word(&run, EXPAND_END_TEXT, &made);
	if (r == 0)
		strbuf_add(out, made.buf, made.len);
	else if (ret_offset)
		*ret_offset = run.error_at;
	return r;
}
