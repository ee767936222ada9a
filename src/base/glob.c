/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/glob.c - shell-style patterns as Go's filepath.Match reads them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * Match one class at @p (behind '['). Returns the pattern behind ']' and
 * whether @c is in it, or NULL when the class is malformed.
 */
static const char *
glob_class(const char *p, unsigned char c, bool *ret_in)
{
	bool negate = *p == '^' || *p == '!';
	bool in = false, first = true;

	if (negate)
		p++;
	for (; *p && (*p != ']' || first); first = false) {
		unsigned char lo, hi;

		if (*p == ']')
			return NULL;
		if (*p == '\\' && !*++p)
			return NULL;
		lo = hi = (unsigned char)*p++;
		if (*p == '-' && p[1] && p[1] != ']') {
			p++;
			if (*p == '\\' && !*++p)
				return NULL;
			hi = (unsigned char)*p++;
			if (hi < lo)
				return NULL;
		}
		in |= c >= lo && c <= hi;
	}
	if (*p != ']')
		return NULL;
	*ret_in = in != negate;
	return p + 1;
}

/* A pattern is checked to its end, even where the string already failed. */
static int
glob_check(const char *p)
{
	bool in;

	while (*p) {
		if (*p == '\\') {
			if (!p[1])
				return -EINVAL;
			p += 2;
		} else if (*p == '[') {
			p = glob_class(p + 1, 0, &in);
			if (!p)
				return -EINVAL;
		} else {
			p++;
		}
	}
	return 0;
}

/* One pattern element against one byte; returns what follows, or NULL. */
static const char *
glob_step(const char *p, char c)
{
	bool in;

	if (*p == '[') {
		p = glob_class(p + 1, (unsigned char)c, &in);
		return in && c != '/' ? p : NULL;
	}
	if (*p == '?')
		return c != '/' ? p + 1 : NULL;
	if (*p == '\\')
		p++;
	return *p == c ? p + 1 : NULL;
}

/*
 * Backtracking over the last star only is enough within a component; "**"
 * keeps its own restart point, so the work is bounded by len(p) * len(s)².
 */
static bool
glob_run(const char *p, const char *s)
{
	const char *star_p = NULL, *star_s = NULL;
	const char *deep_p = NULL, *deep_s = NULL;

	for (;;) {
		const char *next;

		if (p[0] == '*' && p[1] == '*') {
			p += p[2] == '/' ? 3 : 2;
			deep_p = p;
			deep_s = s;
			star_p = NULL;
			continue;
		}
		if (*p == '*') {
			star_p = ++p;
			star_s = s;
			continue;
		}
		if (!*p && !*s)
			return true;
		next = *p && *s ? glob_step(p, *s) : NULL;
		if (next) {
			p = next;
			s++;
			continue;
		}
		if (star_p && *star_s && *star_s != '/') {
			p = star_p;
			s = ++star_s;
			continue;
		}
		if (!deep_p || !*deep_s)
			return false;
		/* A directory prefix grows by whole components. */
		if (deep_p[-1] == '/')
			while (*deep_s && *deep_s != '/')
				deep_s++;
		if (!*deep_s)
			return false;
		p = deep_p;
		s = ++deep_s;
		star_p = NULL;
	}
}

int
glob_match(const char *pattern, const char *str)
{
	int r = glob_check(pattern);

	return r < 0 ? r : glob_run(pattern, str);
}
