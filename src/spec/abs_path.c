/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/abs_path.c - absolute paths as text.
 */
#include "spec/abs_path.h"

#include <assert.h>
#include <string.h>

#include "base/span.h"
#include "base/strbuf.h"

static void
abs_path_walk(struct strbuf *sb, const char *path)
{
	struct span rest = span_of(path), part;

	while (span_next(&rest, '/', &part)) {
		if (!part.len || span_is(part, "."))
			continue;
		if (span_is(part, "..")) {
			const char *slash = strrchr(sb->buf, '/');

			strbuf_truncate(sb,
					slash ? (size_t)(slash - sb->buf) : 0);
			continue;
		}
		strbuf_addch(sb, '/');
		strbuf_add(sb, part.ptr, part.len);
	}
}

char *
abs_path_join(const char *base, const char *path)
{
	struct strbuf sb = STRBUF_INIT;

	assert(*base == '/');
	if (*path != '/')
		abs_path_walk(&sb, base);
	abs_path_walk(&sb, path);
	if (!sb.len)
		strbuf_addch(&sb, '/');
	return strbuf_take(&sb);
}

bool
abs_path_stays_below(const char *path)
{
	struct span rest = span_of(path), part;

	if (!*path || *path == '/')
		return false;
	while (span_next(&rest, '/', &part))
		if (span_is(part, ".."))
			return false;
	return true;
}
