/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/comp_gzip.c - one gzip stream, compressed by several threads.
 *
 * The input is cut into blocks of one size. Each is compressed by itself, with
 * the end of the one before as its dictionary, and ends on a byte (a sync
 * flush), so that the blocks in a row are one deflate stream. Blocks are
 * counted from 0 for ever; block N lives in slot N % SLOTS. The caller's
 * thread fills and writes them, the others only compress.
 * Spec: RFC 1951, RFC 1952.
 */
#include "archive/comp_gzip.h"

#include <assert.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

#define DICT_BYTES ((size_t)32 * 1024)
#define BLOCK_BYTES ((size_t)1024 * 1024)
/* What does not compress is stored, with five bytes in 64 KiB. */
#define OUT_BYTES (BLOCK_BYTES + BLOCK_BYTES / 8)
#define SLOTS ((size_t)COMP_GZIP_MAX_THREADS + 2)
#define USUAL_LEVEL 1
#define MAX_LEVEL 3

struct block {
	uint8_t *in; /* the dictionary's place, then the block */
	uint8_t *out;
	size_t dict_len;
	size_t len;
	size_t out_len;
	bool is_last;
	bool is_done;
};

/* What a thread compresses with. */
struct deflater {
	struct isal_zstream stream;
	uint32_t level;
	uint32_t buf_len;
	uint8_t *buf;
};

struct comp_gzip {
	struct byte_sink out;
	uint32_t level;
	uint32_t crc;
	uint32_t bytes; /* modulo 2^32, as the trailer wants it */
	unsigned int threads;
	unsigned int started;
	pthread_t workers[COMP_GZIP_MAX_THREADS];
	struct deflater *own; /* where there are no threads */
	struct block blocks[SLOTS];
	uint64_t written;
	pthread_mutex_t lock; /* for what follows, and is_done */
	pthread_cond_t filled_one;
	pthread_cond_t done_one;
	uint64_t filled;
	uint64_t taken;
	bool stop;
};

/* What the library needs at each of its levels. */
static const uint32_t level_bytes[] = { 0, ISAL_DEF_LVL1_DEFAULT,
					ISAL_DEF_LVL2_DEFAULT,
					ISAL_DEF_LVL3_DEFAULT };
static_assert(sizeof(level_bytes) / sizeof(level_bytes[0]) == MAX_LEVEL + 1,
	      "one each");

/* Of gzip's nine levels, three in a row are one of the library's. */
static uint32_t
level_of(int level)
{
	if (level <= 0)
		return USUAL_LEVEL;
	return level > 9 ? MAX_LEVEL : (uint32_t)(level + 2) / 3;
}

static struct deflater *
deflater_new(uint32_t level)
{
	struct deflater *deflater = xcalloc(1, sizeof(*deflater));

	deflater->level = level;
	deflater->buf_len = level_bytes[level];
	deflater->buf = xmalloc(deflater->buf_len);
	return deflater;
}

static void
deflater_free(struct deflater *deflater)
{
	if (!deflater)
		return;
	free(deflater->buf);
	free(deflater);
}

static void
deflate_block(struct deflater *deflater, struct block *block)
{
	struct isal_zstream *stream = &deflater->stream;
	int r;

	isal_deflate_init(stream);
	/* No trace of another block: which it was is a matter of chance. */
	memset(deflater->buf, 0, deflater->buf_len);
	stream->level = deflater->level;
	stream->level_buf = deflater->buf;
	stream->level_buf_size = deflater->buf_len;
	stream->flush = block->is_last ? NO_FLUSH : SYNC_FLUSH;
	stream->end_of_stream = block->is_last;
	if (block->dict_len) {
		r = isal_deflate_set_dict(
			stream, block->in + DICT_BYTES - block->dict_len,
			(uint32_t)block->dict_len);
		assert(r == COMP_OK);
	}
	stream->next_in = block->in + DICT_BYTES;
	stream->avail_in = (uint32_t)block->len;
	stream->next_out = block->out;
	stream->avail_out = OUT_BYTES;
	r = isal_deflate(stream);
	assert(r == COMP_OK && !stream->avail_in && stream->avail_out);
	block->out_len = OUT_BYTES - stream->avail_out;
}

static void *
work(void *data)
{
	struct comp_gzip *gzip = data;
	struct deflater *deflater = deflater_new(gzip->level);

	(void)pthread_mutex_lock(&gzip->lock);
	for (;;) {
		struct block *block;

		while (gzip->taken == gzip->filled && !gzip->stop)
			(void)pthread_cond_wait(&gzip->filled_one, &gzip->lock);
		if (gzip->stop)
			break;
		block = &gzip->blocks[gzip->taken++ % SLOTS];
		(void)pthread_mutex_unlock(&gzip->lock);
		deflate_block(deflater, block);
		(void)pthread_mutex_lock(&gzip->lock);
		block->is_done = true;
		(void)pthread_cond_signal(&gzip->done_one);
	}
	(void)pthread_mutex_unlock(&gzip->lock);
	deflater_free(deflater);
	return NULL;
}

/* With fewer than wished for, or none, it only takes longer. */
static void
start_workers(struct comp_gzip *gzip)
{
	sigset_t all, old;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	while (gzip->started < gzip->threads &&
	       pthread_create(&gzip->workers[gzip->started], NULL, work,
			      gzip) == 0)
		gzip->started++;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!gzip->started)
		gzip->threads = 1;
}

