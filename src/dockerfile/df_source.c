/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_source.c - what a source of ADD, or a build context, is.
 */
#include "dockerfile/df_source.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* "user@host:path" */
static bool
df_source_is_scp(const char *text)
{
	const char *at = strchr(text, '@');
	const char *colon = at ? strchr(at, ':') : NULL;

	return at && at > text && colon && colon > at + 1 && colon[1] &&
	       strcspn(text, "/ ") > (size_t)(colon - text);
}

/* The path ends in .git, before a query or a fragment. */
static bool
df_source_has_git_path(const char *url)
{
	size_t len = strcspn(url, "?#");

	return len > 4 && !strncmp(url + len - 4, ".git", 4);
}

enum df_source
df_source_of(const char *text)
{
	if (text_starts(text, "http://") || text_starts(text, "https://"))
		return df_source_has_git_path(text) ? DF_SOURCE_GIT
						    : DF_SOURCE_URL;
	if (text_starts(text, "git://") || text_starts(text, "ssh://") ||
	    df_source_is_scp(text))
		return DF_SOURCE_GIT;
	return DF_SOURCE_LOCAL;
}
