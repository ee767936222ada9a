/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/file_queue.c - small files get content and time in another thread.
 *
 * Files are handed over by the batch, since to wake a thread costs as much as
 * to write a file. Batches are counted from 0 for ever; number N lives in
 * slot N % QUEUE_BATCHES. After a failure files are only closed.
 */
#include "archive/file_queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"

#define QUEUE_BATCHES 3
#define BATCH_FILES 32 /* descriptors are scarce */
#define BATCH_BYTES ((size_t)256 * 1024)

static_assert(BATCH_BYTES >= FILE_QUEUE_MAX_BYTES, "one file fits");

struct queued {
	int fd;
	size_t at;
	size_t len;
	struct timespec mtime;
};

struct batch {
	struct queued files[BATCH_FILES];
	size_t count;
	size_t used;
	uint8_t bytes[BATCH_BYTES];
};

struct file_queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t freed;
	pthread_t thread;
	uint64_t given; /* batches; the next one is being filled */
	uint64_t done;
	bool ended;
	atomic_bool failed;
	struct err err; /* the thread's, until nothing is left to do */
	struct batch batches[QUEUE_BATCHES];
};

static void
write_file(struct file_queue *queue, const struct batch *batch,
	   const struct queued *file)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, file->mtime };
	int r = io_write_all(file->fd, batch->bytes + file->at, file->len);

	if (r < 0)
		r = err_code(&queue->err, -r, "write a file");
	else if (futimens(file->fd, times) < 0)
		r = err_sys(&queue->err, "set the time of a file");
	if (r < 0)
		atomic_store(&queue->failed, true);
}

static void
write_batch(struct file_queue *queue, struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (!atomic_load(&queue->failed))
			write_file(queue, batch, &batch->files[i]);
		(void)close(batch->files[i].fd);
	}
	batch->count = batch->used = 0;
}

static void *
run_queue(void *data)
{
	struct file_queue *queue = data;

	(void)pthread_mutex_lock(&queue->lock);
	for (;;) {
		while (queue->done == queue->given && !queue->ended)
			(void)pthread_cond_wait(&queue->filled, &queue->lock);
		if (queue->done == queue->given)
			break;
		(void)pthread_mutex_unlock(&queue->lock);
		write_batch(queue,
			    &queue->batches[queue->done % QUEUE_BATCHES]);
		(void)pthread_mutex_lock(&queue->lock);
		queue->done++;
		(void)pthread_cond_signal(&queue->freed);
	}
	(void)pthread_mutex_unlock(&queue->lock);
	return NULL;
}

struct file_queue *
file_queue_new(void)
{
	struct file_queue *queue = xcalloc(1, sizeof(*queue));
	sigset_t all, old;
	int r;

	(void)pthread_mutex_init(&queue->lock, NULL);
	(void)pthread_cond_init(&queue->filled, NULL);
	(void)pthread_cond_init(&queue->freed, NULL);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&queue->thread, NULL, run_queue, queue);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (r == 0)
		return queue;
	free(queue);
	errno = r;
	return NULL;
}

/* Hand the batch over and wait until no more than @left are to be done. */
static void
hand_over(struct file_queue *queue, uint64_t left)
{
	(void)pthread_mutex_lock(&queue->lock);
	if (queue->batches[queue->given % QUEUE_BATCHES].count > 0) {
		queue->given++;
		(void)pthread_cond_signal(&queue->filled);
	}
	while (queue->given - queue->done > left)
		(void)pthread_cond_wait(&queue->freed, &queue->lock);
	(void)pthread_mutex_unlock(&queue->lock);
}

uint8_t *
file_queue_room(struct file_queue *queue, size_t len)
{
	struct batch *batch = &queue->batches[queue->given % QUEUE_BATCHES];

	assert(len <= FILE_QUEUE_MAX_BYTES);
	if (batch->count == BATCH_FILES || BATCH_BYTES - batch->used < len) {
		hand_over(queue, QUEUE_BATCHES - 1);
		batch = &queue->batches[queue->given % QUEUE_BATCHES];
	}
	return batch->bytes + batch->used;
}

void
file_queue_add(struct file_queue *queue, int fd, size_t len,
	       const struct timespec *mtime)
{
	struct batch *batch = &queue->batches[queue->given % QUEUE_BATCHES];

	assert(batch->count < BATCH_FILES && len <= BATCH_BYTES - batch->used);
	batch->files[batch->count++] = (struct queued){
		.fd = fd, .at = batch->used, .len = len, .mtime = *mtime
	};
	batch->used += len;
}

bool
file_queue_has_failed(const struct file_queue *queue)
{
	return atomic_load(&queue->failed);
}

int
file_queue_finish(struct file_queue *queue, struct err *err)
{
	hand_over(queue, 0);
	if (!atomic_load(&queue->failed))
		return 0;
	if (err)
		*err = queue->err;
	return -queue->err.code;
}

void
file_queue_free(struct file_queue *queue)
{
	if (!queue)
		return;
	hand_over(queue, 0);
	(void)pthread_mutex_lock(&queue->lock);
	queue->ended = true;
	(void)pthread_cond_signal(&queue->filled);
	(void)pthread_mutex_unlock(&queue->lock);
	(void)pthread_join(queue->thread, NULL);
	(void)pthread_cond_destroy(&queue->freed);
	(void)pthread_cond_destroy(&queue->filled);
	(void)pthread_mutex_destroy(&queue->lock);
	free(queue);
}
