/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/hash256.h - SHA-256 of small texts, without a library.
 *
 * For keys and marks of a few kilobytes. What moves images hashes with
 * archive/sha256.h, which is ten times as fast and costs a library.
 */
#ifndef DHOW_BASE_HASH256_H
#define DHOW_BASE_HASH256_H

#include <stddef.h>

#define HASH256_HEX_BYTES 65 /* 64 digits and NUL */

/* The digest of @len bytes as lower-case hex. Spec: FIPS 180-4. */
void hash256_hex(const void *data, size_t len, char hex[HASH256_HEX_BYTES]);

#endif
