/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/span.h - borrowed bytes with a length, for parsers.
 */
#ifndef DHOW_BASE_SPAN_H
#define DHOW_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

struct span {
	const char *ptr;
	size_t len;
};

static inline struct span
span_of(const char *str)
{
	return (struct span){ str, strlen(str) };
}

static inline struct span
span_new(const char *ptr, size_t len)
{
	return (struct span){ ptr, len };
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static inline bool
span_is(struct span a, const char *str)
{
	return span_eq(a, span_of(str));
}

static inline bool
span_starts(struct span a, const char *prefix)
{
	size_t len = strlen(prefix);

	return a.len >= len && !memcmp(a.ptr, prefix, len);
}

static inline struct span
span_skip(struct span a, size_t count)
{
	return (struct span){ a.ptr + count, a.len - count };
}

/* Index of @c, or a.len when there is none. */
static inline size_t
span_find(struct span a, char c)
{
	const char *at = a.len ? memchr(a.ptr, c, a.len) : NULL;

	return at ? (size_t)(at - a.ptr) : a.len;
}

/*
 * Cut the piece before the next @sep off @rest. Returns false when nothing is
 * left; an empty last piece after a separator is not reported.
 */
static inline bool
span_next(struct span *rest, char sep, struct span *ret_piece)
{
	size_t at;

	if (!rest->len)
		return false;
	at = span_find(*rest, sep);
	*ret_piece = span_new(rest->ptr, at);
	*rest = span_skip(*rest, at < rest->len ? at + 1 : at);
	return true;
}

static inline struct span
span_trim(struct span a)
{
	while (a.len && (*a.ptr == ' ' || *a.ptr == '\t'))
		a = span_skip(a, 1);
	while (a.len && (a.ptr[a.len - 1] == ' ' || a.ptr[a.len - 1] == '\t' ||
			 a.ptr[a.len - 1] == '\r' || a.ptr[a.len - 1] == '\n'))
		a.len--;
	return a;
}

static inline char *
span_dup(struct span a)
{
	return xstrndup(a.ptr ? a.ptr : "", a.len);
}

#endif
