/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/blake2.c - BLAKE2b with 32 bytes of digest.
 *
 * Words of a message are little-endian; hosts are too (x86-64, arm64).
 */
#include "base/blake2.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words as they lie");

static const uint64_t blake2_iv[8] = {
	UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
	UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
	UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
	UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

static const uint8_t blake2_sigma[12][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
};

static inline uint64_t
rotr(uint64_t value, unsigned int count)
{
	return value >> count | value << (64 - count);
}

static inline void
mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t x, uint64_t y)
{
	*a += *b + x;
	*d = rotr(*d ^ *a, 32);
	*c += *d;
	*b = rotr(*b ^ *c, 24);
	*a += *b + y;
	*d = rotr(*d ^ *a, 16);
	*c += *d;
	*b = rotr(*b ^ *c, 63);
}

static void
compress(struct blake2 *b, const uint8_t *block, bool last)
{
	uint64_t v[16], m[16];

	memcpy(m, block, sizeof(m));
	memcpy(v, b->h, sizeof(b->h));
	memcpy(v + 8, blake2_iv, sizeof(blake2_iv));
	v[12] ^= b->total;
	if (last)
		v[14] = ~v[14];
	for (size_t i = 0; i < 12; i++) {
		const uint8_t *s = blake2_sigma[i];

		mix(&v[0], &v[4], &v[8], &v[12], m[s[0]], m[s[1]]);
		mix(&v[1], &v[5], &v[9], &v[13], m[s[2]], m[s[3]]);
		mix(&v[2], &v[6], &v[10], &v[14], m[s[4]], m[s[5]]);
		mix(&v[3], &v[7], &v[11], &v[15], m[s[6]], m[s[7]]);
		mix(&v[0], &v[5], &v[10], &v[15], m[s[8]], m[s[9]]);
		mix(&v[1], &v[6], &v[11], &v[12], m[s[10]], m[s[11]]);
		mix(&v[2], &v[7], &v[8], &v[13], m[s[12]], m[s[13]]);
		mix(&v[3], &v[4], &v[9], &v[14], m[s[14]], m[s[15]]);
	}
	for (size_t i = 0; i < 8; i++)
		b->h[i] ^= v[i] ^ v[i + 8];
}

void
blake2_init(struct blake2 *b)
{
	b->total = 0;
	b->len = 0;
	memcpy(b->h, blake2_iv, sizeof(b->h));
	/* Parameter block: digest length, no key, fanout 1, depth 1. */
	b->h[0] ^= UINT64_C(0x01010000) ^ BLAKE2_BYTES;
}

void
blake2_add(struct blake2 *b, const void *data, size_t len)
{
	const uint8_t *from = data;

	while (len) {
		size_t room = sizeof(b->block) - b->len;
		size_t take = len < room ? len : room;

		/* The last block is known only at the end: it waits. */
		if (!room) {
			b->total += sizeof(b->block);
			compress(b, b->block, false);
			b->len = 0;
			continue;
		}
		memcpy(b->block + b->len, from, take);
		b->len += take;
		from += take;
		len -= take;
	}
}

void
blake2_add_text(struct blake2 *b, const char *text)
{
	static const uint8_t absent = 0xff;

	if (text)
		blake2_add(b, text, strlen(text) + 1);
	else
		blake2_add(b, &absent, 1);
}

void
blake2_add_number(struct blake2 *b, uint64_t value)
{
	blake2_add(b, &value, sizeof(value));
}

void
blake2_end(struct blake2 *b, uint8_t digest[BLAKE2_BYTES])
{
	b->total += b->len;
	memset(b->block + b->len, 0, sizeof(b->block) - b->len);
	compress(b, b->block, true);
	memcpy(digest, b->h, BLAKE2_BYTES);
}

void
blake2_hex_of(const uint8_t digest[BLAKE2_BYTES], char hex[BLAKE2_HEX_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < BLAKE2_BYTES; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[2 * BLAKE2_BYTES] = '\0';
}

void
blake2_end_hex(struct blake2 *b, char hex[BLAKE2_HEX_BYTES])
{
	uint8_t digest[BLAKE2_BYTES];

	blake2_end(b, digest);
	blake2_hex_of(digest, hex);
}
