/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/flag.c - finding rows and words of rows.
 */
#include "cli/flag.h"

#include <assert.h>
#include <string.h>

#include "base/span.h"

const struct flag *
flag_find(const struct flag *flags, size_t count, const char *name)
{
	size_t low = 0;

	while (low < count) {
		size_t mid = low + (count - low) / 2;
		int order = strcmp(flags[mid].name, name);

		if (!order)
			return &flags[mid];
		if (order < 0)
			low = mid + 1;
		else
			count = mid;
	}
	return NULL;
}

const struct flag *
flag_find_letter(const struct flag *flags, size_t count, char letter)
{
	for (size_t i = 0; i < count; i++)
		if (flags[i].letter == letter)
			return &flags[i];
	return NULL;
}

const struct flag *
flag_resolve(const struct flag *flags, size_t count, const struct flag *flag)
{
	if (flag->kind != FLAG_ALIAS)
		return flag;
	flag = flag_find(flags, count, flag->alias_of);
	assert(flag && flag->kind != FLAG_ALIAS);
	return flag;
}

bool
flag_has_word(const char *words, const char *word)
{
	struct span rest, piece;

	if (!words)
		return false;
	rest = span_of(words);
	while (span_next(&rest, '|', &piece))
		if (span_is(piece, word))
			return true;
	return false;
}

bool
flag_takes_value(const struct flag *flag)
{
	return flag->kind != FLAG_BOOL;
}

bool
flag_is_list(const struct flag *flag)
{
	return flag->kind == FLAG_LIST || flag->kind == FLAG_CSV;
}
