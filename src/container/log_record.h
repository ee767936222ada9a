/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_record.h - one record of a container's log, read.
 *
 * A line of Docker's json-file driver: {"log":"text\n","stream":"stdout",
 * "attrs":{"k":"v"},"time":"2026-01-02T03:04:05.6Z"}. Members may stand in
 * any order, unknown ones are stepped over; the text may hold any byte, NUL
 * too.
 */
#ifndef DHOW_CONTAINER_LOG_RECORD_H
#define DHOW_CONTAINER_LOG_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/strbuf.h"
#include "data/node.h"

struct log_record {
	struct strbuf text; /* one line, or a piece of a long one */
	bool is_stderr;
	int64_t time_ns;
	struct span attrs; /* a JSON object, or empty; borrowed from the line */
};

#define LOG_RECORD_INIT             \
	{                           \
		.text = STRBUF_INIT \
	}
#define cleanup_log_record cleanup_release(log_record_release)

void log_record_release(struct log_record *record);

/* Read @line into @record, replacing what it held. 0 or -EBADMSG: damaged. */
int log_record_parse(struct span line, struct log_record *record);

#endif