struct comp_gzip *
comp_gzip_new(int level, unsigned int threads, struct byte_sink out)
{
	struct comp_gzip *gzip = xcalloc(1, sizeof(*gzip));

	gzip->out = out;
	gzip->level = level_of(level);
	gzip->threads = threads < COMP_GZIP_MAX_THREADS ? threads
							: COMP_GZIP_MAX_THREADS;
	(void)pthread_mutex_init(&gzip->lock, NULL);
	(void)pthread_cond_init(&gzip->filled_one, NULL);
	(void)pthread_cond_init(&gzip->done_one, NULL);
	return gzip;
}

static int
put(struct comp_gzip *gzip, const void *data, size_t len, struct err *err)
{
	return gzip->out.write(gzip->out.data, data, len, err);
}

/* Wait for the oldest block and write it. */
static int
write_block(struct comp_gzip *gzip, struct err *err)
{
	static const uint8_t header[10] = {
		0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255
	};
	struct block *block = &gzip->blocks[gzip->written % SLOTS];
	int r = 0;

	(void)pthread_mutex_lock(&gzip->lock);
	while (!block->is_done)
		(void)pthread_cond_wait(&gzip->done_one, &gzip->lock);
	(void)pthread_mutex_unlock(&gzip->lock);
	if (gzip->written++ == 0)
		r = put(gzip, header, sizeof(header), err);
	return r < 0 ? r : put(gzip, block->out, block->out_len, err);
}

/* The block being filled; its memory comes with its first use. */
static struct block *
current(struct comp_gzip *gzip)
{
	struct block *block = &gzip->blocks[gzip->filled % SLOTS];

	if (!block->in) {
		block->in = xmalloc(DICT_BYTES + BLOCK_BYTES);
		block->out = xmalloc(OUT_BYTES);
	}
	return block;
}

static void
hand_over(struct comp_gzip *gzip, struct block *block)
{
	if (gzip->threads > 1 && !gzip->started && !block->is_last)
		start_workers(gzip);
	if (!gzip->started) {
		if (!gzip->own)
			gzip->own = deflater_new(gzip->level);
		deflate_block(gzip->own, block);
		block->is_done = true;
		gzip->taken++;
	}
	(void)pthread_mutex_lock(&gzip->lock);
	gzip->filled++;
	(void)pthread_cond_signal(&gzip->filled_one);
	(void)pthread_mutex_unlock(&gzip->lock);
}

/* The current block is full, or the last one; the next takes its place. */
static int
end_block(struct comp_gzip *gzip, bool is_last, struct err *err)
{
	struct block *block = current(gzip);
	size_t room = gzip->started ? SLOTS : 1;
	struct block *next;
	int r = 0;

	block->is_last = is_last;
	block->is_done = false;
	hand_over(gzip, block);
	while (r == 0 && gzip->filled - gzip->written >= (is_last ? 1 : room))
		r = write_block(gzip, err);
	if (r < 0 || is_last)
		return r;
	next = current(gzip);
	next->len = 0;
	next->dict_len = DICT_BYTES;
	memcpy(next->in, block->in + block->len, DICT_BYTES);
	return 0;
}

int
comp_gzip_write(struct comp_gzip *gzip, const void *data, size_t len,
		struct err *err)
{
	const uint8_t *from = data;

	gzip->crc = crc32_gzip_refl(gzip->crc, data, len);
	gzip->bytes += (uint32_t)len;
	while (len > 0) {
		struct block *block = current(gzip);
		size_t step;
		int r;

		/* Only now it is known not to be the last one. */
		if (block->len == BLOCK_BYTES) {
			r = end_block(gzip, false, err);
			if (r < 0)
				return r;
			block = current(gzip);
		}
		step = BLOCK_BYTES - block->len;
		if (step > len)
			step = len;
		memcpy(block->in + DICT_BYTES + block->len, from, step);
		block->len += step;
		from += step;
		len -= step;
	}
	return 0;
}

int
comp_gzip_finish(struct comp_gzip *gzip, struct err *err)
{
	uint8_t trailer[8];
	int r = end_block(gzip, true, err);

	if (r < 0)
		return r;
	for (int i = 0; i < 4; i++) {
		trailer[i] = (uint8_t)(gzip->crc >> 8 * i);
		trailer[4 + i] = (uint8_t)(gzip->bytes >> 8 * i);
	}
	return put(gzip, trailer, sizeof(trailer), err);
}

void
comp_gzip_free(struct comp_gzip *gzip)
{
	if (!gzip)
		return;
	(void)pthread_mutex_lock(&gzip->lock);
	gzip->stop = true;
	(void)pthread_cond_broadcast(&gzip->filled_one);
	(void)pthread_mutex_unlock(&gzip->lock);
	for (unsigned int i = 0; i < gzip->started; i++)
		(void)pthread_join(gzip->workers[i], NULL);
	for (size_t i = 0; i < SLOTS; i++) {
		free(gzip->blocks[i].in);
		free(gzip->blocks[i].out);
	}
	(void)pthread_cond_destroy(&gzip->done_one);
	(void)pthread_cond_destroy(&gzip->filled_one);
	(void)pthread_mutex_destroy(&gzip->lock);
	deflater_free(gzip->own);
	free(gzip);
}
