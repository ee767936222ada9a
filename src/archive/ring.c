/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/ring.c - one thread fills buffers, others read each of them.
 *
 * Pieces are counted from 0 for ever; piece N lives in slot N % RING_SLOTS.
 * A reader's count is that of the pieces it is done with.
 */
#include "archive/ring.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/alloc.h"

struct reader {
	uint64_t done;
	bool holds; /* the piece numbered done is lent */
	bool left;
};

struct ring {
	pthread_mutex_t lock;
	pthread_cond_t filled; /* a piece or the end came */
	pthread_cond_t freed;  /* a reader moved or left */
	struct reader readers[RING_MAX_READERS];
	unsigned int reader_count;
	uint64_t given;
	bool ended;
	int end_code;
	struct err end_err;
	size_t lens[RING_SLOTS];
	uint8_t *slots[RING_SLOTS];
};

struct ring *
ring_new(unsigned int readers)
{
	struct ring *ring = xcalloc(1, sizeof(*ring));

	assert(readers > 0 && readers <= RING_MAX_READERS);
	(void)pthread_mutex_init(&ring->lock, NULL);
	(void)pthread_cond_init(&ring->filled, NULL);
	(void)pthread_cond_init(&ring->freed, NULL);
	ring->reader_count = readers;
	return ring;
}

void
ring_free(struct ring *ring)
{
	if (!ring)
		return;
	for (size_t i = 0; i < RING_SLOTS; i++)
		free(ring->slots[i]);
	(void)pthread_cond_destroy(&ring->freed);
	(void)pthread_cond_destroy(&ring->filled);
	(void)pthread_mutex_destroy(&ring->lock);
	free(ring);
}

/* Pieces that some reader may still look at; -1: no reader is left. */
static int64_t
pieces_in_use(const struct ring *ring)
{
	int64_t most = -1;

	for (unsigned int i = 0; i < ring->reader_count; i++) {
		const struct reader *reader = &ring->readers[i];

		if (!reader->left &&
		    (int64_t)(ring->given - reader->done) > most)
			most = (int64_t)(ring->given - reader->done);
	}
	return most;
}

uint8_t *
ring_take(struct ring *ring)
{
	int64_t in_use;
	size_t at;

	(void)pthread_mutex_lock(&ring->lock);
	while ((in_use = pieces_in_use(ring)) == RING_SLOTS)
		(void)pthread_cond_wait(&ring->freed, &ring->lock);
	at = ring->given % RING_SLOTS;
	(void)pthread_mutex_unlock(&ring->lock);
	if (in_use < 0)
		return NULL;
	if (!ring->slots[at])
		ring->slots[at] = xmalloc(RING_SLOT_BYTES);
	return ring->slots[at];
}

void
ring_give(struct ring *ring, size_t len)
{
	assert(len > 0 && len <= RING_SLOT_BYTES);
	(void)pthread_mutex_lock(&ring->lock);
	ring->lens[ring->given % RING_SLOTS] = len;
	ring->given++;
	(void)pthread_cond_broadcast(&ring->filled);
	(void)pthread_mutex_unlock(&ring->lock);
}

void
ring_end(struct ring *ring, int r, const struct err *err)
{
	(void)pthread_mutex_lock(&ring->lock);
	ring->ended = true;
	ring->end_code = r;
	ring->end_err = *err;
	(void)pthread_cond_broadcast(&ring->filled);
	(void)pthread_mutex_unlock(&ring->lock);
}

ssize_t
ring_next(struct ring *ring, unsigned int number, const uint8_t **ret_piece,
	  struct err *err)
{
	struct reader *reader = &ring->readers[number];
	ssize_t n = 0;

	(void)pthread_mutex_lock(&ring->lock);
	if (reader->holds) {
		reader->holds = false;
		reader->done++;
		(void)pthread_cond_signal(&ring->freed);
	}
	while (reader->done == ring->given && !ring->ended)
		(void)pthread_cond_wait(&ring->filled, &ring->lock);
	if (reader->done < ring->given) {
		reader->holds = true;
		*ret_piece = ring->slots[reader->done % RING_SLOTS];
		n = (ssize_t)ring->lens[reader->done % RING_SLOTS];
	} else if (ring->end_code < 0) {
		n = ring->end_code;
		if (err)
			*err = ring->end_err;
	}
	(void)pthread_mutex_unlock(&ring->lock);
	return n;
}

void
ring_leave(struct ring *ring, unsigned int number)
{
	(void)pthread_mutex_lock(&ring->lock);
	ring->readers[number].left = true;
	(void)pthread_cond_signal(&ring->freed);
	(void)pthread_mutex_unlock(&ring->lock);
}
