/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/ring.h - one thread fills buffers, others read each of them.
 *
 * Every reader sees every piece in order; a buffer is filled again when all
 * readers are past it. Any side may leave: the others never wait for it.
 */
#ifndef DHOW_ARCHIVE_RING_H
#define DHOW_ARCHIVE_RING_H

#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/err.h"

#define RING_SLOTS 8
#define RING_SLOT_BYTES ((size_t)1024 * 1024)
#define RING_MAX_READERS 4

struct ring;

struct ring *ring_new(unsigned int readers);
void ring_free(struct ring *ring);
DEFINE_CLEANUP(struct ring *, ring_free);

/*
 * The filling side: take a free buffer of RING_SLOT_BYTES, hand it over with
 * @len > 0 bytes, and end once with ring_end(). NULL: nobody reads any more.
 */
uint8_t *ring_take(struct ring *ring);
void ring_give(struct ring *ring, size_t len);
/* @r: 0 at the proper end, or -errno with its story. */
void ring_end(struct ring *ring, int r, const struct err *err);

/*
 * A reader (0, 1, …): let go of the last piece and borrow the next. Returns
 * its length, 0 at the end, or the -errno of ring_end() once all pieces
 * before it were read.
 */
ssize_t ring_next(struct ring *ring, unsigned int reader,
		  const uint8_t **ret_piece, struct err *err);
/* The reader needs no more. */
void ring_leave(struct ring *ring, unsigned int reader);

#endif
