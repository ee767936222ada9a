/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/ignore_pattern.c - one pattern against one path.
 *
 * A star that fails is tried one byte further; only the last one of a component
 * needs that. Each "**" is tried behind every slash, and as several of them
 * multiply, a count of steps keeps a hostile pattern in bounds.
 */
#include "dockerfile/ignore_pattern.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "data/utf8.h"

#define IGNORE_PATTERN_MAX_STEPS 200000

struct ignore_run {
	size_t steps; /* left */
};

/* One code point; returns its bytes. */
static size_t
ignore_rune(const char *at, uint32_t *ret_rune)
{
	unsigned char c = (unsigned char)*at;

	if (c < 0x80) {
		*ret_rune = c;
		return 1;
	}
	return utf8_decode_lossy(at, strnlen(at, 4), ret_rune);
}

/* One bound of a range, escapes taken away; NULL when malformed. */
static const char *
ignore_class_rune(const char *p, uint32_t *ret_rune)
{
	if (!*p || *p == '-' || *p == ']')
		return NULL;
	if (*p == '\\' && !*++p)
		return NULL;
	return p + ignore_rune(p, ret_rune);
}

/* At '['; what is behind ']' or NULL when malformed. */
static const char *
ignore_class(const char *p, uint32_t rune, bool *ret_in)
{
	bool is_negated = *++p == '^';
	bool in = false, is_empty = true;

	p += is_negated;
	for (; *p != ']' || is_empty; is_empty = false) {
		uint32_t low, high;

		p = ignore_class_rune(p, &low);
		if (!p)
			return NULL;
		high = low;
		if (*p == '-') {
			p = ignore_class_rune(p + 1, &high);
			if (!p)
				return NULL;
		}
		if (high < low)
			return NULL;
		in |= rune >= low && rune <= high;
	}
	*ret_in = in != is_negated;
	return p + 1;
}

bool
ignore_pattern_is_valid(const char *pattern)
{
	bool in;

	while (*pattern) {
		if (*pattern == '[') {
			pattern = ignore_class(pattern, 0, &in);
			if (!pattern)
				return false;
			continue;
		}
		if (*pattern == '\\' && !*++pattern)
			return false;
		pattern++;
	}
	return true;
}

bool
ignore_pattern_is_literal(const char *pattern)
{
	return !strpbrk(pattern, "*?[\\");
}

/* One element that is no star against the start of @s; bytes of @s or 0. */
static size_t
ignore_step(const char **io_p, const char *s)
{
	const char *p = *io_p;
	uint32_t rune;
	size_t len;
	bool in;

	if (!*s)
		return 0;
	len = ignore_rune(s, &rune);
	if (*p == '[') {
		p = ignore_class(p, rune, &in);
		*io_p = p;
		return in && rune != '/' ? len : 0;
	}
	if (*p == '?') {
		*io_p = p + 1;
		return rune != '/' ? len : 0;
	}
	p += *p == '\\';
	*io_p = p + 1;
	return *p == *s;
}

static bool ignore_match_at(struct ignore_run *run, const char *p,
			    const char *s);

/* "**" at @p: the rest at @s, and behind each slash that follows. */
static bool
ignore_match_deep(struct ignore_run *run, const char *p, const char *s)
{
	p += 2;
	p += *p == '/';
	if (!*p)
		return true;
	for (;;) {
		if (ignore_match_at(run, p, s))
			return true;
		s = strchr(s, '/');
		if (!s || !run->steps)
			return false;
		s++;
	}
}

static bool
ignore_match_at(struct ignore_run *run, const char *p, const char *s)
{
	const char *star_p = NULL, *star_s = NULL;

	while (run->steps && run->steps--) {
		const char *next = p;
		size_t len;

		if (p[0] == '*' && p[1] == '*') {
			if (ignore_match_deep(run, p, s))
				return true;
		} else if (*p == '*') {
			star_p = ++p;
			star_s = s;
			continue;
		} else if (!*p && !*s) {
			return true;
		} else if (*p) {
			len = ignore_step(&next, s);
			if (len) {
				p = next;
				s += len;
				continue;
			}
		}
		if (!star_p || !*star_s || *star_s == '/')
			return false;
		p = star_p;
		s = ++star_s;
	}
	return false;
}

bool
ignore_pattern_match(const char *pattern, const char *path)
{
	struct ignore_run run = { IGNORE_PATTERN_MAX_STEPS };

	return ignore_match_at(&run, pattern, path);
}

bool
ignore_pattern_reaches_below(const char *pattern, const char *path)
{
	char word[4096];

	if (strstr(pattern, "**"))
		return true;
	for (;;) {
		size_t p_len = strcspn(pattern, "/");
		size_t s_len = strcspn(path, "/");
		char part[4096];

		/* A slash within a class or escaped: rather look inside. */
		if (p_len >= sizeof(word) || s_len >= sizeof(part) ||
		    memchr(pattern, '[', p_len) || memchr(pattern, '\\', p_len))
			return true;
		(void)memcpy(word, pattern, p_len);
		word[p_len] = '\0';
		(void)memcpy(part, path, s_len);
		part[s_len] = '\0';
		if (!ignore_pattern_match(word, part))
			return false;
		if (!pattern[p_len])
			return false;
		if (!path[s_len])
			return true;
		pattern += p_len + 1;
		path += s_len + 1;
	}
}
