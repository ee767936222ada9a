/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolver_tcp.c - questions by TCP, where an answer was too long.
 *
 * One exchange at a time per connection: question in → (own answer, or
 * connected to a server → question out → answer in) → answer out → next.
 * Spec: RFC 7766; messages have two bytes of length in front.
 */
#include "net/resolver.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"

#define TICK_NS UNITS_NS_PER_S

enum stage {
	STAGE_QUESTION_IN,
	STAGE_QUESTION_OUT,
	STAGE_ANSWER_IN,
	STAGE_ANSWER_OUT,
};

struct conn {
	struct resolver_tcp *tcp;
	struct conn *next;
	enum stage stage;
	struct sockaddr_storage peer;
	char id[NET_DEF_ID_BYTES]; /* of the container that asks */
	int clientfd;
	int serverfd;
	struct loop_source *client;
	struct loop_source *server;
	size_t tries;
	int64_t active_ns;
	size_t len; /* bytes in @buffer */
	size_t at;  /* of them already written */
	uint8_t buffer[2 + DNS_MAX_BYTES];
};

struct resolver_tcp {
	struct resolver *resolver;
	const struct resolver_door *door;
	struct loop *loop;
	int fd;
	struct loop_source *source;
	struct loop_source *tick;
	struct conn *conns;
	size_t conn_count;
};

static void
close_server(struct conn *conn)
{
	loop_remove(conn->server);
	conn->server = NULL;
	if (conn->serverfd >= 0)
		(void)close(conn->serverfd);
	conn->serverfd = -EBADF;
}

static void
conn_end(struct conn *conn)
{
	struct conn **at = &conn->tcp->conns;

	while (*at != conn)
		at = &(*at)->next;
	*at = conn->next;
	conn->tcp->conn_count--;
	close_server(conn);
	loop_remove(conn->client);
	(void)close(conn->clientfd);
	free(conn);
}

static size_t
message_bytes(const struct conn *conn)
{
	if (conn->len < 2)
		return 2;
	return 2 + (size_t)(conn->buffer[0] << 8 | conn->buffer[1]);
}

/* Returns 1 when the message is whole, 0 when more is to come, or -errno. */
static int
read_message(struct conn *conn, int fd)
{
	while (conn->len < message_bytes(conn)) {
		ssize_t n = recv(fd, conn->buffer + conn->len,
				 message_bytes(conn) - conn->len, 0);

		if (n == 0)
			return -ECONNRESET;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		conn->len += (size_t)n;
	}
	return 1;
}

