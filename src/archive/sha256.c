/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/sha256.c - SHA-256 of a stream, as lower-case hex.
 *
 * libcrypto picks the processor's SHA instructions. Its configuration file is
 * not read: a digest needs none of it, and a confined process cannot.
 */
#include "archive/sha256.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/alloc.h"

struct sha256 {
	EVP_MD_CTX *ctx;
};

void
sha256_reset(struct sha256 *sha)
{
	int ok = EVP_DigestInit_ex(sha->ctx, EVP_sha256(), NULL);

	assert(ok == 1);
}

struct sha256 *
sha256_new(void)
{
	struct sha256 *sha = xcalloc(1, sizeof(*sha));

	(void)OPENSSL_init_crypto(
		OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
	sha->ctx = EVP_MD_CTX_new();
	assert(sha->ctx != NULL);
	sha256_reset(sha);
	return sha;
}

void
sha256_update(struct sha256 *sha, const void *data, size_t len)
{
	int ok = EVP_DigestUpdate(sha->ctx, data, len);

	assert(ok == 1);
}

void
sha256_hex(struct sha256 *sha, char hex[SHA256_HEX_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	int ok = EVP_DigestFinal_ex(sha->ctx, raw, &len);

	assert(ok == 1 && 2 * len + 1 == SHA256_HEX_BYTES);
	for (unsigned int i = 0; i < len; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[2 * len] = '\0';
}

void
sha256_free(struct sha256 *sha)
{
	if (!sha)
		return;
	EVP_MD_CTX_free(sha->ctx);
	free(sha);
}

void
sha256_hex_of(const void *data, size_t len, char hex[SHA256_HEX_BYTES])
{
	cleanup_with(sha256_free) struct sha256 *sha = sha256_new();

	sha256_update(sha, data, len);
	sha256_hex(sha, hex);
}
