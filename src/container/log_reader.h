/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_reader.h - what a container wrote, from its log.
 *
 *	log_reader_open(&reader, session, &container, &opts, err)
 *	while ((r = log_reader_next(&reader, err)) == LOG_READER_RECORD)
 *		reader.record …
 *	r == LOG_READER_WAIT: poll log_reader_pollfds(), then again
 *	log_reader_close(&reader)
 *
 * Any number of readers, while the monitor writes and rotates. Following ends
 * with the container's monitor, which its pidfd tells.
 */
#ifndef DHOW_CONTAINER_LOG_READER_H
#define DHOW_CONTAINER_LOG_READER_H

#include <poll.h>

#include "base/follow.h"
#include "container/log_record.h"
#include "container/lookup.h"

#define LOG_READER_POLLFDS 2

struct log_reader_opts {
	int64_t since_ns; /* 0: from the beginning */
	int64_t until_ns; /* 0: to the end */
	int64_t tail;     /* that many records at most; -1: all */
	bool follow;
};

enum log_reader_step {
	LOG_READER_END,
	LOG_READER_RECORD,
	LOG_READER_WAIT, /* only when following */
};

struct log_reader {
	struct log_record record; /* the current one */
	uint64_t damaged;         /* records left out so far */

	/* private */
	struct log_reader_opts opts;
	struct follow follow;
	int dirfd;     /* where the log is */
	int monitorfd; /* pidfd while we follow, else -EBADF */
	bool ended;    /* the monitor did: nothing more will come */
};

#define LOG_READER_INIT                                           \
	{                                                         \
		.record = LOG_RECORD_INIT, .follow = FOLLOW_INIT, \
		.dirfd = -EBADF, .monitorfd = -EBADF,             \
	}
#define cleanup_log_reader cleanup_release(log_reader_close)

/*
 * @container: found by container_find(); borrowed for the call
 *
 * Returns 0; -EOPNOTSUPP when its output is not kept. Without a log (nothing
 * was written yet) there are no records.
 */
int log_reader_open(struct log_reader *reader,
		    const struct container *container,
		    const struct log_reader_opts *opts, struct err *err);
void log_reader_close(struct log_reader *reader);

/* Returns an enum log_reader_step or -errno. */
int log_reader_next(struct log_reader *reader, struct err *err);

/* What to wait for. With until_ns, no longer than that. */
void log_reader_pollfds(const struct log_reader *reader,
			struct pollfd pollfds[LOG_READER_POLLFDS]);

#endif
