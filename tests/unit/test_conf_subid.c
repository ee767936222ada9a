/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "conf/subid.h"

static int64_t
parse(const char *text, struct idmap *map)
{
	*map = (struct idmap){ .extents = { { 0, 1000, 1 } }, .len = 1 };
	return subid_parse(span_of(text), "ada", 1000, map);
}

Test(conf_subid, ranges_by_name_and_by_number_are_joined_in_order)
{
	struct idmap map;

	cr_assert(eq(i64,
		     parse("bob:1:5\nada:200000:10\n1000:300000:20\n", &map),
		     30));
	cr_assert(eq(u32, idmap_to_outside(&map, 1), 200000));
	cr_assert(eq(u32, idmap_to_outside(&map, 11), 300000));
}

Test(conf_subid, malformed_and_foreign_lines_grant_nothing)
{
	static const char *const lines[] = {
		"",          "ada",       "ada:",     "ada:x:5",
		"ada:0:5",   "ada:5:0",   "ada:5:-1", "ada:4294967295:2",
		"adam:5:5",  "10001:5:5", ":5:5",     "ada:5",
		"ada:5:5:5",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct idmap map;

		cr_expect(eq(i64, parse(lines[i], &map), 0), "%s", lines[i]);
	}
}

Test(conf_subid, a_last_line_without_newline_counts)
{
	struct idmap map;

	cr_assert(eq(i64, parse("ada:200000:65536", &map), 65536));
}
