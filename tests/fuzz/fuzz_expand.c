/* SPDX-License-Identifier: Apache-2.0 */
/* Any text either expands or fails at a place within it. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "data/expand.h"

static const char *
fuzz_get(void *arg, const char *name)
{
	static const char *const values[] = { NULL, "", "a/b.tar.gz",
					      "x*y?z\\ \xc3\xa9" };

	return values[(unsigned char)*name % 4];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		enum expand_mode mode;
		int flags;
		char escape;
	} ways[] = {
		{ EXPAND_COMPOSE, 0, 0 },
		{ EXPAND_DOCKERFILE, 0, 0 },
		{ EXPAND_DOCKERFILE, EXPAND_QUOTES, '`' },
		{ EXPAND_DOCKERFILE, EXPAND_RAW | EXPAND_KEEP_UNSET, 0 },
	};
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, data, size);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct expand_opts opts = {
			.mode = ways[i].mode,
			.flags = ways[i].flags,
			.escape = ways[i].escape,
			.get = fuzz_get,
		};
		cleanup_strbuf struct strbuf out = STRBUF_INIT;
		struct err err = ERR_INIT;
		size_t offset = 0;

		if (expand_vars(text.buf, &opts, &out, &offset, &err) < 0)
			assert(err.text[0] && offset <= text.len && !out.len);
	}
	return 0;
}
