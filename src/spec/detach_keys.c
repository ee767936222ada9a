/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/detach_keys.c - the keys that leave a container running.
 */
#include "spec/detach_keys.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/span.h"
#include "base/text.h"

#define DETACH_KEYS_CTRL "ctrl-"

static bool
detach_keys_read(struct span key, unsigned char *ret_byte)
{
	char c = key.len ? key.ptr[key.len - 1] : '\0';

	if (key.len == 1 && c > ' ' && c < 0x7f) {
		*ret_byte = (unsigned char)c;
		return true;
	}
	if (!span_starts(key, DETACH_KEYS_CTRL) ||
	    key.len != strlen(DETACH_KEYS_CTRL) + 1 ||
	    (!text_is_lower(c) && !strchr("@[\\]^_", c)))
		return false;
	*ret_byte = (unsigned char)(c & 0x1f);
	return true;
}

int
detach_keys_parse(const char *text, struct detach_keys *ret_keys,
		  struct err *err)
{
	struct detach_keys keys = { .len = 0 };
	struct span rest = span_of(text);

	while (*text) {
		size_t at = span_find(rest, ',');

		if (keys.len == DETACH_KEYS_MAX)
			return err_set(err, EINVAL,
				       "detach keys '%s' are more than %d",
				       text, DETACH_KEYS_MAX);
		if (!detach_keys_read(span_new(rest.ptr, at),
				      &keys.bytes[keys.len])) {
			(void)err_set(err, EINVAL, "invalid detach keys '%s'",
				      text);
			err_hint(
				err,
				"write single characters and ctrl-a to ctrl-z between commas, as " DETACH_KEYS_DEFAULT);
			return -EINVAL;
		}
		keys.len++;
		if (at == rest.len)
			break;
		rest = span_skip(rest, at + 1);
	}
	*ret_keys = keys;
	return 0;
}
