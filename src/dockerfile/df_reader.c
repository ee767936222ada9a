/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_reader.c - from physical to logical lines.
 *
 * Directives are understood here, because one of them says how lines are
 * continued. Comments are dropped, also between continued lines.
 */
#include "dockerfile/df_reader.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_lint.h"
#include "dockerfile/df_note.h"
#include "dockerfile/df_syntax.h"
#include "dockerfile/df_words.h"

void
df_reader_init(struct df_reader *reader, struct dockerfile *df)
{
	*reader = (struct df_reader){
		.df = df,
		.rest = span_new(df->text, df->size),
		.in_directives = true,
		.above = STRBUF_INIT,
	};
}

void
df_reader_release(struct df_reader *reader)
{
	strbuf_release(&reader->above);
}

struct df_range
df_instruction_at(const struct df_instruction *in, size_t offset)
{
	struct df_range range = in->range;

	for (size_t i = 0; i < in->piece_count; i++) {
		const struct df_piece *piece = &in->pieces[i];

		if (piece->offset > offset)
			break;
		range.line = piece->line;
		range.col = piece->col + (int)(offset - piece->offset);
	}
	range.end_line = range.line;
	return range;
}

static int
df_fail_words(struct dockerfile *df, const struct df_range *range,
	      struct err *err, const char *words)
{
	df->failed = *range;
	return dockerfile_err(df, range, err, EINVAL, "%s", words);
}

int
df_fail(struct dockerfile *df, const struct df_instruction *in, size_t offset,
	struct err *err, const char *fmt, ...)
{
	struct df_range at = df_instruction_at(in, offset);
	cleanup_free char *words = NULL;
	va_list args;
	int r;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	r = df_fail_words(df, &at, err, words);
	df->failed.line = in->range.line;
	df->failed.end_line = in->range.end_line;
	return r;
}

static int
df_reader_fail(struct df_reader *reader, struct err *err, const char *words)
{
	struct df_range range = { reader->line, 1, reader->line };

	return df_fail_words(reader->df, &range, err, words);
}

/* One physical line without its end. Returns 1, 0 at the end, -EINVAL. */
static int
df_reader_line(struct df_reader *reader, struct span *ret_line, struct err *err)
{
	struct span line;

	if (!span_next(&reader->rest, '\n', &line))
		return 0;
	reader->line++;
	if (line.len > DOCKERFILE_MAX_LINE)
		return df_reader_fail(reader, err,
				      "the line has more than 65535 bytes");
	if (span_find(line, '\0') < line.len)
		return df_reader_fail(reader, err, "the line has a NUL byte");
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	*ret_line = line;
	return 1;
}

static struct span
df_trim_left(struct span line)
{
	while (line.len && strchr(DF_BLANKS, *line.ptr))
		line = span_skip(line, 1);
	return line;
}

/* "# key = value"; false when the line is something else. */
static bool
df_directive_cut(struct span line, struct span *ret_key, struct span *ret_value)
{
	size_t len = 0;

	if (!line.len || *line.ptr != '#')
		return false;
	line = df_trim_left(span_skip(line, 1));
	while (len < line.len && text_is_alnum(line.ptr[len]))
		len++;
	if (!len || text_is_digit(*line.ptr))
		return false;
	*ret_key = span_new(line.ptr, len);
	line = df_trim_left(span_skip(line, len));
	if (!line.len || *line.ptr != '=')
		return false;
	*ret_value = span_trim(df_trim_left(span_skip(line, 1)));
	return ret_value->len > 0;
}

static bool
df_span_is_word(struct span key, const char *word)
{
	return key.len == strlen(word) && !strncasecmp(key.ptr, word, key.len);
}

static int
df_directive_escape(struct df_reader *reader, struct span value,
		    struct err *err)
{
	int r;

	if (!span_is(value, "\\") && !span_is(value, "`")) {
		r = df_reader_fail(reader, err,
				   "the escape character is to be \\ or `");
		return r;
	}
	reader->df->escape = *value.ptr;
	return 1;
}

/* Returns 1 when @line was a directive, 0 when it was not, -EINVAL. */
static int
df_reader_directive(struct df_reader *reader, struct span line,
		    bool *seen_escape, struct err *err)
{
	struct dockerfile *df = reader->df;
	struct span key, value;
	bool is_again;
	char **slot;

	if (!df_directive_cut(line, &key, &value))
		return 0;
	if (df_span_is_word(key, "escape")) {
		is_again = *seen_escape;
		*seen_escape = true;
		slot = NULL;
	} else if (df_span_is_word(key, "syntax")) {
		slot = &df->syntax;
		is_again = df->syntax != NULL;
	} else if (df_span_is_word(key, "check")) {
		slot = &df->check;
		is_again = df->check != NULL;
	} else {
		return 0;
	}
	if (is_again)
		return df_reader_fail(reader, err,
				      "this parser directive is there twice");
	if (!slot)
		return df_directive_escape(reader, value, err);
	*slot = span_dup(value);
	return 1;
}

/* All directives at the top; the first other line is left to be read. */
static int
df_reader_directives(struct df_reader *reader, struct err *err)
{
	bool seen_escape = false;
	int r;

	for (;;) {
		struct span rest = reader->rest, line;
		bool is_first = reader->line == 0;

		r = df_reader_line(reader, &line, err);
		if (r <= 0)
			return r;
		if (is_first && span_starts(line, "#!"))
			continue;
		r = df_reader_directive(reader, df_trim_left(line),
					&seen_escape, err);
		if (r < 0)
			return r;
		if (r == 0) {
			reader->rest = rest;
			reader->line--;
			return 0;
		}
	}
}

