/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/text.h"

Test(base_text, glob_follows_go_and_spans_components_with_two_stars)
{
	static const struct {
		const char *pattern, *str;
		int want;
	} cases[] = {
		{ "*", "abc", 1 },      { "*", "a/b", 0 },
		{ "a?c", "abc", 1 },    { "[a-c]x", "bx", 1 },
		{ "[^a-c]x", "bx", 0 }, { "**/x", "a/b/x", 1 },
		{ "**/x", "x", 1 },     { "a/**", "a/b/c", 1 },
		{ "\\*", "*", 1 },      { "\\*", "a", 0 },
		{ "[", "a", -EINVAL },  { "a\\", "a", -EINVAL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect(eq(int, glob_match(cases[i].pattern, cases[i].str),
			     cases[i].want),
			  "%s ~ %s", cases[i].pattern, cases[i].str);
}
