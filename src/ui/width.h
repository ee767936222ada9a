/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/width.h - how many columns UTF-8 text takes, without the locale.
 */
#ifndef DHOW_UI_WIDTH_H
#define DHOW_UI_WIDTH_H

#include <stddef.h>

#include "base/span.h"
#include "base/strbuf.h"

/* Columns of @text: 2 for wide characters, 0 for combining ones. A byte that
 * is no UTF-8 counts as one. */
size_t width_of(struct span text);

/* The longest beginning of @text that takes at most @columns. */
struct span width_cut(struct span text, size_t columns);

/*
 * Append @text with control characters, and bytes that are no UTF-8, as '?':
 * what an image declares must not drive the terminal. @keep: characters to
 * let through ("\t\n").
 */
void width_add_safe(struct strbuf *sb, struct span text, const char *keep);

#endif
