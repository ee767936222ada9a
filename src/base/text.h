/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/text.h - small questions about strings.
 */
#ifndef DHOW_BASE_TEXT_H
#define DHOW_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* ASCII only, never the locale. */
static inline bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
text_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool
text_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
text_is_alnum(char c)
{
	return text_is_digit(c) || text_is_lower(c) || text_is_upper(c);
}

/* Lower-case hex only: ids and digests are written so. */
static inline bool
text_is_hex(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'f');
}

bool text_starts(const char *str, const char *prefix);
bool text_ends(const char *str, const char *suffix);
/* What follows @prefix in @str, or NULL. */
const char *text_after(const char *str, const char *prefix);
/* True when @str has exactly @len bytes, all lower-case hex. */
bool text_is_hex_of(const char *str, size_t len);
/* True for valid UTF-8 without NUL. */
bool text_is_utf8(const char *str, size_t len);

/*
 * The candidate nearest to @word, or NULL when none is near enough to be
 * worth a "did you mean". @names: NULL-ended, borrowed.
 */
const char *text_nearest(const char *word, const char *const *names);

/* Fill @buf with @len random lower-case hex digits and a NUL (len even). */
void text_random_hex(char *buf, size_t len);

/*
 * Shell-style pattern: '*' and '?' stay within a path component, "**" spans
 * them, [a-z] and [^a-z] classes, '\' escapes. Go filepath.Match plus "**".
 * Returns 1 match, 0 no match, -EINVAL malformed pattern.
 */
int glob_match(const char *pattern, const char *str);

#endif
