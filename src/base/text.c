/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/text.c - small questions about strings.
 */
#include "base/text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

bool
text_starts(const char *str, const char *prefix)
{
	return text_after(str, prefix) != NULL;
}

bool
text_ends(const char *str, const char *suffix)
{
	size_t len = strlen(str), tail = strlen(suffix);

	return len >= tail && !strcmp(str + len - tail, suffix);
}

const char *
text_after(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) ? NULL : str + len;
}

bool
text_is_hex_of(const char *str, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!text_is_hex(str[i]))
			return false;
	return !str[len];
}

/* Length of the UTF-8 sequence at @s (RFC 3629), 0 when it is none. */
static size_t
text_utf8_len(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80         ? 1
		     : s[0] >> 5 == 0x06 ? 2
		     : s[0] >> 4 == 0x0e ? 3
		     : s[0] >> 3 == 0x1e ? 4
					 : 0;
	uint32_t code;

	if (!len || len > left || !s[0])
		return 0;
	if (len == 1)
		return 1;
	code = s[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return len;
}

bool
text_is_utf8(const char *str, size_t len)
{
	const unsigned char *at = (const unsigned char *)str;

	while (len) {
		size_t n = text_utf8_len(at, len);

		if (!n)
			return false;
		at += n;
		len -= n;
	}
	return true;
}

#define TEXT_NEAR_MAX 40

/* Optimal string alignment distance; words are short, cost is len². */
static size_t
text_distance(const char *a, const char *b)
{
	size_t row[3][TEXT_NEAR_MAX + 1];
	size_t alen = strlen(a), blen = strlen(b);

	if (alen > TEXT_NEAR_MAX || blen > TEXT_NEAR_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= blen; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= alen; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3];
		size_t *upup = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= blen; j++) {
			size_t best = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && upup[j - 2] + 1 < best)
				best = upup[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[alen % 3][blen];
}

const char *
text_nearest(const char *word, const char *const *names)
{
	size_t limit = strlen(word) <= 3 ? 1 : strlen(word) / 3;
	const char *nearest = NULL;
	size_t best = SIZE_MAX;

	for (; *names; names++) {
		size_t d = text_distance(word, *names);

		if (d < best) {
			best = d;
			nearest = *names;
		}
	}
	return best <= limit ? nearest : NULL;
}

void
text_random_hex(char *buf, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[64];
	ssize_t n;

	assert(len / 2 <= sizeof(bytes) && len % 2 == 0);
	/* Up to 256 bytes are never cut once the pool is ready: random(4). */
	n = getrandom(bytes, len / 2, 0);
	assert(n == (ssize_t)(len / 2));
	for (size_t i = 0; i < len / 2; i++) {
		buf[2 * i] = digits[bytes[i] >> 4];
		buf[2 * i + 1] = digits[bytes[i] & 15];
	}
	buf[len] = '\0';
}
