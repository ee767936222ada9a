/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/alloc.h - memory that is there, or the program ends.
 *
 * Sizes from outside meet a named limit before they come here.
 */
#ifndef DHOW_BASE_ALLOC_H
#define DHOW_BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));
void *xreallocarray(void *ptr, size_t count, size_t size)
	__attribute__((returns_nonnull));
char *xstrdup(const char *str) __attribute__((malloc, returns_nonnull));
char *xstrndup(const char *str, size_t len)
	__attribute__((malloc, returns_nonnull));
void *xmemdup(const void *data, size_t len)
	__attribute__((malloc, returns_nonnull));
char *xasprintf(const char *fmt, ...)
	__attribute__((malloc, returns_nonnull, format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list args)
	__attribute__((malloc, returns_nonnull, format(printf, 1, 0)));

/*
 * The heap is about to grow by some @bytes in small pieces: let the kernel
 * give them in one go. A page fault for each page can cost more than the work.
 */
void alloc_expect(size_t bytes);

/* xstrdup() that passes NULL through. */
char *xstrdup_null(const char *str);

/*
 * Append to a growing array held as pointer, length and capacity (size_t):
 * array_push(list->items, list->len, list->cap, item).
 */
#define array_push(items, len, cap, ...)                           \
	do {                                                       \
		if ((len) == (cap)) {                              \
			(cap) = (cap) ? 2 * (cap) : 8;             \
			(items) = xreallocarray((items), (cap),    \
						sizeof(*(items))); \
		}                                                  \
		(items)[(len)++] = (__VA_ARGS__);                  \
	} while (0)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
