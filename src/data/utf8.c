/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/utf8.c - code points in and out of UTF-8.
 *
 * Spec: RFC 3629.
 */
#include "data/utf8.h"

#include <stdbool.h>

static bool
utf8_is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
utf8_decode(const char *p, size_t len, uint32_t *ret_rune)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = len ? (unsigned char)*p : 0xff;
	uint32_t rune;
	size_t need;

	if (first < 0x80) {
		*ret_rune = first;
		return 1;
	}
	if (first < 0xc2 || first > 0xf4)
		return 0;
	need = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (need > len)
		return 0;
	rune = first & (0xffU >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if (!utf8_is_tail(p[i]))
			return 0;
		rune = rune << 6 | ((unsigned char)p[i] & 0x3f);
	}
	if (rune < least[need] || rune > 0x10ffff ||
	    (rune >= 0xd800 && rune < 0xe000))
		return 0;
	*ret_rune = rune;
	return need;
}

size_t
utf8_decode_lossy(const char *p, size_t len, uint32_t *ret_rune)
{
	size_t n = utf8_decode(p, len, ret_rune);

	if (n || !len)
		return n;
	*ret_rune = UTF8_REPLACEMENT;
	return 1;
}

void
utf8_add(struct strbuf *sb, uint32_t rune)
{
	char buf[4];
	size_t len = 1;

	if (rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000))
		rune = UTF8_REPLACEMENT;
	if (rune < 0x80) {
		strbuf_addch(sb, (char)rune);
		return;
	}
	len = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
	for (size_t i = len; i-- > 1; rune >>= 6)
		buf[i] = (char)(0x80 | (rune & 0x3f));
	buf[0] = (char)(rune | (0xf00U >> len));
	strbuf_add(sb, buf, len);
}

size_t
utf8_count(const char *p, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; count++) {
		uint32_t rune;

		at += utf8_decode_lossy(p + at, len - at, &rune);
	}
	return count;
}
