/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/follow.h - lines of a log while others write and rotate it.
 *
 * A log is NAME and, when it was rotated, NAME.1 (newer) to NAME.N. Lines come
 * in the order they were written; a file that is rotated while it is read is
 * read to its end first, because it is known by its inode.
 */
#ifndef DHOW_BASE_FOLLOW_H
#define DHOW_BASE_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"

#define FOLLOW_MAX_LINE_BYTES (4U << 20)

struct follow {
	int dirfd;  /* borrowed */
	char *name; /* of the newest file */
	int max_old;
	int fd;     /* of the file being read, or -EBADF: none yet */
	int pollfd; /* inotify, or -EBADF */
	ino_t ino;
	char *buf; /* bytes read; those before .at are done with */
	size_t len, at, cap;
};

#define FOLLOW_INIT                                              \
	{                                                        \
		.dirfd = -EBADF, .fd = -EBADF, .pollfd = -EBADF, \
	}
#define cleanup_follow cleanup_release(follow_close)

/*
 * Start at the first line of the oldest file. Nothing has to be there yet.
 *
 * @dirfd:   borrowed until the close
 * @max_old: how many rotated files there may be
 */
int follow_open(struct follow *follow, int dirfd, const char *name, int max_old,
		struct err *err);
/* Leave out all but the last @lines lines; right after follow_open(). */
int follow_skip_to_last(struct follow *follow, uint64_t lines, struct err *err);
void follow_close(struct follow *follow);

/*
 * The next line, without its end; borrowed until the next call. One without
 * an end is given when nothing can be added to it any more, and so is what
 * passes FOLLOW_MAX_LINE_BYTES.
 *
 * Returns 1, or 0 when there is nothing more now, or -errno.
 */
int follow_next(struct follow *follow, struct span *ret_line, struct err *err);
/* At the end of it all: a line whose writer was killed in the midst. */
int follow_rest(struct follow *follow, struct span *ret_line);

/*
 * An fd that is readable when there may be more (inotify). Ask for it before
 * the last follow_next() that returned 0, so that nothing is missed.
 */
int follow_pollfd(struct follow *follow, struct err *err);
/* Swallow what made it readable. */
void follow_polled(struct follow *follow);

#endif
