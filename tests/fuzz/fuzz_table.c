/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "ui/table.h"
#include "ui/width.h"

/* What reaches a terminal drives nothing, is UTF-8 and fits its width. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_new((const char *)data, size), cut;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	table_add(&sb, text);
	assert(text_is_utf8(sb.buf, sb.len));
	for (size_t i = 0; i < sb.len; i++)
		assert(sb.buf[i] == '\n' || (unsigned char)sb.buf[i] >= ' ');
	cut = width_cut(text, 20);
	assert(cut.len <= size && width_of(cut) <= 20);
	return 0;
}
