/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/relay.h"

/*
 * Everything is on the host's loopback: a client there is not borne, so no
 * privilege is needed. One thread plays client, relay and server.
 */
static struct loop *loop;
static struct relay *relay;
static int serverfd; /* the container's server: listening, or UDP */
static uint16_t host_port;

static int
bound_socket(int type, uint16_t *ret_port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&addr, len), 0));
	cr_assert(eq(int, getsockname(fd, (struct sockaddr *)&addr, &len), 0));
	if (type == SOCK_STREAM)
		cr_assert(eq(int, listen(fd, 8), 0));
	*ret_port = ntohs(addr.sin_port);
	return fd;
}

static void
start(int proto)
{
	int type = proto == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	struct peer_target target = { .ip.s_addr = htonl(INADDR_LOOPBACK) };

	loop = loop_new();
	serverfd = bound_socket(type, &target.port);
	relay = relay_new(loop, proto, bound_socket(type, &host_port), &target);
}

static void
stop(void)
{
	relay_free(relay);
	(void)loop_step(loop, 0);
	loop_free(loop);
}

static void
turn(int rounds)
{
	for (int i = 0; i < rounds; i++)
		cr_assert(eq(int, loop_step(loop, 5), 0));
}

static int
connect_client(int type)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons(host_port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert(eq(int, connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
		     0));
	return fd;
}

/* A connection through the relay: both ends of it. */
static void
join_ends(int *ret_client, int *ret_server)
{
	*ret_client = connect_client(SOCK_STREAM);
	turn(3);
	*ret_server = accept(serverfd, NULL, NULL);
	cr_assert(ge(int, *ret_server, 0));
	turn(2);
}

Test(net_relay, bytes_pass_both_ways_and_ends_too)
{
	char text[16] = "";
	int client, server;

	start(IPPROTO_TCP);
	join_ends(&client, &server);
	cr_assert(eq(int, send(client, "ping", 4, 0), 4));
	cr_assert(eq(int, shutdown(client, SHUT_WR), 0));
	turn(4);
	cr_assert(eq(int, recv(server, text, sizeof(text), 0), 4));
	cr_assert(eq(int, recv(server, text, sizeof(text), 0), 0));
	/* The other direction goes on after one has ended. */
	cr_assert(eq(int, send(server, "pong!", 5, 0), 5));
	(void)close(server);
	turn(4);
	cr_assert(eq(int, recv(client, text, sizeof(text), 0), 5));
	cr_assert(eq(int, recv(client, text, sizeof(text), 0), 0));
	(void)close(client);
	stop();
}

Test(net_relay, a_slow_reader_gets_everything)
{
	enum {
		TOTAL = 24 << 20,
		PIECE = 1 << 16
	};
	char *piece = malloc(PIECE);
	size_t sent = 0, got = 0;
	int client, server;

	start(IPPROTO_TCP);
	join_ends(&client, &server);
	(void)memset(piece, 'x', PIECE);
	for (;;) {
		ssize_t n;

		while (sent < TOTAL) {
			n = send(client, piece, PIECE, MSG_DONTWAIT);
			if (n <= 0)
				break;
			sent += (size_t)n;
		}
		if (sent >= TOTAL)
			(void)shutdown(client, SHUT_WR);
		(void)loop_step(loop, 0);
		n = recv(server, piece, PIECE, MSG_DONTWAIT);
		if (n > 0)
			got += (size_t)n;
		else if (n == 0)
			break;
	}
	cr_assert(eq(sz, got, sent));
	free(piece);
	(void)close(client);
	(void)close(server);
	turn(3);
	stop();
}

Test(net_relay, a_server_that_is_not_there_resets_the_client)
{
	char byte;
	int client;

	start(IPPROTO_TCP);
	(void)close(serverfd);
	client = connect_client(SOCK_STREAM);
	turn(4);
	cr_assert(eq(int, recv(client, &byte, 1, 0), -1));
	cr_assert(eq(int, errno, ECONNRESET));
	(void)close(client);
	stop();
}

Test(net_relay, a_reset_is_passed_on)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	int client, server;
	char byte;

	start(IPPROTO_TCP);
	join_ends(&client, &server);
	(void)setsockopt(server, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(server);
	turn(4);
	cr_assert(eq(int, recv(client, &byte, 1, 0), -1));
	cr_assert(eq(int, errno, ECONNRESET));
	(void)close(client);
	stop();
}

Test(net_relay, its_end_ends_its_connections)
{
	int client, server;
	char byte;

	start(IPPROTO_TCP);
	join_ends(&client, &server);
	stop();
	cr_assert(le(int, recv(client, &byte, 1, 0), 0));
	cr_assert(le(int, recv(server, &byte, 1, 0), 0));
}

Test(net_relay, datagrams_find_their_client_again)
{
	struct sockaddr_in peers[2];
	socklen_t len = sizeof(peers[0]);
	char text[16];
	int clients[2];

	start(IPPROTO_UDP);
	for (int i = 0; i < 2; i++) {
		clients[i] = connect_client(SOCK_DGRAM);
		cr_assert(eq(int, send(clients[i], "hello", 5, 0), 5));
		turn(2);
		cr_assert(eq(int,
			     recvfrom(serverfd, text, sizeof(text), 0,
				      (struct sockaddr *)&peers[i], &len),
			     5));
	}
	cr_assert(ne(int, peers[0].sin_port, peers[1].sin_port));
	for (int i = 1; i >= 0; i--) {
		char answer = (char)('0' + i);

		cr_assert(eq(int,
			     sendto(serverfd, &answer, 1, 0,
				    (struct sockaddr *)&peers[i], len),
			     1));
		turn(2);
		cr_assert(eq(int, recv(clients[i], text, 1, 0), 1));
		cr_assert(eq(int, text[0], '0' + i));
	}
	stop();
}
