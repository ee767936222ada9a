/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "ui/table.h"
#include "ui/width.h"

static char *
table(const char *text)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	table_add(&sb, span_of(text));
	return strbuf_take(&sb);
}

Test(ui_table, columns_align_with_three_blanks_and_ten_at_least)
{
	cleanup_free char *out = table("REPOSITORY\tTAG\tSIZE\n"
				       "a\tlatest-of-all\t1B\n");

	cr_expect(eq(str, out,
		     "REPOSITORY   TAG             SIZE\n"
		     "a            latest-of-all   1B\n"));
}

Test(ui_table, wide_and_combining_characters_take_their_columns)
{
	cleanup_free char *out = table("\xe6\x97\xa5\xe6\x9c\xac\tx\n"
				       "e\xcc\x81\ty\n"
				       "\xff\tz\n");

	cr_expect(eq(str, out,
		     "\xe6\x97\xa5\xe6\x9c\xac      x\n"
		     "e\xcc\x81         y\n"
		     "?         z\n"));
}

Test(ui_table, empty_cells_and_short_rows_keep_their_place)
{
	cleanup_free char *out = table("A\tB\tC\n\t\tc\na\n");

	cr_expect(eq(str, out,
		     "A         B         C\n"
		     "                    c\n"
		     "a\n"));
}

Test(ui_table, a_cell_cannot_break_its_row_or_drive_the_terminal)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	table_add_cell(&sb, "a\tb\nc", true);
	table_add_cell(&sb, "\033[2Jx\xc2\x9b\xe2\x80\xae", false);
	cr_expect(eq(str, sb.buf, "a?b?c\t?[2Jx??"));
}

Test(ui_table, cutting_never_splits_a_character)
{
	static const struct {
		const char *text;
		size_t columns, want;
	} cases[] = {
		{ "abc", 2, 2 },
		{ "\xe6\x97\xa5z", 1, 0 },
		{ "\xe6\x97\xa5z", 2, 3 },
		{ "e\xcc\x81z", 1, 3 },
		{ "", 5, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(sz,
			     width_cut(span_of(cases[i].text), cases[i].columns)
				     .len,
			     cases[i].want),
			  "%s", cases[i].text);
}

Test(ui_table, bytes_that_are_no_utf8_count_as_one_column)
{
	/* Overlong, surrogate, cut short, above U+10FFFF. */
	static char *const cases[] = { "\xc0\x80", "\xed\xa0\x80", "\xe6\x97",
				       "\xf4\x90\x80\x80" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(sz, width_of(span_of(cases[i])), strlen(cases[i])),
			  "case %zu", i);
}
