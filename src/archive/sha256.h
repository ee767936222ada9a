/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/sha256.h - SHA-256 of a stream, as lower-case hex.
 */
#ifndef DHOW_ARCHIVE_SHA256_H
#define DHOW_ARCHIVE_SHA256_H

#include <stddef.h>

#include "base/cleanup.h"

#define SHA256_HEX_BYTES 65 /* 64 digits and a NUL */

struct sha256;

struct sha256 *sha256_new(void);
void sha256_update(struct sha256 *sha, const void *data, size_t len);
/* The digest of what came so far; after it only sha256_reset() and free. */
void sha256_hex(struct sha256 *sha, char hex[SHA256_HEX_BYTES]);
/* Begin anew. */
void sha256_reset(struct sha256 *sha);
void sha256_free(struct sha256 *sha);
DEFINE_CLEANUP(struct sha256 *, sha256_free);

/* All at once. */
void sha256_hex_of(const void *data, size_t len, char hex[SHA256_HEX_BYTES]);

#endif
