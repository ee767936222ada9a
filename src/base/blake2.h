/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/blake2.h - BLAKE2b with 32 bytes of digest: a cryptographic hash that
 * is fast without a library.
 *
 * For names and comparisons of our own (cache keys, contents of build
 * contexts). Whatever others are to agree with is SHA-256 (archive/sha256.h).
 * Spec: RFC 7693.
 */
#ifndef DHOW_BASE_BLAKE2_H
#define DHOW_BASE_BLAKE2_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2_BYTES 32
#define BLAKE2_HEX_BYTES 65 /* 64 lower-case digits and a NUL */

struct blake2 {
	uint64_t h[8];
	uint64_t total;
	uint8_t block[128];
	size_t len; /* bytes in block */
};

void blake2_init(struct blake2 *b);
void blake2_add(struct blake2 *b, const void *data, size_t len);
/* The text and its NUL, so that "a","bc" is not "ab","c". NULL is not "". */
void blake2_add_text(struct blake2 *b, const char *text);
void blake2_add_number(struct blake2 *b, uint64_t value);
/* The digest of what came so far; after it only blake2_init(). */
void blake2_end(struct blake2 *b, uint8_t digest[BLAKE2_BYTES]);
void blake2_end_hex(struct blake2 *b, char hex[BLAKE2_HEX_BYTES]);
void blake2_hex_of(const uint8_t digest[BLAKE2_BYTES],
		   char hex[BLAKE2_HEX_BYTES]);

#endif
