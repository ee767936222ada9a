/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/file_queue.h - small files get content and time in another thread.
 *
 * Who unpacks makes the names, one after the other, for their order matters;
 * what goes into a small file does not depend on any other. The two halves
 * take about as long, so a second processor nearly doubles the pace.
 */
#ifndef DHOW_ARCHIVE_FILE_QUEUE_H
#define DHOW_ARCHIVE_FILE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/err.h"

#define FILE_QUEUE_MAX_BYTES ((size_t)64 * 1024) /* of one file */

struct file_queue;

/* NULL, and errno is set, where no thread can be had. */
struct file_queue *file_queue_new(void);
/* Waits for what was queued. */
void file_queue_free(struct file_queue *queue);
DEFINE_CLEANUP(struct file_queue *, file_queue_free);

/*
 * Borrow room for @len <= FILE_QUEUE_MAX_BYTES of content until the next call;
 * waits while too much is queued. file_queue_add() takes what was put there
 * and @fd, an empty file open for writing, which becomes the queue's.
 */
uint8_t *file_queue_room(struct file_queue *queue, size_t len);
void file_queue_add(struct file_queue *queue, int fd, size_t len,
		    const struct timespec *mtime);

/* Could some file not be written? Then there is no use in adding more. */
bool file_queue_has_failed(const struct file_queue *queue);

/* Wait until all is written. Returns 0, or what the first failure was. */
int file_queue_finish(struct file_queue *queue, struct err *err);

#endif
