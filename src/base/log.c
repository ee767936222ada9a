/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/log.c - diagnostics for --debug, on standard error.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static bool log_on;

void
log_enable(bool on)
{
	log_on = on;
}

bool
log_enabled(void)
{
	return log_on;
}

void
log_debug(const char *fmt, ...)
{
	char line[1024];
	va_list args;
	int n;

	if (!log_on)
		return;
	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	/* One write, so that lines of several processes do not mix. */
	(void)!write(STDERR_FILENO, line, (size_t)n);
}
