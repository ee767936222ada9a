/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/digest.h - "sha256:" and 64 lower-case hex digits, nothing else.
 *
 * Rule R5: a digest is parsed strictly before it touches a URL or a path.
 * Spec: OCI image-spec, descriptor.md, "Digests".
 */
#ifndef DHOW_SPEC_DIGEST_H
#define DHOW_SPEC_DIGEST_H

#include <stdbool.h>

#include "base/err.h"

#define DIGEST_HEX_LEN 64
#define DIGEST_BYTES 72 /* "sha256:" + hex + NUL */

struct digest {
	char text[DIGEST_BYTES]; /* empty: none */
};

bool digest_is_valid(const char *text);
/* -EINVAL with a story (unknown algorithm, wrong length, upper case, …). */
int digest_parse(const char *text, struct digest *ret_digest, struct err *err);
/* The 64 hex digits inside @digest. */
const char *digest_hex(const struct digest *digest);
bool digest_eq(const struct digest *a, const struct digest *b);
/* From 64 hex digits that are known to be so. */
struct digest digest_of_hex(const char *hex);

#endif
