/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/stream.c - bytes from one fd to another within an event loop.
 *
 * Our standard streams are shared with other processes, so O_NONBLOCK is not
 * ours to set: a blocking pipe or terminal that polls writable takes a page
 * without blocking, and that is what one write gives it. Regular files cannot
 * be polled and are always ready.
 */
#include "container/stream.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/cleanup.h"

#define STREAM_WRITE_BYTES 4096

static int stream_on_event(struct loop_source *source, uint32_t events,
			   void *data);

/* Files and devices as /dev/null, which epoll refuses. */
static bool
stream_is_always_ready(int fd)
{
	struct epoll_event probe = { .events = EPOLLIN };
	cleanup_close int epfd = epoll_create1(EPOLL_CLOEXEC);

	return epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &probe) < 0;
}

static bool
stream_polls(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, 0) > 0;
}

static void
stream_stop(struct stream *stream)
{
	loop_remove(stream->reading);
	loop_remove(stream->writing);
	stream->reading = stream->writing = NULL;
	if (stream->done)
		return;
	stream->done = true;
	stream->ended(stream);
}

/* Wait for input, or for room; whichever it is not is not watched at all. */
static void
stream_wait(struct stream *stream, bool for_room)
{
	if (for_room && !stream->writing) {
		loop_remove(stream->reading);
		stream->reading = NULL;
		stream->writing =
			loop_add_fd(stream->loop, stream->to, EPOLLOUT,
				    stream_on_event, stream);
	} else if (!for_room && !stream->reading) {
		loop_remove(stream->writing);
		stream->writing = NULL;
		stream->reading = loop_add_fd(stream->loop, stream->from,
					      EPOLLIN, stream_on_event, stream);
	}
}

/* Pass on what is there. Returns false when there is no room now. */
static bool
stream_flush(struct stream *stream)
{
	while (stream->start < stream->end) {
		size_t len = stream->end - stream->start;
		ssize_t n;

		if (!stream_polls(stream->to, POLLOUT))
			return false;
		if (len > STREAM_WRITE_BYTES)
			len = STREAM_WRITE_BYTES;
		n = write(stream->to, stream->buffer + stream->start, len);
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			stream->start = stream->end;
			stream->eof |= !stream->drop_on_error;
			return true;
		}
		stream->start += (size_t)n;
	}
	return true;
}

/* Returns false when there is nothing to read now. */
static bool
stream_fill(struct stream *stream)
{
	ssize_t n = read(stream->from, stream->buffer, sizeof(stream->buffer));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* A pty whose last slave closed says EIO: that is its end. */
	if (n <= 0) {
		stream->eof = true;
		return true;
	}
	stream->start = 0;
	stream->end = (size_t)n;
	if (stream->tap && !stream->tap(stream, stream->buffer, (size_t)n)) {
		stream->start = stream->end;
		stream->eof = true;
	}
	return true;
}

/* @may_read: the input polled ready; a file always is. */
static void
stream_pump(struct stream *stream, bool may_read)
{
	for (;;) {
		if (!stream_flush(stream)) {
			stream_wait(stream, true);
			return;
		}
		if (stream->draining)
			may_read = stream_polls(stream->from, POLLIN);
		if (stream->eof || (stream->draining && !may_read)) {
			stream_stop(stream);
			return;
		}
		if ((!may_read && !stream->from_file) || !stream_fill(stream)) {
			stream_wait(stream, false);
			return;
		}
		may_read = false;
	}
}

static int
stream_on_event(struct loop_source *source, uint32_t events, void *data)
{
	struct stream *stream = data;

	stream_pump(stream, source == stream->reading);
	return 0;
}

void
stream_start(struct stream *stream, struct loop *loop)
{
	stream->loop = loop;
	stream->from_file = stream_is_always_ready(stream->from);
	stream_pump(stream, false);
}

void
stream_finish(struct stream *stream)
{
	if (stream->done || !stream->loop)
		return;
	stream->eof = true;
	stream_pump(stream, false);
}

void
stream_drain(struct stream *stream)
{
	if (stream->done || !stream->loop)
		return;
	stream->draining = true;
	stream_pump(stream, false);
}

void
stream_cancel(struct stream *stream)
{
	stream->done = true;
	loop_remove(stream->reading);
	loop_remove(stream->writing);
	stream->reading = stream->writing = NULL;
}
