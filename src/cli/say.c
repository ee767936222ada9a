/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/say.c - words to the person: text on stdout, trouble on stderr.
 */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "ui/width.h"

static bool quiet_warnings;

void
say_quiet(bool quiet)
{
	quiet_warnings = quiet;
}

void
say_text(const struct strbuf *text)
{
	(void)fwrite(text->buf, 1, text->len, stdout);
}

void
say_trouble(struct span text)
{
	cleanup_strbuf struct strbuf safe = STRBUF_INIT;

	width_add_safe(&safe, text, "\t\n");
	/* What was printed before it belongs above it. */
	(void)fflush(stdout);
	(void)fwrite(safe.buf, 1, safe.len, stderr);
}

void
say_error(const struct err *err)
{
	const char *text =
		err->text[0] ? err->text : strerrordesc_np(err->code);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "Error: %s\n", text ? text : "unknown error");
	if (err->hint[0])
		strbuf_addf(&sb, "hint: %s\n", err->hint);
	say_trouble(span_new(sb.buf, sb.len));
}

void
say_warning(const char *fmt, ...)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *text = NULL;
	va_list args;

	if (quiet_warnings)
		return;
	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	strbuf_addf(&sb, "warning: %s\n", text);
	say_trouble(span_new(sb.buf, sb.len));
}
