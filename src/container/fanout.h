/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/fanout.h - what a container writes, to everybody who reads it.
 *
 * Nothing is read before all readers have what was read last: a slow reader
 * slows the container, as a pipe does, and none misses a byte. A reader that
 * went away is forgotten.
 */
#ifndef DHOW_CONTAINER_FANOUT_H
#define DHOW_CONTAINER_FANOUT_H

#include <stdbool.h>

#include "base/loop.h"
#include "base/strbuf.h"

struct fanout;

/* What was read, before anybody gets it. */
typedef void (*fanout_tap_fn)(struct fanout *fanout, const char *data,
			      size_t len);
/* End of input, and all that came was passed on. */
typedef void (*fanout_end_fn)(struct fanout *fanout);

/* One reader. */
struct fanout_sink {
	int fd; /* borrowed */
	/*
	 * The fd's description is shared with other processes, so it may
	 * block: it is asked for room and given a page at a time.
	 */
	bool shared;

	/* private */
	struct fanout *fanout; /* NULL: it is in none */
	struct fanout_sink *next;
	struct loop_source *writing;
	size_t sent; /* of the buffer */
};

struct fanout {
	int from; /* borrowed; does not block */
	fanout_tap_fn tap;
	fanout_end_fn ended;
	void *data;

	/* private */
	struct loop *loop;
	struct loop_source *reading;
	struct fanout_sink *sinks;
	struct strbuf buffer;
	bool eof, done;
};

#define FANOUT_INIT                                   \
	{                                             \
		.from = -EBADF, .buffer = STRBUF_INIT \
	}

/* Readers may be added before; the public fields are set. */
void fanout_start(struct fanout *fanout, struct loop *loop);
/* The writer is gone: take what is there, pass it on, then end. */
void fanout_finish(struct fanout *fanout);
/* Forget the readers that have not taken everything; then it has ended. */
void fanout_abandon(struct fanout *fanout);
void fanout_release(struct fanout *fanout);

/* @sink: fd and shared are set; it stays the caller's memory. */
void fanout_add(struct fanout *fanout, struct fanout_sink *sink);
/* Does nothing when it is in none. */
void fanout_remove(struct fanout_sink *sink);

#endif
