/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/utf8.h - code points in and out of UTF-8.
 */
#ifndef DHOW_DATA_UTF8_H
#define DHOW_DATA_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define UTF8_REPLACEMENT 0xfffdU

/*
 * Decode the code point that starts at @p (@len bytes are there). Returns its
 * length in bytes, or 0 when it is malformed, over-long or a surrogate.
 */
size_t utf8_decode(const char *p, size_t len, uint32_t *ret_rune);

/*
 * As above, but a bad byte counts as one U+FFFD: never 0 while @len is not.
 */
size_t utf8_decode_lossy(const char *p, size_t len, uint32_t *ret_rune);

/* Append one code point; U+FFFD for what is none. */
void utf8_add(struct strbuf *sb, uint32_t rune);

/* Code points in @len bytes, as utf8_decode_lossy() counts them. */
size_t utf8_count(const char *p, size_t len);

#endif
