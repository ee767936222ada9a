/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/err.c - the story of a failure, owned by the caller.
 */
#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static_assert(sizeof(struct err) == 1024, "struct err is sent in one write");

/* A story stays one line whatever names it quotes. */
static void
err_flatten(char *text)
{
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
}

static void
err_vset(struct err *err, int code, const char *fmt, va_list args)
{
	assert(code > 0);
	err->code = code;
	err->hint[0] = '\0';
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	err_flatten(err->text);
}

static void
err_append(struct err *err, const char *words)
{
	size_t len = strlen(err->text);

	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s", words);
}

int
err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list args;

	if (err) {
		va_start(args, fmt);
		err_vset(err, code, fmt, args);
		va_end(args);
	}
	return -code;
}

int
err_sys(struct err *err, const char *fmt, ...)
{
	int code = errno ? errno : EIO;
	va_list args;

	if (err) {
		va_start(args, fmt);
		err_vset(err, code, fmt, args);
		va_end(args);
		err_append(err, strerrordesc_np(code) ?: "unknown error");
		errno = code;
	}
	return -code;
}

int
err_code(struct err *err, int code, const char *fmt, ...)
{
	va_list args;

	if (err) {
		va_start(args, fmt);
		err_vset(err, code, fmt, args);
		va_end(args);
		err_append(err, strerrordesc_np(code) ?: "unknown error");
	}
	return -code;
}

int
err_wrap(struct err *err, int r, const char *fmt, ...)
{
	char inner[ERR_TEXT_BYTES];
	va_list args;

	if (!err)
		return r;
	(void)memcpy(inner, err->text, sizeof(inner));
	va_start(args, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	err_flatten(err->text);
	if (!err->code)
		err->code = r < 0 ? -r : EIO;
	if (inner[0])
		err_append(err, inner);
	return r;
}

void
err_hint(struct err *err, const char *fmt, ...)
{
	va_list args;

	if (!err || err->hint[0])
		return;
	va_start(args, fmt);
	(void)vsnprintf(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	err_flatten(err->hint);
}

void
err_reset(struct err *err)
{
	if (err) {
		err->code = 0;
		err->text[0] = '\0';
		err->hint[0] = '\0';
	}
}
