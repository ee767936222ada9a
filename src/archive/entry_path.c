/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/entry_path.c - where a name in an archive leads, by its text alone.
 */
#include "archive/entry_path.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define WHITEOUT_PREFIX ".wh."
#define WHITEOUT_META ".wh..wh."
#define WHITEOUT_OPAQUE ".wh..wh..opq"

/* Take the last component off. Returns false at the root. */
static bool
go_up(struct strbuf *sb)
{
	const char *slash = strrchr(sb->buf, '/');

	if (!sb->len)
		return false;
	strbuf_truncate(sb, slash ? (size_t)(slash - sb->buf) : 0);
	return true;
}

int
entry_path_clean(const char *name, size_t max_depth, struct strbuf *sb,
		 struct err *err)
{
	const char *at = name;
	size_t depth = 0;

	strbuf_reset(sb);
	if (!*name)
		return err_set(err, EBADMSG, "an entry has no name");
	while (*at) {
		size_t len = strcspn(at, "/");

		if (len == 2 && at[0] == '.' && at[1] == '.') {
			if (!go_up(sb))
				return err_set(
					err, EBADMSG,
					"name '%s' leads out of the archive's root",
					name);
			depth--;
		} else if (len > NAME_MAX) {
			return err_set(
				err, ENAMETOOLONG,
				"a part of name '%s' has more than %d bytes",
				name, NAME_MAX);
		} else if (len > 0 && !(len == 1 && at[0] == '.')) {
			if (++depth > max_depth)
				return err_set(err, ENAMETOOLONG,
					       "a name has more than %zu parts",
					       max_depth);
			if (sb->len)
				strbuf_addch(sb, '/');
			strbuf_add(sb, at, len);
		}
		at += len;
		at += strspn(at, "/");
	}
	return 0;
}

const char *
entry_path_base(const char *path, size_t *ret_dir_len)
{
	const char *slash = strrchr(path, '/');

	*ret_dir_len = slash ? (size_t)(slash - path) : 0;
	return slash ? slash + 1 : path;
}

const char *
entry_path_whiteout_name(const char *base)
{
	return base + strlen(WHITEOUT_PREFIX);
}

/* True when a component before the last begins as a whiteout. */
static bool
is_below_whiteout(const char *path, const char *base, const char *prefix)
{
	for (; path != base; path = strchr(path, '/') + 1)
		if (text_starts(path, prefix))
			return true;
	return false;
}

int
entry_path_kind(const char *path, struct err *err)
{
	size_t dir_len;
	const char *base = entry_path_base(path, &dir_len);
	const char *name;

	if (is_below_whiteout(path, base, WHITEOUT_META))
		return ENTRY_IGNORED;
	if (is_below_whiteout(path, base, WHITEOUT_PREFIX))
		return err_set(err, EBADMSG, "'%s' lies below a whiteout",
			       path);
	if (!strcmp(base, WHITEOUT_OPAQUE))
		return ENTRY_OPAQUE;
	if (text_starts(base, WHITEOUT_META))
		return ENTRY_IGNORED;
	name = text_after(base, WHITEOUT_PREFIX);
	if (!name)
		return ENTRY_PLAIN;
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return err_set(err, EBADMSG, "'%s' is no valid whiteout", path);
	return ENTRY_WHITEOUT;
}
