/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolver_udp.c - questions by UDP.
 *
 * Every question has its own socket towards the server, so its port and id
 * are hard to guess. A server that refuses, fails or stays silent makes the
 * question move on to the next one, round and round until the time is up.
 */
#include "net/resolver.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/units.h"

#define TICK_NS (200 * INT64_C(1000000))
#define QUESTIONS_PER_EVENT 32
#define QUERY_MAX_BYTES 4096

struct query {
	struct resolver_udp *udp;
	char id[NET_DEF_ID_BYTES]; /* of the container that asks */
	struct query *next;        /* the youngest first */
	struct sockaddr_storage client;
	struct dns_question question; /* with the id used upstream */
	uint16_t client_id;
	uint8_t *msg;
	size_t len;
	size_t tries;
	int fd;
	struct loop_source *source;
	int64_t started_ns;
	int64_t asked_ns;
};

struct resolver_udp {
	struct resolver *resolver;
	const struct resolver_door *door;
	struct loop *loop;
	int fd;
	struct loop_source *source;
	struct loop_source *tick;
	struct query *queries;
	size_t query_count;
};

static uint8_t packet[DNS_MAX_BYTES];

static void
query_close(struct query *query)
{
	loop_remove(query->source);
	query->source = NULL;
	if (query->fd >= 0)
		(void)close(query->fd);
	query->fd = -EBADF;
}

static void
query_end(struct query *query)
{
	struct query **at = &query->udp->queries;

	while (*at != query)
		at = &(*at)->next;
	*at = query->next;
	query->udp->query_count--;
	query_close(query);
	free(query->msg);
	free(query);
}

static void
reply(const struct resolver_udp *udp, const struct sockaddr_storage *client,
      const uint8_t *msg, size_t len)
{
	socklen_t bytes = client->ss_family == AF_INET
				  ? sizeof(struct sockaddr_in)
				  : sizeof(struct sockaddr_in6);

	/* A datagram may be lost. */
	(void)sendto(udp->fd, msg, len, MSG_NOSIGNAL,
		     (const struct sockaddr *)client, bytes);
}

static void
query_fail(struct query *query)
{
	uint8_t out[DNS_HEADER_BYTES + DNS_NAME_BYTES + 8];
	size_t len = dns_write_answer(query->msg, &query->question, NULL, 0,
				      DNS_RCODE_SERVER, out, sizeof(out));

	dns_set_id(out, query->client_id);
	reply(query->udp, &query->client, out, len);
	query_end(query);
}

static int on_server(struct loop_source *source, uint32_t events, void *data);

/* Ask one server; returns 0 or -errno. */
static int
ask_server(struct query *query, const struct sockaddr_storage *server)
{
	socklen_t bytes = server->ss_family == AF_INET
				  ? sizeof(struct sockaddr_in)
				  : sizeof(struct sockaddr_in6);

	query_close(query);
	query->fd = socket(server->ss_family,
			   SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (query->fd < 0)
		return -errno;
	if (connect(query->fd, (const struct sockaddr *)server, bytes) < 0 ||
	    send(query->fd, query->msg, query->len, MSG_NOSIGNAL) < 0)
		return -errno;
	query->source = loop_add_fd(query->udp->loop, query->fd, EPOLLIN,
				    on_server, query);
	return 0;
}

/* Ask the next server that can be asked; ends the query when time is up. */
static void
query_ask(struct query *query)
{
	const struct resolv_conf *conf =
		resolver_conf(query->udp->resolver, query->id);
	int64_t now_ns = units_monotonic_ns();

	while (query->tries < RESOLVER_ROUNDS * conf->server_count &&
	       now_ns - query->started_ns < RESOLVER_GIVE_UP_NS) {
		size_t at = query->tries++ % conf->server_count;

		if (ask_server(query, &conf->servers[at]) == 0) {
			query->asked_ns = now_ns;
			return;
		}
	}
	query_fail(query);
}

static int
on_server(struct loop_source *source, uint32_t events, void *data)
{
	struct query *query = data;
	const struct resolv_conf *conf =
		resolver_conf(query->udp->resolver, query->id);
	ssize_t n = recv(query->fd, packet, sizeof(packet), 0);
	bool may_try_on = query->tries < conf->server_count;

	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n < 0) { /* nobody listens there */
		query_ask(query);
		return 0;
	}
	if (!dns_is_answer(packet, (size_t)n, &query->question))
		return 0;
	if (may_try_on && (dns_rcode(packet) == DNS_RCODE_SERVER ||
			   dns_rcode(packet) == DNS_RCODE_REFUSED)) {
		query_ask(query);
		return 0;
	}
	dns_set_id(packet, query->client_id);
	reply(query->udp, &query->client, packet, (size_t)n);
	query_end(query);
	return 0;
}

