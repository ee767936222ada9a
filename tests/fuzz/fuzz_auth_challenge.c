/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_auth_challenge.c - any bytes as a WWW-Authenticate header.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "registry/auth_challenge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_auth_challenge struct auth_challenge challenge =
		AUTH_CHALLENGE_INIT;

	auth_challenge_read(span_new((const char *)data, size), &challenge);
	assert(challenge.scheme != AUTH_SCHEME_BEARER || challenge.realm);
	for (const char *p = challenge.realm; p && *p; p++)
		assert((unsigned char)*p >= ' ');
	return 0;
}
