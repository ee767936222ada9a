/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_log_record.c - every line of a log is a record with a time, or refused.
 */
#include <assert.h>
#include <stdint.h>

#include "container/log_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_log_record struct log_record record = LOG_RECORD_INIT;
	struct span rest = span_new((const char *)data, size), line;

	while (span_next(&rest, '\n', &line)) {
		if (log_record_parse(line, &record) < 0)
			continue;
		/* No escape makes a text longer than it was. */
		assert(record.text.len <= line.len);
		assert(!record.attrs.len || *record.attrs.ptr == '{');
	}
	return 0;
}
