/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/say.c - words to the person: text on stdout, trouble on stderr.
 */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
say_error(const struct err *err)
{
	const char *text =
		err->text[0] ? err->text : strerrordesc_np(err->code);

	/* What was printed before it belongs above it. */
	(void)fflush(stdout);
	(void)fprintf(stderr, "Error: %s\n", text ? text : "unknown error");
	if (err->hint[0])
		(void)fprintf(stderr, "hint: %s\n", err->hint);
}

void
say_warning(const char *fmt, ...)
{
	va_list args;

	if (quiet_warnings)
		return;
	(void)fputs("warning: ", stderr);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
}
