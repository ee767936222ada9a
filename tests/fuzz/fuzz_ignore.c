/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ignore.c - the first line is a path, the rest an ignore file. Going
 * down directory by directory tells the same as asking for the whole path,
 * and nothing is wanted below what may be skipped.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "dockerfile/ignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last component is asked for as a directory, then as a file. */
static bool
walk(const struct ignore *ignore, char *path, bool *ret_skippable)
{
	struct ignore_dir dir = IGNORE_DIR_TOP, sub;
	bool excluded;

	*ret_skippable = false;
	for (char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		excluded = ignore_match(ignore, &dir, path, &sub);
		*ret_skippable |= excluded && ignore_may_skip_dir(ignore, path);
		*p = '/';
		ignore_dir_release(&dir);
		dir = sub;
	}
	excluded = ignore_match(ignore, &dir, path, &sub);
	assert(excluded == ignore_match(ignore, &dir, path, NULL));
	ignore_dir_release(&sub);
	ignore_dir_release(&dir);
	return excluded;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_with(ignore_free) struct ignore *ignore = ignore_new();
	struct span rest = span_new((const char *)data, size), line;
	cleanup_free char *path = NULL;
	struct err err = ERR_INIT;
	bool is_skippable, is_excluded;

	if (size > 8192 || !span_next(&rest, '\n', &line))
		return 0;
	path = span_dup(line);
	if (!*path || *path == '/')
		return 0;
	if (ignore_parse(ignore, rest, "i", &err) < 0) {
		assert(err.text[0]);
		return 0;
	}
	is_excluded = walk(ignore, path, &is_skippable);
	assert(is_excluded == ignore_excludes(ignore, path));
	assert(!is_skippable || is_excluded);
	return 0;
}