static void
query_start(struct resolver_udp *udp, const char *id,
	    const struct sockaddr_storage *client,
	    const struct dns_question *question, size_t len)
{
	struct query *query = xcalloc(1, sizeof(*query));

	query->udp = udp;
	(void)snprintf(query->id, sizeof(query->id), "%s", id);
	query->client = *client;
	query->question = *question;
	query->client_id = question->id;
	query->msg = xmemdup(packet, len);
	query->len = len;
	query->fd = -EBADF;
	query->started_ns = units_monotonic_ns();
	(void)!getrandom(&query->question.id, sizeof(query->question.id), 0);
	dns_set_id(query->msg, query->question.id);
	query->next = udp->queries;
	udp->queries = query;
	if (udp->query_count++ == 0)
		loop_set_timer(udp->tick, TICK_NS);
	query_ask(query);
}

/* The same question of the same client again: it is being asked already. */
static bool
is_repeated(const struct resolver_udp *udp,
	    const struct sockaddr_storage *client,
	    const struct dns_question *question)
{
	for (const struct query *q = udp->queries; q; q = q->next)
		if (q->client_id == question->id &&
		    memcmp(&q->client, client, sizeof(*client)) == 0 &&
		    q->question.type == question->type &&
		    strcmp(q->question.name, question->name) == 0)
			return true;
	return false;
}

static void
take_question(struct resolver_udp *udp, const struct sockaddr_storage *client,
	      size_t len)
{
	struct dns_question question;
	const char *id;
	uint8_t out[512];
	size_t out_len;

	if (dns_read_query(packet, len, &question) < 0)
		return;
	id = resolver_who(udp->resolver, udp->door, client);
	out_len = resolver_answer(udp->resolver, id, packet, &question, out,
				  sizeof(out));
	if (out_len)
		reply(udp, client, out, out_len);
	else if (udp->query_count < RESOLVER_MAX_QUERIES &&
		 !is_repeated(udp, client, &question))
		query_start(udp, id, client, &question, len);
}

static int
on_question(struct loop_source *source, uint32_t events, void *data)
{
	struct resolver_udp *udp = data;

	for (int i = 0; i < QUESTIONS_PER_EVENT; i++) {
		struct sockaddr_storage client = { 0 };
		socklen_t bytes = sizeof(client);
		ssize_t n = recvfrom(udp->fd, packet, sizeof(packet), 0,
				     (struct sockaddr *)&client, &bytes);

		if (n < 0)
			break;
		if (n <= QUERY_MAX_BYTES)
			take_question(udp, &client, (size_t)n);
	}
	return 0;
}

static int
on_tick(struct loop_source *source, void *data)
{
	struct resolver_udp *udp = data;
	int64_t now_ns = units_monotonic_ns();
	struct query *next;

	for (struct query *query = udp->queries; query; query = next) {
		next = query->next;
		if (now_ns - query->started_ns > RESOLVER_GIVE_UP_NS)
			query_fail(query);
		else if (now_ns - query->asked_ns > RESOLVER_TRY_NS)
			query_ask(query);
	}
	if (udp->query_count)
		loop_set_timer(source, TICK_NS);
	return 0;
}

struct resolver_udp *
resolver_udp_new(struct resolver *resolver, const struct resolver_door *door,
		 struct loop *loop, int fd)
{
	struct resolver_udp *udp = xcalloc(1, sizeof(*udp));

	udp->resolver = resolver;
	udp->door = door;
	udp->loop = loop;
	udp->fd = fd;
	udp->source = loop_add_fd(loop, fd, EPOLLIN, on_question, udp);
	udp->tick = loop_add_timer(loop, -1, on_tick, udp);
	return udp;
}

void
resolver_udp_free(struct resolver_udp *udp)
{
	if (!udp)
		return;
	while (udp->queries)
		query_end(udp->queries);
	loop_remove(udp->source);
	loop_remove(udp->tick);
	(void)close(udp->fd);
	free(udp);
}
