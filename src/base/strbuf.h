/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/strbuf.h - growing text, always NUL-terminated.
 */
#ifndef DHOW_BASE_STRBUF_H
#define DHOW_BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/cleanup.h"

struct strbuf {
	char *buf; /* never NULL when initialised by STRBUF_INIT */
	size_t len;
	size_t cap;
};

extern char strbuf_empty[1];

#define STRBUF_INIT                  \
	{                            \
		.buf = strbuf_empty, \
	}

#define cleanup_strbuf cleanup_release(strbuf_release)

/* Make room for @extra more bytes and a NUL; returns where they go. */
char *strbuf_grow(struct strbuf *sb, size_t extra);
void strbuf_add(struct strbuf *sb, const void *data, size_t len);
void strbuf_addstr(struct strbuf *sb, const char *str);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Append @count times @c. */
void strbuf_pad(struct strbuf *sb, char c, size_t count);
/* Cut to @len bytes, which must not be more than there are. */
void strbuf_truncate(struct strbuf *sb, size_t len);
void strbuf_reset(struct strbuf *sb);
void strbuf_release(struct strbuf *sb);
/* Move the text out; the caller frees it, the buffer is empty again. */
char *strbuf_take(struct strbuf *sb);

#endif
