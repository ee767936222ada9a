/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/pair.c - two TCP sockets, and what comes from one goes to the other.
 *
 * A stream that cannot be written keeps what was read and stops reading until
 * it can: memory is bounded by one read per stream, and reads are small while
 * many streams keep something. Large ones save wakeups, which is what a byte
 * costs beside its copies. Level-triggered events: nothing is lost by stopping
 * early.
 *
 * States: being connected (only the second socket's writable event is wanted)
 * → open → each stream at its end → ended. Any error resets both sides, so
 * that neither takes a cut stream for a complete one.
 */
#include "net/pair.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"

#define READ_BYTES (2U << 20)
/* While all streams together keep more than that, reads are frugal. */
#define HELD_PLENTY (32U << 20)
#define FRUGAL_BYTES (64U << 10)

struct side {
	struct pair *pair;
	int fd;
	struct loop_source *source;
	char *held; /* read from the other side, not yet written here */
	size_t held_len;
	size_t held_at;
	bool at_end; /* nothing more can be read from it */
	bool shut;   /* its peer was told the end */
};

struct pair {
	struct side sides[2];
	bool is_open;
	pair_end_fn on_end;
	void *data;
};

/* All streams read into it; what stays is copied out at once. */
static char read_buffer[READ_BYTES];
static size_t held_total;

/* @is_reset: whenever the socket is closed, its peer is told so at once. */
static void
set_reset(int fd, bool is_reset)
{
	const struct linger linger = { .l_onoff = is_reset };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

void
pair_set_local(int fd)
{
	static const char plain[] = "reno"; /* every kernel has it */

	(void)setsockopt(fd, SOL_TCP, TCP_CONGESTION, plain, sizeof(plain) - 1);
}

void
pair_close(int fd, enum pair_end end)
{
	set_reset(fd, end == PAIR_RESET);
	(void)close(fd);
}

static struct side *
other_side(struct side *side)
{
	struct pair *pair = side->pair;

	return side == &pair->sides[0] ? &pair->sides[1] : &pair->sides[0];
}

/* Read from a side only while its bytes have somewhere to go. */
static void
want(struct side *side)
{
	uint32_t events = 0;

	if (!side->source)
		return;
	if (!side->at_end && !other_side(side)->held_len)
		events |= EPOLLIN;
	if (side->held_len)
		events |= EPOLLOUT;
	loop_set_events(side->source, events);
}

/* Write what is held; returns 0 or -errno. */
static int
flush_held(struct side *side)
{
	while (side->held_len) {
		ssize_t n = send(side->fd, side->held + side->held_at,
				 side->held_len, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		side->held_at += (size_t)n;
		side->held_len -= (size_t)n;
		held_total -= (size_t)n;
	}
	free(take_ptr(side->held));
	side->held_at = 0;
	return 0;
}

static int
write_or_hold(struct side *side, const char *data, size_t len)
{
	ssize_t n = send(side->fd, data, len, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		return -errno;
	if (n < 0)
		n = 0;
	if ((size_t)n < len) {
		side->held = xmemdup(data + n, len - (size_t)n);
		side->held_len = len - (size_t)n;
		side->held_at = 0;
		held_total += side->held_len;
	}
	return 0;
}

/* Move bytes from @from to the other side; returns 0 or -errno. */
static int
move_bytes(struct side *from)
{
	struct side *to = other_side(from);
	ssize_t n;

	if (from->at_end || to->held_len)
		return 0;
	n = recv(from->fd, read_buffer,
		 held_total > HELD_PLENTY ? FRUGAL_BYTES : READ_BYTES, 0);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0) {
		from->at_end = true;
		return 0;
	}
	return write_or_hold(to, read_buffer, (size_t)n);
}

/* Pass the end on once everything before it was written. */
static void
pass_end(struct side *from)
{
	struct side *to = other_side(from);

	if (from->at_end && !to->held_len && !to->shut) {
		(void)shutdown(to->fd, SHUT_WR);
		to->shut = true;
	}
}

/* The second socket is connected, or failed. */
static int
finish_connect(struct side *side)
{
	int code = 0;
	socklen_t len = sizeof(code);

	if (side == &side->pair->sides[0])
		return -ECONNRESET;
	if (getsockopt(side->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
		return -errno;
	side->pair->is_open = true;
	return -code;
}

static int
serve_side(struct side *side, uint32_t events)
{
	int r = 0;

	if (events & EPOLLERR)
		return -ECONNRESET;
	if (events & EPOLLOUT)
		r = flush_held(side);
	if (r == 0 && events & (EPOLLIN | EPOLLHUP))
		r = move_bytes(side);
	if (side->at_end && side->shut) {
		/* Its end would be reported again and again. */
		loop_remove(side->source);
		side->source = NULL;
	}
	return r;
}

static int
on_side(struct loop_source *source, uint32_t events, void *data)
{
	struct side *side = data;
	struct pair *pair = side->pair;
	struct side *sides = pair->sides;
	int r = pair->is_open ? serve_side(side, events) : finish_connect(side);

	if (r < 0) {
		pair->on_end(pair, PAIR_RESET, pair->data);
		return 0;
	}
	pass_end(&sides[0]);
	pass_end(&sides[1]);
	if (sides[0].shut && sides[1].shut) {
		pair->on_end(pair, PAIR_DONE, pair->data);
		return 0;
	}
	want(&sides[0]);
	want(&sides[1]);
	return 0;
}

/*
 * Bytes leave as they come, and none of them out of turn. When we are killed,
 * the kernel closes: that is no complete stream either, and what was not yet
 * sent keeps nobody waiting.
 */
static void
set_options(int fd)
{
	int one = 1;

	set_reset(fd, true);
	(void)setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &one, sizeof(one));
}

struct pair *
pair_new(struct loop *loop, const int fds[2], bool is_open, pair_end_fn on_end,
	 void *data)
{
	struct pair *pair = xcalloc(1, sizeof(*pair));

	pair->is_open = is_open;
	pair->on_end = on_end;
	pair->data = data;
	for (int i = 0; i < 2; i++) {
		struct side *side = &pair->sides[i];
		uint32_t events = is_open ? EPOLLIN : i == 1 ? EPOLLOUT : 0;

		side->pair = pair;
		side->fd = fds[i];
		side->source = loop_add_fd(loop, fds[i], events, on_side, side);
		set_options(fds[i]);
	}
	return pair;
}

void
pair_free(struct pair *pair)
{
	if (!pair)
		return;
	for (int i = 0; i < 2; i++) {
		loop_remove(pair->sides[i].source);
		held_total -= pair->sides[i].held_len;
		free(pair->sides[i].held);
	}
	free(pair);
}
