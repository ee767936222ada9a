/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/base64.c - the standard alphabet, as "user:password" is kept in.
 */
#include "conf/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char base64_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct strbuf *sb, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (i + 1 < len)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < len)
			group |= bytes[i + 2];
		strbuf_addch(sb, base64_alphabet[group >> 18]);
		strbuf_addch(sb, base64_alphabet[group >> 12 & 63]);
		strbuf_addch(sb, i + 1 < len ? base64_alphabet[group >> 6 & 63]
					     : '=');
		strbuf_addch(sb,
			     i + 2 < len ? base64_alphabet[group & 63] : '=');
	}
}

static int
base64_value(char c)
{
	const char *at = c ? strchr(base64_alphabet, c) : NULL;

	return at ? (int)(at - base64_alphabet) : -1;
}

int
base64_decode(struct strbuf *sb, struct span text)
{
	size_t start = sb->len;
	uint32_t group = 0;
	int bits = 0;

	if (text.len && text.len % 4 == 0)
		for (int i = 0; i < 2 && text.ptr[text.len - 1] == '='; i++)
			text.len--;
	if (text.len % 4 == 1)
		return -EINVAL;
	for (size_t i = 0; i < text.len; i++) {
		int value = base64_value(text.ptr[i]);

		if (value < 0) {
			strbuf_truncate(sb, start);
			return -EINVAL;
		}
		group = group << 6 | (uint32_t)value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			strbuf_addch(sb, (char)(group >> bits));
		}
	}
	return 0;
}