/* Keep what a comment says for the instruction below it. */
static void
df_reader_comment(struct df_reader *reader, struct span line)
{
	line = span_trim(span_skip(line, 1));
	if (!line.len)
		strbuf_reset(&reader->above);
	strbuf_add(&reader->above, line.ptr, line.len);
	if (line.len)
		strbuf_addch(&reader->above, '\n');
}

/* Cut a continuation off the end; false when there is none. */
static bool
df_cut_continuation(const struct dockerfile *df, struct span *line)
{
	size_t len = line->len;

	while (len && (line->ptr[len - 1] == ' ' || line->ptr[len - 1] == '\t'))
		len--;
	if (!len || line->ptr[len - 1] != df->escape)
		return false;
	if (len > 1 && line->ptr[len - 2] == df->escape)
		return false;
	line->len = len - 1;
	return true;
}

static void
df_instruction_join(struct df_instruction *in, struct strbuf *text,
		    struct span piece, int line, int col, size_t *io_cap)
{
	array_push(in->pieces, in->piece_count, *io_cap,
		   (struct df_piece){ text->len, line, col });
	strbuf_add(text, piece.ptr, piece.len);
}

/* The lines that continue the one at hand. */
static int
df_reader_continue(struct df_reader *reader, struct df_instruction *in,
		   struct strbuf *text, size_t *io_cap, struct err *err)
{
	int blank_line = 0;
	int r;

	for (;;) {
		struct span line, trimmed;
		bool goes_on;

		r = df_reader_line(reader, &line, err);
		if (r < 0)
			return r;
		if (r == 0)
			break;
		trimmed = df_trim_left(line);
		if (trimmed.len && *trimmed.ptr == '#')
			continue;
		if (!trimmed.len) {
			blank_line = blank_line ?: reader->line;
			continue;
		}
		goes_on = df_cut_continuation(reader->df, &line);
		df_instruction_join(in, text, line, reader->line, 1, io_cap);
		if (!goes_on)
			break;
	}
	in->range.end_line = reader->line;
	if (blank_line)
		df_note_add(reader->df, DF_RULE_NO_EMPTY_CONTINUATION,
			    &in->range, "Empty continuation line");
	return 0;
}

/* Returns 1 when @line starts something, 0 when it was nothing, -EINVAL. */
static int
df_reader_start(struct df_reader *reader, struct df_instruction *in,
		struct span line, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct span trimmed = df_trim_left(line);
	int col = 1 + (int)(trimmed.ptr - line.ptr);
	bool goes_on = df_cut_continuation(reader->df, &trimmed);
	size_t cap = 0;
	int r = 0;

	in->range = (struct df_range){ reader->line, col, reader->line };
	df_instruction_join(in, &text, trimmed, reader->line, col, &cap);
	if (goes_on)
		r = df_reader_continue(reader, in, &text, &cap, err);
	if (r < 0)
		return r;
	while (text.len && strchr(DF_BLANKS, text.buf[text.len - 1]))
		strbuf_truncate(&text, text.len - 1);
	in->text = strbuf_take(&text);
	return *in->text != '\0';
}

int
df_reader_next(struct df_reader *reader, struct df_instruction *in,
	       struct err *err)
{
	int r = 0;

	strbuf_reset(&reader->above);
	if (reader->in_directives) {
		reader->in_directives = false;
		r = df_reader_directives(reader, err);
		if (r == 0)
			r = df_syntax_check(reader->df, err);
	}
	while (r == 0) {
		struct span line, trimmed;

		r = df_reader_line(reader, &line, err);
		if (r <= 0)
			return r;
		r = 0;
		trimmed = df_trim_left(line);
		if (!trimmed.len) {
			strbuf_reset(&reader->above);
		} else if (*trimmed.ptr == '#') {
			df_reader_comment(reader, trimmed);
		} else {
			r = df_reader_start(reader, in, line, err);
			if (r == 0) {
				free(in->text);
				free(in->pieces);
				*in = (struct df_instruction){ 0 };
			}
		}
	}
	return r;
}

/* A line that is the name ends the body; <<- lets tabs stand before it. */
static bool
df_heredoc_ends(const struct df_heredoc *doc, struct span line)
{
	while (doc->chomp && line.len && *line.ptr == '\t')
		line = span_skip(line, 1);
	return span_is(line, doc->name);
}

int
df_reader_heredoc(struct df_reader *reader, struct df_instruction *in,
		  struct df_heredoc *doc, struct err *err)
{
	const char *start = reader->rest.ptr;

	doc->range = (struct df_range){ reader->line + 1, 1, reader->line };
	for (;;) {
		const char *at = reader->rest.ptr;
		struct span line;
		int r = df_reader_line(reader, &line, err);

		if (r < 0)
			return r;
		in->range.end_line = reader->line;
		if (r == 0)
			return df_fail(reader->df, in, 0, err,
				       "the here-document '%s' has no end",
				       doc->name);
		if (df_heredoc_ends(doc, line)) {
			doc->content = xstrndup(start, (size_t)(at - start));
			return 0;
		}
		doc->range.end_line = reader->line;
	}
}
