/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "archive/owner_mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_new((const char *)data, size);
	struct strbuf path = STRBUF_INIT, line = STRBUF_INIT;
	struct owner owner;
	struct err err = ERR_INIT;

	(void)owner_mark_parse((const char *)data, size, &owner);
	while (owners_next(&rest, &owner, &path, &err) > 0) {
		struct owner again;
		struct span written;

		/* What is read can be written and read again. */
		strbuf_reset(&line);
		owners_add_line(&line, &owner, path.buf);
		written = span_of(line.buf);
		if (owners_next(&written, &again, &path, &err) != 1 ||
		    again.uid != owner.uid || again.mode != owner.mode)
			abort();
	}
	strbuf_release(&path);
	strbuf_release(&line);
	return 0;
}
