/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/fanout.c - what a container writes, to everybody who reads it.
 *
 * Either the source is watched, or those readers that have not taken all of
 * the buffer yet; never both.
 */
#include "container/fanout.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define FANOUT_READ_BYTES (64U << 10)
#define FANOUT_PAGE_BYTES 4096
/* What a dead writer can have left in a pipe or terminal, with room. */
#define FANOUT_LAST_BYTES (4U << 20)

static int fanout_on_input(struct loop_source *source, uint32_t events,
			   void *data);
static int fanout_on_room(struct loop_source *source, uint32_t events,
			  void *data);

static bool
fanout_has_room(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	return poll(&pfd, 1, 0) > 0;
}

static void
fanout_unlink(struct fanout_sink *sink)
{
	struct fanout_sink **at = &sink->fanout->sinks;

	while (*at != sink)
		at = &(*at)->next;
	*at = sink->next;
	loop_remove(sink->writing);
	sink->writing = NULL;
	sink->fanout = NULL;
}

/* Returns false when the reader went away. */
static bool
fanout_flush(struct fanout_sink *sink)
{
	const struct strbuf *buffer = &sink->fanout->buffer;

	while (sink->sent < buffer->len) {
		size_t len = buffer->len - sink->sent;
		ssize_t n;

		if (sink->shared && !fanout_has_room(sink->fd))
			return true;
		if (sink->shared && len > FANOUT_PAGE_BYTES)
			len = FANOUT_PAGE_BYTES;
		n = write(sink->fd, buffer->buf + sink->sent, len);
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			sink->sent += (size_t)n;
	}
	return true;
}

/* Pass on what is there. Returns true when everybody has all of it. */
static bool
fanout_push(struct fanout *fanout)
{
	struct fanout_sink *sink = fanout->sinks, *next;
	bool all = true;

	for (; sink; sink = next) {
		next = sink->next;
		if (!fanout_flush(sink)) {
			fanout_unlink(sink);
			continue;
		}
		if (sink->sent == fanout->buffer.len) {
			loop_remove(sink->writing);
			sink->writing = NULL;
			continue;
		}
		all = false;
		if (!sink->writing)
			sink->writing =
				loop_add_fd(fanout->loop, sink->fd, EPOLLOUT,
					    fanout_on_room, fanout);
	}
	return all;
}

static void
fanout_watch(struct fanout *fanout, bool watch)
{
	if (!watch) {
		loop_remove(fanout->reading);
		fanout->reading = NULL;
	} else if (!fanout->reading) {
		fanout->reading = loop_add_fd(fanout->loop, fanout->from,
					      EPOLLIN, fanout_on_input, fanout);
	}
}

/* After a push: wait for more, for room, or be over. */
static void
fanout_go_on(struct fanout *fanout)
{
	bool all = fanout_push(fanout);

	if (all) {
		strbuf_reset(&fanout->buffer);
		for (struct fanout_sink *s = fanout->sinks; s; s = s->next)
			s->sent = 0;
	}
	fanout_watch(fanout, all && !fanout->eof);
	if (!all || !fanout->eof || fanout->done)
		return;
	fanout->done = true;
	fanout->ended(fanout);
}

/* Returns the count, 0 for the end, -EAGAIN. */
static ssize_t
fanout_read(struct fanout *fanout)
{
	struct strbuf *buffer = &fanout->buffer;
	char *to = strbuf_grow(buffer, FANOUT_READ_BYTES);
	ssize_t n;

	do
		n = read(fanout->from, to, FANOUT_READ_BYTES);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return -EAGAIN;
	/* A pty whose last slave closed says EIO: that is its end. */
	if (n <= 0)
		return 0;
	buffer->len += (size_t)n;
	buffer->buf[buffer->len] = '\0';
	fanout->tap(fanout, buffer->buf + buffer->len - n, (size_t)n);
	return n;
}

static int
fanout_on_input(struct loop_source *source, uint32_t events, void *data)
{
	struct fanout *fanout = data;

	if (fanout_read(fanout) == 0)
		fanout->eof = true;
	fanout_go_on(fanout);
	return 0;
}

static int
fanout_on_room(struct loop_source *source, uint32_t events, void *data)
{
	fanout_go_on(data);
	return 0;
}

void
fanout_start(struct fanout *fanout, struct loop *loop)
{
	fanout->loop = loop;
	fanout_watch(fanout, true);
}

void
fanout_finish(struct fanout *fanout)
{
	if (fanout->done || !fanout->loop)
		return;
	while (!fanout->eof && fanout->buffer.len < FANOUT_LAST_BYTES)
		if (fanout_read(fanout) <= 0)
			break;
	fanout->eof = true;
	fanout_go_on(fanout);
}

void
fanout_abandon(struct fanout *fanout)
{
	while (fanout->sinks)
		fanout_unlink(fanout->sinks);
	fanout_finish(fanout);
}

void
fanout_release(struct fanout *fanout)
{
	while (fanout->sinks)
		fanout_unlink(fanout->sinks);
	loop_remove(fanout->reading);
	fanout->reading = NULL;
	strbuf_release(&fanout->buffer);
	fanout->loop = NULL;
	fanout->eof = fanout->done = false;
}

void
fanout_add(struct fanout *fanout, struct fanout_sink *sink)
{
	sink->fanout = fanout;
	sink->writing = NULL;
	/* What others are still taking came before this one. */
	sink->sent = fanout->buffer.len;
	sink->next = fanout->sinks;
	fanout->sinks = sink;
}

void
fanout_remove(struct fanout_sink *sink)
{
	struct fanout *fanout = sink->fanout;

	if (!fanout)
		return;
	fanout_unlink(sink);
	if (fanout->loop && !fanout->done)
		fanout_go_on(fanout);
}
