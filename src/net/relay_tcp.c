/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/relay_tcp.c - published TCP connections.
 */
#include "net/relay.h"

#include <errno.h>

#include "base/alloc.h"
#include "net/pair.h"

#define ACCEPTS_PER_EVENT 64
/* How long accepting rests when descriptors ran out. */
#define REST_NS (100 * INT64_C(1000000))

struct conn {
	struct conn *next;
	struct conn **link; /* what points to this one */
	int fds[2];         /* client, container */
	struct pair *pair;
};

struct relay_tcp {
	struct loop *loop;
	int hostfd;
	struct loop_source *source;
	struct loop_source *rest;
	struct peer_target target;
	struct conn *conns;
};

static void
conn_close(struct conn *conn, enum pair_end end)
{
	pair_free(conn->pair);
	pair_close(conn->fds[0], end);
	pair_close(conn->fds[1], end);
	*conn->link = conn->next;
	if (conn->next)
		conn->next->link = conn->link;
	free(conn);
}

static void
on_end(struct pair *pair, enum pair_end end, void *data)
{
	conn_close(data, end);
}

static void
conn_start(struct relay_tcp *relay, int clientfd,
	   const struct sockaddr_storage *client)
{
	int fd = peer_connect(SOCK_STREAM, client, &relay->target);
	struct conn *conn;

	if (fd < 0) {
		pair_close(clientfd, PAIR_RESET);
		return;
	}
	conn = xcalloc(1, sizeof(*conn));
	conn->next = relay->conns;
	conn->link = &relay->conns;
	if (conn->next)
		conn->next->link = &conn->next;
	relay->conns = conn;
	if (peer_is_loopback(client))
		pair_set_local(clientfd);
	conn->fds[0] = clientfd;
	conn->fds[1] = fd;
	conn->pair = pair_new(relay->loop, conn->fds, false, on_end, conn);
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
		conn_close(relay->conns, PAIR_RESET);
	loop_remove(relay->source);
	loop_remove(relay->rest);
	free(relay);
}
