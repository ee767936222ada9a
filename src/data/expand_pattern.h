/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/expand_pattern.h - shell patterns that cut and replace in a value.
 */
#ifndef DHOW_DATA_EXPAND_PATTERN_H
#define DHOW_DATA_EXPAND_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/*
 * Append @value without the start (or, with @at_end, the end) that @pattern
 * matches: the shortest such piece, or the longest. A pattern has '*', '?'
 * and backslash escapes. @steps: work left, counted down.
 *
 * Returns 0, or -EFBIG when the work is too much.
 */
int expand_pattern_cut(const char *value, const char *pattern, bool at_end,
		       bool longest, size_t *steps, struct strbuf *out);

/*
 * Append @value with the first (or, with @all, every) longest piece that
 * @pattern matches replaced. Returns 0 or -EFBIG.
 */
int expand_pattern_replace(const char *value, const char *pattern,
			   const char *replacement, bool all, size_t max_bytes,
			   size_t *steps, struct strbuf *out);

#endif
