/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/expand_pattern.c - shell patterns that cut and replace in a value.
 *
 * All positions of the pattern that are possible are followed at once, so no
 * pattern makes matching run away; work is counted all the same.
 */
#include "data/expand_pattern.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "data/utf8.h"

#define EXPAND_ANY UINT32_C(0xfffffffe) /* '?' */
#define EXPAND_STAR UINT32_C(0xffffffff)

/* Code points, and where each starts in the text; at[len] is its end. */
struct expand_runes {
	uint32_t *v;
	size_t *at;
	size_t len;
};

static struct expand_runes
expand_runes_of(const char *text)
{
	size_t bytes = strlen(text);
	struct expand_runes runes = {
		.v = xcalloc(bytes + 1, sizeof(*runes.v)),
		.at = xcalloc(bytes + 1, sizeof(*runes.at)),
	};
	size_t at = 0;

	while (at < bytes) {
		runes.at[runes.len] = at;
		at += utf8_decode_lossy(text + at, bytes - at,
					&runes.v[runes.len++]);
	}
	runes.at[runes.len] = at;
	return runes;
}

static void
expand_runes_release(struct expand_runes *runes)
{
	free(runes->v);
	free(runes->at);
}

/* A pattern's wildcards become EXPAND_ANY and EXPAND_STAR. */
static struct expand_runes
expand_compile(const char *pattern, bool reversed)
{
	struct expand_runes p = expand_runes_of(pattern);
	size_t len = 0;

	for (size_t i = 0; i < p.len; i++) {
		uint32_t rune = p.v[i];

		if (rune == '\\' && i + 1 < p.len)
			rune = p.v[++i];
		else if (rune == '*')
			rune = EXPAND_STAR;
		else if (rune == '?')
			rune = EXPAND_ANY;
		p.v[len++] = rune;
	}
	p.len = len;
	for (size_t i = 0; reversed && i < len / 2; i++) {
		uint32_t rune = p.v[i];

		p.v[i] = p.v[len - 1 - i];
		p.v[len - 1 - i] = rune;
	}
	return p;
}

/* A position before stars is one after them too. */
static void
expand_reach(const struct expand_runes *p, bool *states, size_t at)
{
	states[at] = true;
	while (at < p->len && p->v[at] == EXPAND_STAR)
		states[++at] = true;
}

/* One code point on; false when no position is left. */
static bool
expand_advance(const struct expand_runes *p, const bool *from, bool *to,
	       uint32_t rune)
{
	bool is_alive = false;

	(void)memset(to, 0, (p->len + 1) * sizeof(*to));
	for (size_t i = 0; i < p->len; i++) {
		if (!from[i])
			continue;
		if (p->v[i] == EXPAND_STAR)
			expand_reach(p, to, i);
		else if (p->v[i] == EXPAND_ANY || p->v[i] == rune)
			expand_reach(p, to, i + 1);
		else
			continue;
		is_alive = true;
	}
	return is_alive;
}

/*
 * Code points that the pattern matches from @start on (backwards from there
 * when the pattern is reversed). Returns the count, -1 none, -EFBIG.
 */
static int64_t
expand_match(const struct expand_runes *p, const struct expand_runes *value,
	     size_t start, bool reversed, bool longest, size_t *steps)
{
	cleanup_free bool *from = xcalloc(p->len + 1, sizeof(*from));
	cleanup_free bool *to = xcalloc(p->len + 1, sizeof(*to));
	size_t room = reversed ? start : value->len - start;
	int64_t found = -1;

	expand_reach(p, from, 0);
	for (size_t i = 0;; i++) {
		bool *swap = from;

		if (from[p->len]) {
			found = (int64_t)i;
			if (!longest)
				break;
		}
		if (*steps < p->len + 1)
			return -EFBIG;
		*steps -= p->len + 1;
		if (i == room ||
		    !expand_advance(
			    p, from, to,
			    value->v[reversed ? start - 1 - i : start + i]))
			break;
		from = to;
		to = swap;
	}
	return found;
}

int
expand_pattern_cut(const char *value, const char *pattern, bool at_end,
		   bool longest, size_t *steps, struct strbuf *out)
{
	struct expand_runes runes = expand_runes_of(value);
	struct expand_runes p = expand_compile(pattern, at_end);
	int64_t found = expand_match(&p, &runes, at_end ? runes.len : 0, at_end,
				     longest, steps);
	size_t cut = found > 0 ? (size_t)found : 0;

	if (found >= -1 && at_end)
		strbuf_add(out, value, runes.at[runes.len - cut]);
	else if (found >= -1)
		strbuf_addstr(out, value + runes.at[cut]);
	expand_runes_release(&runes);
	expand_runes_release(&p);
	return found < -1 ? -EFBIG : 0;
}

static int
expand_replace_at(const struct expand_runes *runes,
		  const struct expand_runes *p, const char *value,
		  const char *replacement, bool all, size_t max_bytes,
		  size_t *steps, struct strbuf *out)
{
	for (size_t at = 0; at < runes->len;) {
		int64_t found = expand_match(p, runes, at, false, true, steps);

		if (found < -1 || out->len > max_bytes)
			return -EFBIG;
		if (found > 0) {
			strbuf_addstr(out, replacement);
			at += (size_t)found;
			if (all)
				continue;
			strbuf_addstr(out, value + runes->at[at]);
			return 0;
		}
		strbuf_add(out, value + runes->at[at],
			   runes->at[at + 1] - runes->at[at]);
		at++;
	}
	return 0;
}

int
expand_pattern_replace(const char *value, const char *pattern,
		       const char *replacement, bool all, size_t max_bytes,
		       size_t *steps, struct strbuf *out)
{
	struct expand_runes runes = expand_runes_of(value);
	struct expand_runes p = expand_compile(pattern, false);
	int r = 0;

	if (p.len)
		r = expand_replace_at(&runes, &p, value, replacement, all,
				      max_bytes, steps, out);
	else
		strbuf_addstr(out, value);
	expand_runes_release(&runes);
	expand_runes_release(&p);
	return r;
}
