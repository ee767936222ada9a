/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_file.h - what a container wrote, kept as Docker keeps it.
 *
 * json.log in the container's directory (or the file that --log-opt path
 * names), one record a line:
 *   {"log":"text\n","stream":"stdout","time":"2026-01-02T03:04:05.6Z"}
 * A record holds one line, or a piece of one that is longer than
 * LOG_FILE_LINE_BYTES: then "log" does not end in a newline. With rotation,
 * json.log.1 is the file before, json.log.2 the one before that.
 *
 * Nothing is made before the first byte. When the disk is full the container
 * goes on; how much was lost is one record, once there is room again.
 */
#ifndef DHOW_CONTAINER_LOG_FILE_H
#define DHOW_CONTAINER_LOG_FILE_H

#include <errno.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "spec/log_spec.h"

#define LOG_FILE_NAME "json.log"
#define LOG_FILE_LINE_BYTES (16U << 10)

enum log_stream {
	LOG_STDOUT,
	LOG_STDERR,
	LOG_STREAM_COUNT,
};

struct log_file {
	int dirfd;              /* of the container; borrowed */
	const char *path;       /* below dirfd, or absolute; borrowed */
	const char *attrs;      /* JSON object of --log-opt labels, or NULL */
	int64_t max_size_bytes; /* 0: no rotation */
	int max_files;
	bool off; /* driver none */

	/* private */
	int fd;
	int64_t size_bytes;
	struct strbuf partial[LOG_STREAM_COUNT]; /* no newline so far */
	struct strbuf records;                   /* on their way */
	int64_t lost_bytes;
	int lost_code; /* errno of the first failure */
};

#define LOG_FILE_INIT        \
	{                    \
		.fd = -EBADF \
	}

void log_file_init(struct log_file *log, int dirfd,
		   const struct log_spec *spec);
void log_file_release(struct log_file *log);

/* What one stream wrote, as it came. Never fails: see above. */
void log_file_add(struct log_file *log, enum log_stream stream,
		  const char *data, size_t len);

/* The process ended: lines without an end are written too. */
void log_file_flush(struct log_file *log);

#endif
