/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/width.c - how many columns UTF-8 text takes, without the locale.
 *
 * Ranges: Unicode 15, East Asian Width W and F; general categories Mn and Me
 * of the scripts in common use.
 */
#include "ui/width.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

#define NO_RUNE UINT32_MAX

struct range {
	uint32_t first, last;
};

static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },
	{ 0x23e9, 0x23ec },   { 0x2614, 0x2615 },   { 0x2648, 0x2653 },
	{ 0x26a1, 0x26a1 },   { 0x2705, 0x2705 },   { 0x274c, 0x274c },
	{ 0x2795, 0x2797 },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
	{ 0x3400, 0x4dbf },   { 0x4e00, 0xa4cf },   { 0xa960, 0xa97f },
	{ 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe10, 0xfe19 },
	{ 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
	{ 0x16fe0, 0x18aff }, { 0x1b000, 0x1b2ff }, { 0x1f300, 0x1f64f },
	{ 0x1f680, 0x1f6ff }, { 0x1f7e0, 0x1f7eb }, { 0x1f900, 0x1faff },
	{ 0x20000, 0x3fffd },
};

static const struct range zero[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },
	{ 0x0610, 0x061a }, { 0x064b, 0x065f }, { 0x0900, 0x0902 },
	{ 0x093c, 0x093c }, { 0x0941, 0x0948 }, { 0x0e31, 0x0e31 },
	{ 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff },
	{ 0x1dc0, 0x1dff }, { 0x200b, 0x200f }, { 0x20d0, 0x20ff },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
};

static bool
in_ranges(const struct range *ranges, size_t count, uint32_t rune)
{
	for (size_t i = 0; i < count && ranges[i].first <= rune; i++)
		if (rune <= ranges[i].last)
			return true;
	return false;
}

/* The first character of @text, which is not empty, and its bytes; NO_RUNE
 * and one byte where there is none. RFC 3629. */
static uint32_t
next_rune(struct span text, size_t *ret_len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)text.ptr[0];
	size_t len = lead < 0x80   ? 1
		     : lead < 0xc0 ? 0
		     : lead < 0xe0 ? 2
		     : lead < 0xf0 ? 3
		     : lead < 0xf8 ? 4
				   : 0;
	uint32_t rune = len == 1 ? lead : lead & (0xffu >> (len + 1));

	*ret_len = 1;
	if (!len || len > text.len)
		return NO_RUNE;
	for (size_t i = 1; i < len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c & 0xc0) != 0x80)
			return NO_RUNE;
		rune = rune << 6 | (c & 0x3f);
	}
	if (rune < least[len] || rune > 0x10ffff ||
	    (rune >= 0xd800 && rune <= 0xdfff))
		return NO_RUNE;
	*ret_len = len;
	return rune;
}

static size_t
rune_width(uint32_t rune)
{
	if (rune < 0x300 || rune == NO_RUNE)
		return 1;
	if (in_ranges(zero, ARRAY_LEN(zero), rune))
		return 0;
	return in_ranges(wide, ARRAY_LEN(wide), rune) ? 2 : 1;
}

/* How many printable ASCII characters @text begins with: most of all text. */
static size_t
plain_len(struct span text)
{
	size_t len = 0;

	while (len < text.len && text.ptr[len] >= ' ' && text.ptr[len] < 0x7f)
		len++;
	return len;
}

size_t
width_of(struct span text)
{
	size_t columns = 0, len;

	for (; text.len; text = span_skip(text, len)) {
		len = plain_len(text);
		columns += len ? len : rune_width(next_rune(text, &len));
	}
	return columns;
}

struct span
width_cut(struct span text, size_t columns)
{
	struct span rest = text;
	size_t used = 0, len;

	for (; rest.len; rest = span_skip(rest, len)) {
		used += rune_width(next_rune(rest, &len));
		if (used > columns)
			break;
	}
	return span_new(text.ptr, text.len - rest.len);
}

/* C0, DEL, C1, and what turns the direction of a line around. */
static bool
is_control(uint32_t rune)
{
	return rune < ' ' || (rune >= 0x7f && rune < 0xa0) ||
	       (rune >= 0x202a && rune <= 0x202e) ||
	       (rune >= 0x2066 && rune <= 0x2069) || rune == NO_RUNE;
}

void
width_add_safe(struct strbuf *sb, struct span text, const char *keep)
{
	size_t len;

	for (; text.len; text = span_skip(text, len)) {
		uint32_t rune = ' ';

		len = plain_len(text);
		if (!len)
			rune = next_rune(text, &len);
		if (is_control(rune) &&
		    !(rune && rune < ' ' && strchr(keep, (int)rune)))
			strbuf_addch(sb, '?');
		else
			strbuf_add(sb, text.ptr, len);
	}
}
