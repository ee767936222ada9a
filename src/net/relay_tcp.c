/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/relay_tcp.c - published TCP connections.
 *
 * A connection is two streams of bytes. A stream that cannot be written keeps
 * what was read and stops reading until it can: memory is bounded by one read
 * per stream. Level-triggered events: nothing is lost by stopping early.
 *
 * States of a connection: being connected to the container (only its writable
 * event is wanted) → open → each stream at its end → closed. Any error resets
 * both sides, so that neither takes a cut stream for a complete one.
 */
#include "net/relay.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/alloc.h"

#define READ_BYTES (256U << 10)
#define ACCEPTS_PER_EVENT 64
/* How long accepting rests when descriptors ran out. */
#define REST_NS (100 * INT64_C(1000000))

struct side {
	struct conn *conn;
	int fd;
	struct loop_source *source;
	char *held; /* read from the other side, not yet written here */
	size_t held_len;
	size_t held_at;
	bool at_end; /* nothing more can be read from it */
	bool shut;   /* its peer was told the end */
};

struct conn {
	struct relay_tcp *relay;
	struct conn *next;
	struct conn **link;   /* what points to this one */
	struct side sides[2]; /* client, container */
	bool open;
};

struct relay_tcp {
	struct loop *loop;
	int hostfd;
	struct loop_source *source;
	struct loop_source *rest;
	struct peer_target target;
	struct conn *conns;
};

/* All streams read into it; what stays is copied out at once. */
static char read_buffer[READ_BYTES];

static void
conn_close(struct conn *conn, bool reset)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	for (int i = 0; i < 2; i++) {
		struct side *side = &conn->sides[i];

		if (reset)
			(void)setsockopt(side->fd, SOL_SOCKET, SO_LINGER, &now,
					 sizeof(now));
		loop_remove(side->source);
		(void)close(side->fd);
		free(side->held);
	}
	*conn->link = conn->next;
	if (conn->next)
		conn->next->link = conn->link;
	free(conn);
}

static struct side *
other_side(struct side *side)
{
	struct conn *conn = side->conn;

	return side == &conn->sides[0] ? &conn->sides[1] : &conn->sides[0];
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
	n = recv(from->fd, read_buffer, sizeof(read_buffer), 0);
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

/* The connection to the container stands, or failed. */
static bool
finish_connect(struct conn *conn)
{
	int code = 0;
	socklen_t len = sizeof(code);

	if (getsockopt(conn->sides[1].fd, SOL_SOCKET, SO_ERROR, &code, &len) <
		    0 ||
	    code)
		return false;
	conn->open = true;
	return true;
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
	struct conn *conn = side->conn;
	int r = 0;

	if (!conn->open) {
		if (side == &conn->sides[0] || !finish_connect(conn)) {
			conn_close(conn, true);
			return 0;
		}
	} else {
		r = serve_side(side, events);
	}
	if (r < 0) {
		conn_close(conn, true);
		return 0;
	}
	pass_end(&conn->sides[0]);
	pass_end(&conn->sides[1]);
	if (conn->sides[0].shut && conn->sides[1].shut) {
		conn_close(conn, false);
		return 0;
	}
	want(&conn->sides[0]);
	want(&conn->sides[1]);
	return 0;
}

static void
conn_start(struct relay_tcp *relay, int clientfd,
	   const struct sockaddr_storage *client)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	int fd = peer_connect(SOCK_STREAM, client, &relay->target);
	struct conn *conn;
	int one = 1;

	if (fd < 0) {
		(void)setsockopt(clientfd, SOL_SOCKET, SO_LINGER, &now,
				 sizeof(now));
		(void)close(clientfd);
		return;
	}
	(void)setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)setsockopt(clientfd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	conn = xcalloc(1, sizeof(*conn));
	conn->relay = relay;
	conn->next = relay->conns;
	conn->link = &relay->conns;
	if (conn->next)
		conn->next->link = &conn->next;
	relay->conns = conn;
	conn->sides[0] = (struct side){ .conn = conn, .fd = clientfd };
	conn->sides[1] = (struct side){ .conn = conn, .fd = fd };
	conn->sides[0].source =
		loop_add_fd(relay->loop, clientfd, 0, on_side, &conn->sides[0]);
	conn->sides[1].source = loop_add_fd(relay->loop, fd, EPOLLOUT, on_side,
					    &conn->sides[1]);
}

static int
on_listener(struct loop_source *source, uint32_t events, void *data)
{
	struct relay_tcp *relay = data;

	for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
		struct sockaddr_storage client = { 0 };
		socklen_t len = sizeof(client);
		int fd = accept4(relay->hostfd, (struct sockaddr *)&client,
				 &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			conn_start(relay, fd, &client);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			loop_set_events(source, 0);
			loop_set_timer(relay->rest, REST_NS);
		}
		break;
	}
	return 0;
}

static int
on_rested(struct loop_source *source, void *data)
{
	struct relay_tcp *relay = data;

	loop_set_events(relay->source, EPOLLIN);
	return 0;
}

struct relay_tcp *
relay_tcp_new(struct loop *loop, int hostfd, const struct peer_target *target)
{
	struct relay_tcp *relay = xcalloc(1, sizeof(*relay));

	relay->loop = loop;
	relay->hostfd = hostfd;
	relay->target = *target;
	relay->source = loop_add_fd(loop, hostfd, EPOLLIN, on_listener, relay);
	relay->rest = loop_add_timer(loop, -1, on_rested, relay);
	return relay;
}

void
relay_tcp_set_target(struct relay_tcp *relay, const struct peer_target *target)
{
	relay->target = *target;
}

void
relay_tcp_free(struct relay_tcp *relay)
{
	if (!relay)
		return;
	while (relay->conns)
		conn_close(relay->conns, true);
	loop_remove(relay->source);
	loop_remove(relay->rest);
	free(relay);
}
