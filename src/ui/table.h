/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/table.h - columns as docker prints them.
 *
 * Cells are separated by tabs and rows end with a newline; a column is at
 * least TABLE_MIN_WIDTH wide, TABLE_PADDING blanks included. The last cell of
 * a row is not padded.
 */
#ifndef DHOW_UI_TABLE_H
#define DHOW_UI_TABLE_H

#include "base/span.h"
#include "base/strbuf.h"

#define TABLE_MIN_WIDTH 10
#define TABLE_PADDING 3

/* Append @text with its columns aligned. Control characters become '?'. */
void table_add(struct strbuf *sb, struct span text);

/* Append one cell to a text for table_add(): tabs and newlines in it are
 * data, and become '?'. @first: no tab before it. */
void table_add_cell(struct strbuf *text, const char *cell, bool first);

#endif
