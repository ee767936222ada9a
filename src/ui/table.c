/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/table.c - columns as docker prints them.
 */
#include "ui/table.h"

#include "base/alloc.h"
#include "ui/width.h"

struct widths {
	size_t *columns;
	size_t len;
	size_t cap;
};

static void
release_widths(struct widths *widths)
{
	free(widths->columns);
}

/* Cut the next cell off @row; false behind the last one. */
static bool
next_cell(struct span *row, struct span *ret_cell, bool *ret_last)
{
	size_t at;

	if (!row->ptr)
		return false;
	at = span_find(*row, '\t');
	*ret_cell = span_new(row->ptr, at);
	*ret_last = at == row->len;
	*row = *ret_last ? span_new(NULL, 0) : span_skip(*row, at + 1);
	return true;
}

static void
measure_row(struct widths *widths, struct span row)
{
	struct span cell;
	bool last;

	for (size_t i = 0; next_cell(&row, &cell, &last) && !last; i++) {
		size_t need = width_of(cell) + TABLE_PADDING;

		if (i == widths->len)
			array_push(widths->columns, widths->len, widths->cap,
				   TABLE_MIN_WIDTH);
		if (need > widths->columns[i])
			widths->columns[i] = need;
	}
}

static void
add_row(struct strbuf *sb, const struct widths *widths, struct span row)
{
	struct span cell;
	bool last;

	for (size_t i = 0; next_cell(&row, &cell, &last); i++) {
		width_add_safe(sb, cell, "");
		if (!last)
			strbuf_pad(sb, ' ',
				   widths->columns[i] - width_of(cell));
	}
	strbuf_addch(sb, '\n');
}

void
table_add(struct strbuf *sb, struct span text)
{
	__attribute__((cleanup(release_widths))) struct widths widths = {
		.len = 0,
	};
	struct span rest = text, row;

	while (span_next(&rest, '\n', &row))
		measure_row(&widths, row);
	rest = text;
	while (span_next(&rest, '\n', &row))
		add_row(sb, &widths, row);
}

void
table_add_cell(struct strbuf *text, const char *cell, bool first)
{
	if (!first)
		strbuf_addch(text, '\t');
	width_add_safe(text, span_of(cell), "");
}