static int
write_message(struct conn *conn, int fd)
{
	while (conn->at < conn->len) {
		ssize_t n = send(fd, conn->buffer + conn->at,
				 conn->len - conn->at, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		conn->at += (size_t)n;
	}
	return 1;
}

static int on_server(struct loop_source *source, uint32_t events, void *data);

/* Connect to the next server that has not been tried; -errno when none. */
static int
ask_server(struct conn *conn)
{
	const struct resolv_conf *conf =
		resolver_conf(conn->tcp->resolver, conn->id);

	close_server(conn);
	while (conn->tries < conf->server_count) {
		const struct sockaddr_storage *server =
			&conf->servers[conn->tries++];
		socklen_t bytes = server->ss_family == AF_INET
					  ? sizeof(struct sockaddr_in)
					  : sizeof(struct sockaddr_in6);

		conn->serverfd =
			socket(server->ss_family,
			       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (conn->serverfd < 0)
			return -errno;
		if (connect(conn->serverfd, (const struct sockaddr *)server,
			    bytes) == 0 ||
		    errno == EINPROGRESS) {
			conn->stage = STAGE_QUESTION_OUT;
			conn->at = 0;
			conn->server =
				loop_add_fd(conn->tcp->loop, conn->serverfd,
					    EPOLLOUT, on_server, conn);
			return 0;
		}
		close_server(conn);
	}
	return -EHOSTUNREACH;
}

/* A whole question is in the buffer: answer it or ask. */
static int
take_question(struct conn *conn)
{
	struct dns_question question;
	const char *id;
	uint8_t out[4096];
	size_t len;

	if (dns_read_query(conn->buffer + 2, conn->len - 2, &question) < 0)
		return -EBADMSG;
	id = resolver_who(conn->tcp->resolver, conn->tcp->door, &conn->peer);
	len = resolver_answer(conn->tcp->resolver, id, conn->buffer + 2,
			      &question, out, sizeof(out));
	if (!len) {
		(void)snprintf(conn->id, sizeof(conn->id), "%s", id);
		conn->tries = 0;
		loop_set_events(conn->client, 0);
		return ask_server(conn);
	}
	conn->buffer[0] = (uint8_t)(len >> 8);
	conn->buffer[1] = (uint8_t)len;
	(void)memcpy(conn->buffer + 2, out, len);
	conn->len = 2 + len;
	conn->at = 0;
	conn->stage = STAGE_ANSWER_OUT;
	loop_set_events(conn->client, EPOLLOUT);
	return 0;
}

static int
on_client(struct loop_source *source, uint32_t events, void *data)
{
	struct conn *conn = data;
	int r = -ECONNRESET;

	conn->active_ns = units_monotonic_ns();
	if (conn->stage == STAGE_QUESTION_IN) {
		r = read_message(conn, conn->clientfd);
		if (r == 1)
			r = take_question(conn);
	} else if (conn->stage == STAGE_ANSWER_OUT) {
		r = write_message(conn, conn->clientfd);
		if (r == 1) {
			conn->len = 0;
			conn->stage = STAGE_QUESTION_IN;
			loop_set_events(conn->client, EPOLLIN);
		}
	}
	if (r < 0) /* also: it hung up while a server is asked */
		conn_end(conn);
	return 0;
}

static int
step_server(struct conn *conn)
{
	int r;

	if (conn->stage == STAGE_QUESTION_OUT) {
		r = write_message(conn, conn->serverfd);
		if (r == 1) {
			conn->stage = STAGE_ANSWER_IN;
			loop_set_events(conn->server, EPOLLIN);
		}
		return r;
	}
	if (conn->at) { /* the question makes room for the answer */
		conn->at = 0;
		conn->len = 0;
	}
	r = read_message(conn, conn->serverfd);
	if (r == 1) {
		close_server(conn);
		conn->stage = STAGE_ANSWER_OUT;
		loop_set_events(conn->client, EPOLLOUT);
	}
	return r;
}

static int
on_server(struct loop_source *source, uint32_t events, void *data)
{
	struct conn *conn = data;
	int r;

	conn->active_ns = units_monotonic_ns();
	r = step_server(conn);
	/* Not even the question got through: another server may do. */
	if (r < 0 && conn->stage == STAGE_QUESTION_OUT)
		r = ask_server(conn);
	if (r < 0)
		conn_end(conn);
	return 0;
}

static int
on_connection(struct loop_source *source, uint32_t events, void *data)
{
	struct resolver_tcp *tcp = data;
	struct sockaddr_storage peer = { 0 };
	socklen_t bytes = sizeof(peer);
	struct conn *conn;
	int fd = accept4(tcp->fd, (struct sockaddr *)&peer, &bytes,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return 0;
	if (tcp->conn_count >= RESOLVER_MAX_CONNS) {
		(void)close(fd);
		return 0;
	}
	conn = xcalloc(1, sizeof(*conn));
	conn->tcp = tcp;
	conn->clientfd = fd;
	conn->peer = peer;
	conn->serverfd = -EBADF;
	conn->active_ns = units_monotonic_ns();
	conn->next = tcp->conns;
	tcp->conns = conn;
	if (tcp->conn_count++ == 0)
		loop_set_timer(tcp->tick, TICK_NS);
	conn->client = loop_add_fd(tcp->loop, fd, EPOLLIN, on_client, conn);
	return 0;
}

static int
on_tick(struct loop_source *source, void *data)
{
	struct resolver_tcp *tcp = data;
	int64_t now_ns = units_monotonic_ns();
	struct conn *next;

	for (struct conn *conn = tcp->conns; conn; conn = next) {
		next = conn->next;
		if (now_ns - conn->active_ns > RESOLVER_GIVE_UP_NS)
			conn_end(conn);
	}
	if (tcp->conn_count)
		loop_set_timer(source, TICK_NS);
	return 0;
}

struct resolver_tcp *
resolver_tcp_new(struct resolver *resolver, const struct resolver_door *door,
		 struct loop *loop, int fd)
{
	struct resolver_tcp *tcp = xcalloc(1, sizeof(*tcp));

	tcp->resolver = resolver;
	tcp->door = door;
	tcp->loop = loop;
	tcp->fd = fd;
	tcp->source = loop_add_fd(loop, fd, EPOLLIN, on_connection, tcp);
	tcp->tick = loop_add_timer(loop, -1, on_tick, tcp);
	return tcp;
}

void
resolver_tcp_free(struct resolver_tcp *tcp)
{
	if (!tcp)
		return;
	while (tcp->conns)
		conn_end(tcp->conns);
	loop_remove(tcp->source);
	loop_remove(tcp->tick);
	(void)close(tcp->fd);
	free(tcp);
}
