/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/diag.c - all that is wrong with a project's files, in one go.
 */
#include "compose/diag.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "ui/width.h"

#define EXCERPT_COLUMNS 100

void
diag_release(struct diag *diag)
{
	free(diag->errors);
	strvec_release(&diag->warnings);
	for (map_each(e, &diag->texts))
		free(e->value);
	map_release(&diag->texts);
	*diag = (struct diag)DIAG_INIT;
}

void
diag_keep_text(struct diag *diag, const char *file, char *text)
{
	free(map_set(&diag->texts, file, text));
}

/* One mistake in a file that is read twice (extends) is told once. */
static bool
is_known(const struct diag *diag, const struct err *err)
{
	for (size_t i = 0; i < diag->len; i++)
		if (!strcmp(diag->errors[i].text, err->text))
			return true;
	return false;
}

void
diag_add(struct diag *diag, const struct err *err)
{
	if (diag->len < DIAG_MAX && !is_known(diag, err))
		array_push(diag->errors, diag->len, diag->cap, *err);
}

void
diag_at(struct diag *diag, const struct node *node, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	struct err err = ERR_INIT;
	va_list args;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	(void)node_err(node, &err, EINVAL, "%s", text);
	diag_add(diag, &err);
}

void
diag_key(struct diag *diag, const struct node *obj, size_t i, const char *fmt,
	 ...)
{
	cleanup_free char *text = NULL;
	struct err err = ERR_INIT;
	va_list args;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	(void)node_key_err(obj, i, &err, EINVAL, "%s", text);
	diag_add(diag, &err);
}

void
diag_hint(struct diag *diag, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list args;

	if (!diag->len)
		return;
	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	err_hint(&diag->errors[diag->len - 1], "%s", text);
}

bool
diag_hint_near(struct diag *diag, const struct node *known, const char *word)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *near;

	for (size_t i = 0; i < node_len(known); i++)
		strvec_add(&names, node_key_at(known, i));
	near = text_nearest(word, (const char *const *)strvec_argv(&names));
	if (near)
		diag_hint(diag, "did you mean '%s'?", near);
	return near;
}

void
diag_warn(struct diag *diag, const struct node *node, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	struct err err = ERR_INIT;
	va_list args;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	(void)node_err(node, &err, EINVAL, "%s", text);
	if (!strvec_has(&diag->warnings, err.text))
		strvec_add(&diag->warnings, err.text);
}

int
diag_result(const struct diag *diag, struct err *err)
{
	if (!diag->len)
		return 0;
	if (diag->len > 1)
		return err_set(err, EINVAL, "%zu errors in the project's files",
			       diag->len);
	if (err)
		*err = diag->errors[0];
	return -EINVAL;
}

/* Cut "file:line:col: " off; false when the story has none. */
static bool
find_place(const struct diag *diag, const char *text, const char **ret_source,
	   uint64_t *ret_line, uint64_t *ret_col)
{
	for (map_each(e, &diag->texts)) {
		const char *rest = text_after(text, e->key);
		struct span left, line, col;

		if (!rest || *rest != ':')
			continue;
		left = span_of(rest + 1);
		if (!span_next(&left, ':', &line) ||
		    !span_next(&left, ':', &col) || !line.len || !col.len)
			continue;
		{
			cleanup_free char *a = span_dup(line);
			cleanup_free char *b = span_dup(col);

			if (units_parse_u64(a, 1, 1U << 30, ret_line, NULL) ||
			    units_parse_u64(b, 1, 1U << 30, ret_col, NULL))
				continue;
		}
		*ret_source = e->value;
		return true;
	}
	return false;
}

static struct span
line_of(const char *text, uint64_t line)
{
	while (--line) {
		const char *end = strchr(text, '\n');

		if (!end)
			return span_of("");
		text = end + 1;
	}
	return span_new(text, strcspn(text, "\r\n"));
}

static void
add_excerpt(struct strbuf *sb, const char *text, uint64_t line, uint64_t col)
{
	struct span words = line_of(text, line);
	size_t indent = 0;

	if (!words.len)
		return;
	if (words.len > EXCERPT_COLUMNS)
		words.len = EXCERPT_COLUMNS;
	strbuf_addf(sb, "%5lu | ", (unsigned long)line);
	width_add_safe(sb, words, "\t");
	strbuf_addstr(sb, "\n      | ");
	for (; indent + 1 < col && indent < words.len; indent++)
		strbuf_addch(sb, words.ptr[indent] == '\t' ? '\t' : ' ');
	strbuf_addstr(sb, "^\n");
}

void
diag_print(const struct diag *diag, size_t i, struct strbuf *sb)
{
	const struct err *err = &diag->errors[i];
	const char *source;
	uint64_t line, col;

	strbuf_addstr(sb, "Error: ");
	width_add_safe(sb, span_of(err->text), "");
	strbuf_addch(sb, '\n');
	if (find_place(diag, err->text, &source, &line, &col))
		add_excerpt(sb, source, line, col);
	if (err->hint[0])
		strbuf_addf(sb, "hint: %s\n", err->hint);
}
