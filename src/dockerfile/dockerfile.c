/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/dockerfile.c - a Dockerfile as instructions and stages.
 */
#include "dockerfile/dockerfile.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/strvec.h"
#include "base/text.h"
#include "base/units.h"

#define DOCKERFILE_BOM "\xef\xbb\xbf"
/* Lines shown before and after those of an excerpt's range. */
#define DOCKERFILE_EXCERPT_AROUND 2
#define DOCKERFILE_EXCERPT_MAX 20

struct dockerfile *
dockerfile_new(const char *name, struct span bytes)
{
	struct dockerfile *df = xcalloc(1, sizeof(*df));

	if (span_starts(bytes, DOCKERFILE_BOM))
		bytes = span_skip(bytes, strlen(DOCKERFILE_BOM));
	df->name = xstrdup(name);
	df->text = xmalloc(bytes.len + 1);
	(void)memcpy(df->text, bytes.ptr, bytes.len);
	df->text[bytes.len] = '\0';
	df->size = bytes.len;
	df->escape = '\\';
	return df;
}

static void
df_instruction_release(struct df_instruction *in)
{
	for (size_t i = 0; i < in->flag_count; i++) {
		free(in->flags[i].name);
		free(in->flags[i].value);
	}
	for (size_t i = 0; i < in->arg_count; i++)
		free(in->args[i].text);
	for (size_t i = 0; i < in->heredoc_count; i++) {
		free(in->heredocs[i].name);
		free(in->heredocs[i].content);
	}
	if (in->inner)
		df_instruction_release(in->inner);
	free(in->inner);
	free(in->keyword);
	free(in->flags);
	free(in->args);
	free(in->text);
	free(in->heredocs);
	free(in->doc);
	free(in->pieces);
}

void
dockerfile_free(struct dockerfile *df)
{
	if (!df)
		return;
	for (size_t i = 0; i < df->len; i++)
		df_instruction_release(&df->instructions[i]);
	for (size_t i = 0; i < df->stage_count; i++) {
		free(df->stages[i].name);
		free(df->stages[i].title);
	}
	for (size_t i = 0; i < df->note_count; i++)
		free(df->notes[i].detail);
	free(df->instructions);
	free(df->stages);
	free(df->notes);
	free(df->name);
	free(df->text);
	free(df->syntax);
	free(df->syntax_override);
	free(df->check);
	free(df);
}

int
dockerfile_err(const struct dockerfile *df, const struct df_range *range,
	       struct err *err, int code, const char *fmt, ...)
{
	cleanup_free char *words = NULL;
	va_list args;

	va_start(args, fmt);
	words = xvasprintf(fmt, args);
	va_end(args);
	return err_set(err, code, "%s:%d:%d: %s", df->name, range->line,
		       range->col, words);
}

const char *
df_flag_get(const struct df_instruction *in, const char *name)
{
	for (size_t i = in->flag_count; i > 0; i--)
		if (!strcmp(in->flags[i - 1].name, name))
			return in->flags[i - 1].value ?: "";
	return NULL;
}

void
df_heredoc_body(const struct df_heredoc *doc, struct strbuf *sb)
{
	const char *at = doc->content;

	if (!doc->chomp) {
		strbuf_addstr(sb, at);
		return;
	}
	while (*at) {
		size_t len;

		at += strspn(at, "\t");
		len = strcspn(at, "\n");
		len += at[len] == '\n';
		strbuf_add(sb, at, len);
		at += len;
	}
}

static int
dockerfile_later_stage(const char *name, struct err *err)
{
	return err_set(err, EINVAL, "stage '%s' is not defined before this one",
		       name);
}

int
dockerfile_find_stage(const struct dockerfile *df, const char *name,
		      size_t before, size_t *ret_stage, struct err *err)
{
	uint64_t number;

	for (size_t i = df->stage_count; i > 0; i--) {
		const struct df_stage *stage = &df->stages[i - 1];

		if (i <= before && stage->name &&
		    !strcasecmp(stage->name, name)) {
			*ret_stage = i - 1;
			return 0;
		}
	}
	if (units_parse_u64(name, 0, SIZE_MAX, &number, NULL) == 0) {
		if (number >= before)
			return dockerfile_later_stage(name, err);
		*ret_stage = (size_t)number;
		return 0;
	}
	for (size_t i = before; i < df->stage_count; i++)
		if (df->stages[i].name && !strcasecmp(df->stages[i].name, name))
			return dockerfile_later_stage(name, err);
	return -ENOENT;
}

int
dockerfile_find_target(const struct dockerfile *df, const char *target,
		       size_t *ret_stage, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *near;

	if (!target || !*target) {
		*ret_stage = df->stage_count - 1;
		return 0;
	}
	if (dockerfile_find_stage(df, target, df->stage_count, ret_stage,
				  NULL) == 0)
		return 0;
	for (size_t i = 0; i < df->stage_count; i++)
		if (df->stages[i].name)
			strvec_add(&names, df->stages[i].name);
	(void)err_set(err, ENOENT, "%s has no stage '%s'", df->name, target);
	near = text_nearest(target, (const char *const *)strvec_argv(&names));
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	return -ENOENT;
}

static void
dockerfile_add_line(struct strbuf *sb, int number, struct span line,
		    bool is_marked)
{
	while (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	strbuf_addf(sb, "%4d | %s ", number, is_marked ? ">>>" : "   ");
	strbuf_add(sb, line.ptr, line.len);
	strbuf_addch(sb, '\n');
}

void
dockerfile_add_excerpt(const struct dockerfile *df,
		       const struct df_range *range, struct strbuf *sb)
{
	struct span rest = span_of(df->text), line;
	int first = range->line - DOCKERFILE_EXCERPT_AROUND;
	int last = range->end_line + DOCKERFILE_EXCERPT_AROUND;

	if (range->line < 1)
		return;
	if (last > range->line + DOCKERFILE_EXCERPT_MAX)
		last = range->line + DOCKERFILE_EXCERPT_MAX;
	strbuf_addf(sb, "%s:%d\n--------------------\n", df->name, range->line);
	for (int i = 1; i <= last && span_next(&rest, '\n', &line); i++)
		if (i >= first)
			dockerfile_add_line(sb, i, line,
					    i >= range->line &&
						    i <= range->end_line);
	strbuf_addstr(sb, "--------------------\n");
}
