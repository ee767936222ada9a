/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/digest.c - "sha256:" and 64 lower-case hex digits, nothing else.
 *
 * sha512 and the other algorithms the specification registers are refused:
 * no registry serves them, and one length keeps names and paths fixed.
 */
#include "spec/digest.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"

#define DIGEST_PREFIX "sha256:"
#define DIGEST_PREFIX_LEN (sizeof(DIGEST_PREFIX) - 1)

static_assert(DIGEST_PREFIX_LEN + DIGEST_HEX_LEN + 1 == DIGEST_BYTES,
	      "a digest's text fits exactly");

bool
digest_is_valid(const char *text)
{
	return text_starts(text, DIGEST_PREFIX) &&
	       text_is_hex_of(text + DIGEST_PREFIX_LEN, DIGEST_HEX_LEN);
}

static int
digest_complain(const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');
	const char *hex;

	err_reset(err);
	if (!colon)
		return err_set(err, EINVAL, "digest '%.80s' names no algorithm",
			       text);
	if (!text_starts(text, DIGEST_PREFIX))
		return err_set(err, EINVAL,
			       "digest algorithm '%.*s' is not supported",
			       (int)(colon - text < 32 ? colon - text : 32),
			       text);
	hex = text + DIGEST_PREFIX_LEN;
	if (strlen(hex) != DIGEST_HEX_LEN)
		return err_set(err, EINVAL,
			       "digest '%.80s' has %zu digits instead of %d",
			       text, strlen(hex), DIGEST_HEX_LEN);
	return err_set(
		err, EINVAL,
		"digest '%.80s' has something else than lower-case hex digits",
		text);
}

int
digest_parse(const char *text, struct digest *ret_digest, struct err *err)
{
	if (!digest_is_valid(text)) {
		(void)digest_complain(text, err);
		err_hint(err, "a digest is sha256: and 64 hex digits 0-9a-f");
		return -EINVAL;
	}
	(void)memcpy(ret_digest->text, text, DIGEST_BYTES);
	return 0;
}

const char *
digest_hex(const struct digest *digest)
{
	assert(digest->text[0]);
	return digest->text + DIGEST_PREFIX_LEN;
}

bool
digest_eq(const struct digest *a, const struct digest *b)
{
	return !strcmp(a->text, b->text);
}

struct digest
digest_of_hex(const char *hex)
{
	struct digest digest;

	assert(text_is_hex_of(hex, DIGEST_HEX_LEN));
	(void)memcpy(digest.text, DIGEST_PREFIX, DIGEST_PREFIX_LEN);
	(void)memcpy(digest.text + DIGEST_PREFIX_LEN, hex, DIGEST_HEX_LEN + 1);
	return digest;
}
