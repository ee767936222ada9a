/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/alloc.c - memory that is there, or the program ends.
 */
#include "base/alloc.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALLOC_EXPECT_MAX (64U << 20)

static void *
alloc_check(void *ptr)
{
	static const char words[] = "Error: out of memory\n";

	if (!ptr) {
		/* Nothing can be done about a failing write here. */
		ssize_t n = write(STDERR_FILENO, words, sizeof(words) - 1);

		(void)n;
		abort();
	}
	return ptr;
}

void *
xmalloc(size_t size)
{
	return alloc_check(malloc(size ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
	return alloc_check(calloc(count ? count : 1, size ? size : 1));
}

void *
xreallocarray(void *ptr, size_t count, size_t size)
{
	return alloc_check(reallocarray(ptr, count ? count : 1, size));
}

char *
xstrdup(const char *str)
{
	return alloc_check(strdup(str));
}

char *
xstrdup_null(const char *str)
{
	return str ? xstrdup(str) : NULL;
}

char *
xstrndup(const char *str, size_t len)
{
	return alloc_check(strndup(str, len));
}

void *
xmemdup(const void *data, size_t len)
{
	void *copy = xmalloc(len);

	if (len)
		(void)memcpy(copy, data, len);
	return copy;
}

char *
xvasprintf(const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	return alloc_check(text);
}

char *
xasprintf(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	return text;
}

void
alloc_expect(size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from;
	char *piece;

	/* From the heap, and back to it: neither mapped apart nor trimmed. */
	if (!mallopt(M_MMAP_THRESHOLD, (int)ALLOC_EXPECT_MAX) ||
	    !mallopt(M_TRIM_THRESHOLD, (int)ALLOC_EXPECT_MAX))
		return;
	piece = malloc(bytes < ALLOC_EXPECT_MAX ? bytes : ALLOC_EXPECT_MAX);
	if (!piece)
		return;
	from = ((uintptr_t)piece + page - 1) / page * page;
	/* Before Linux 5.14 pages come one by one. */
	(void)madvise((void *)from,
		      ((uintptr_t)piece + malloc_usable_size(piece) - from) /
			      page * page,
		      MADV_POPULATE_WRITE);
	free(piece);
}
