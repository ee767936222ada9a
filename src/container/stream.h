/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/stream.h - bytes from one fd to another within an event loop.
 *
 * A stream waits either for input or for room, never blocks, and reads no
 * more than it could pass on: a command that does not read its input and a
 * reader that does not read the output stop nobody else.
 */
#ifndef DHOW_CONTAINER_STREAM_H
#define DHOW_CONTAINER_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/loop.h"

#define STREAM_BUFFER_BYTES (64U << 10)

struct stream;

/* What was read, before it is passed on; return false to stop the stream. */
typedef bool (*stream_tap_fn)(struct stream *stream, const char *data,
			      size_t len);
/* The stream is over: end of input, or (drop_on_error unset) no way out. */
typedef void (*stream_end_fn)(struct stream *stream);

struct stream {
	int from, to;       /* borrowed; distinct from those of other streams */
	bool drop_on_error; /* a lost reader does not stop the reading */
	stream_tap_fn tap;  /* may be NULL */
	stream_end_fn ended;
	void *data;

	/* private */
	struct loop *loop;
	struct loop_source *reading, *writing;
	bool from_file; /* the input is always ready */
	bool eof, done;
	bool draining;
	size_t start, end; /* what is left in the buffer */
	char buffer[STREAM_BUFFER_BYTES];
};

/* Start it; the public fields are set. It lives as long as the loop. */
void stream_start(struct stream *stream, struct loop *loop);
/* Read no more, pass on what is there, then end. */
void stream_finish(struct stream *stream);
/* Pass on what can be read at this moment, then end. */
void stream_drain(struct stream *stream);
/* Stop at once; ended() is not called. */
void stream_cancel(struct stream *stream);

#endif
