/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_user.c - CVE-2026-30892, GO-2025-3528: digits never become another
 * number. The first line is the user string, then passwd, an empty line,
 * group.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/user.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_new((const char *)data, size), spec;
	cleanup_free char *text = NULL;
	const char *middle;
	struct user user;

	if (!span_next(&rest, '\n', &spec))
		return 0;
	text = span_dup(spec);
	middle = rest.len ? memmem(rest.ptr, rest.len, "\n\n", 2) : NULL;
	spec = middle ? span_skip(rest, (size_t)(middle - rest.ptr))
		      : span_new(NULL, 0);
	rest.len -= spec.len;
	if (user_resolve(text, rest, spec, NULL, &user, NULL) < 0)
		return 0;
	assert(user.uid <= INT32_MAX && user.gid <= INT32_MAX);
	assert(user.home[0] == '/' && user.group_count >= 1);
	if (*text && strspn(text, "0123456789") == strlen(text))
		assert(user.uid == strtoull(text, NULL, 10));
	user_release(&user);
	return 0;
}
