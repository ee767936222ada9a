/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ref.c - a reference that is accepted is written so that it reads the
 * same again.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"
#include "spec/ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xstrndup((const char *)data, size);
	cleanup_ref struct ref ref = REF_INIT, again = REF_INIT;
	cleanup_strbuf struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;
	cleanup_strbuf struct strbuf familiar = STRBUF_INIT;
	struct err err = ERR_INIT;

	if (ref_parse(text, &ref, &err) < 0) {
		assert(err.text[0]);
		return 0;
	}
	assert(!strstr(ref.path, "..") && ref.path[0] != '/');
	ref_add_canonical(&once, &ref);
	ref_add_familiar(&familiar, &ref);
	assert(ref_parse(once.buf, &again, &err) >= 0);
	ref_add_canonical(&twice, &again);
	assert(!strcmp(once.buf, twice.buf));
	(void)ref_is_loopback(&ref);
	return 0;
}
