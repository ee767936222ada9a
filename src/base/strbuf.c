/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/strbuf.c - growing text, always NUL-terminated.
 */
#include "base/strbuf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

char strbuf_empty[1];

char *
strbuf_grow(struct strbuf *sb, size_t extra)
{
	size_t need = sb->len + extra + 1;

	assert(need > sb->len);
	if (need > sb->cap) {
		size_t cap = sb->cap ? sb->cap : 64;

		while (cap < need)
			cap *= 2;
		sb->buf = xreallocarray(sb->cap ? sb->buf : NULL, cap, 1);
		sb->cap = cap;
		sb->buf[sb->len] = '\0';
	}
	return sb->buf + sb->len;
}

void
strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
	char *at;

	if (!len)
		return;
	at = strbuf_grow(sb, len);
	(void)memcpy(at, data, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void
strbuf_addstr(struct strbuf *sb, const char *str)
{
	strbuf_add(sb, str, strlen(str));
}

void
strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void
strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	(void)vsnprintf(strbuf_grow(sb, (size_t)n), (size_t)n + 1, fmt, args);
	sb->len += (size_t)n;
}

void
strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strbuf_vaddf(sb, fmt, args);
	va_end(args);
}

void
strbuf_pad(struct strbuf *sb, char c, size_t count)
{
	if (!count)
		return;
	(void)memset(strbuf_grow(sb, count), c, count);
	sb->len += count;
	sb->buf[sb->len] = '\0';
}

void
strbuf_truncate(struct strbuf *sb, size_t len)
{
	assert(len <= sb->len);
	sb->len = len;
	if (sb->cap)
		sb->buf[len] = '\0';
}

void
strbuf_reset(struct strbuf *sb)
{
	strbuf_truncate(sb, 0);
}

void
strbuf_release(struct strbuf *sb)
{
	if (sb->cap)
		free(sb->buf);
	*sb = (struct strbuf)STRBUF_INIT;
}

char *
strbuf_take(struct strbuf *sb)
{
	char *text = sb->cap ? sb->buf : xstrdup("");

	*sb = (struct strbuf)STRBUF_INIT;
	return text;
}
