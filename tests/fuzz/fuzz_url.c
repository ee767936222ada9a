/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is a URL, the second a Location seen there. What credentials
 * are bound to is never another's (rule R5).
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"
#include "registry/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_new((const char *)data, size), line;
	cleanup_url struct url base = URL_INIT;
	cleanup_url struct url again = URL_INIT;
	cleanup_url struct url next = URL_INIT;
	cleanup_free char *text = NULL;
	cleanup_free char *location = NULL;

	if (!span_next(&rest, '\n', &line))
		return 0;
	text = span_dup(line);
	location = span_dup(rest);
	if (url_parse(text, &base, NULL) < 0)
		return 0;
	assert(!strcmp(base.scheme, "http") || !strcmp(base.scheme, "https"));
	assert(*base.host && *base.port && !strpbrk(base.host, "/@?#\\ "));
	assert(url_parse(base.text, &again, NULL) == 0);
	assert(url_same_origin(&base, &again));
	if (url_resolve(&base, location, &next, NULL) < 0)
		return 0;
	assert(!strpbrk(next.host, "/@?#\\ "));
	/* Only what names no host of its own stays where it was. */
	if (*location == '/' && location[1] != '/' && location[1] != '\\')
		assert(url_same_origin(&base, &next));
	return 0;
}
