/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolver.c - the containers' name server: what it serves and knows.
 */
#include "net/resolver.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "net/name_table.h"
#include "net/uplink.h"

struct served {
	struct resolver_door *door;
	struct resolver_udp *udp;
	struct resolver_tcp *tcp;
};

/* A container with resolvers of its own (--dns). */
struct upstream {
	struct upstream *next;
	char id[NET_DEF_ID_BYTES];
	struct resolv_conf conf;
};

struct resolver {
	struct loop *loop;
	struct resolv_conf conf;
	struct upstream *upstreams;
	struct served *served;
	size_t served_count;
	size_t served_cap;
	struct dns_addr host; /* host.docker.internal */
	struct name_table names;
};

static const char *const host_names[] = {
	"gateway.docker.internal",
	"host.containers.internal",
	"host.docker.internal",
};

struct resolver *
resolver_new(struct loop *loop)
{
	struct resolver *resolver = xcalloc(1, sizeof(*resolver));

	resolver->loop = loop;
	resolver->host.family = AF_INET;
	(void)inet_pton(AF_INET, UPLINK_HOST, &resolver->host.v4);
	resolv_conf_parse(span_of(""), &resolver->conf);
	return resolver;
}

static void
forget_upstream(struct resolver *resolver, const char *id)
{
	for (struct upstream **at = &resolver->upstreams; *at;
	     at = &(*at)->next) {
		struct upstream *upstream = *at;

		if (strcmp(upstream->id, id) != 0)
			continue;
		*at = upstream->next;
		resolv_conf_release(&upstream->conf);
		free(upstream);
		return;
	}
}

static void
served_release(struct served *served)
{
	resolver_udp_free(served->udp);
	resolver_tcp_free(served->tcp);
	free(served->door);
}

void
resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return;
	for (size_t i = 0; i < resolver->served_count; i++)
		served_release(&resolver->served[i]);
	free(resolver->served);
	while (resolver->upstreams)
		forget_upstream(resolver, resolver->upstreams->id);
	resolv_conf_release(&resolver->conf);
	name_table_release(&resolver->names);
	free(resolver);
}

void
resolver_set_conf(struct resolver *resolver, struct span text)
{
	resolv_conf_release(&resolver->conf);
	resolv_conf_parse(text, &resolver->conf);
}

const struct resolv_conf *
resolver_conf(const struct resolver *resolver, const char *id)
{
	for (const struct upstream *u = resolver->upstreams; u; u = u->next)
		if (strcmp(u->id, id) == 0)
			return &u->conf;
	return &resolver->conf;
}

static void
note_upstream(struct resolver *resolver, const char *id,
	      const struct net_msg *msg)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct upstream *upstream;

	for (size_t i = 0; i < msg->fields.len; i++) {
		const char *ip = text_after(msg->fields.v[i], "upstream=");

		if (ip)
			strbuf_addf(&text, "nameserver %s\n", ip);
	}
	if (!text.len)
		return;
	forget_upstream(resolver, id);
	upstream = xcalloc(1, sizeof(*upstream));
	(void)snprintf(upstream->id, sizeof(upstream->id), "%s", id);
	resolv_conf_parse(span_new(text.buf, text.len), &upstream->conf);
	upstream->next = resolver->upstreams;
	resolver->upstreams = upstream;
}

static void
serve(struct resolver *resolver, struct net_msg *msg)
{
	struct served served = { .door = xcalloc(1, sizeof(*served.door)) };
	struct resolver_door *door = served.door;

	(void)snprintf(door->network, sizeof(door->network), "%s",
		       net_msg_get(msg, "network") ?: "");
	(void)snprintf(door->id, sizeof(door->id), "%s",
		       net_msg_get(msg, "id") ?: "");
	served.udp = resolver_udp_new(resolver, door, resolver->loop,
				      net_msg_take_fd(msg, 0));
	served.tcp = resolver_tcp_new(resolver, door, resolver->loop,
				      net_msg_take_fd(msg, 1));
	array_push(resolver->served, resolver->served_count,
		   resolver->served_cap, served);
}

/* Close the doors of a network or of a container. */
static void
unserve(struct resolver *resolver, const char *network, const char *id)
{
	size_t left = 0;

	for (size_t i = 0; i < resolver->served_count; i++) {
		struct served *served = &resolver->served[i];

		if ((network && strcmp(served->door->network, network) == 0) ||
		    (id && strcmp(served->door->id, id) == 0))
			served_release(served);
		else
			resolver->served[left++] = *served;
	}
	resolver->served_count = left;
}

void
resolver_tell(struct resolver *resolver, struct net_msg *msg)
{
	const char *id = net_msg_get(msg, "id");
	const char *network = net_msg_get(msg, "network");

	if (net_msg_is(msg, "serve") && msg->fd_count == 2)
		serve(resolver, msg);
	else if (net_msg_is(msg, "unserve") && network)
		unserve(resolver, network, NULL);
	else if (net_msg_is(msg, "name") && id) {
		name_table_add(&resolver->names, msg);
		note_upstream(resolver, id, msg);
	} else if (net_msg_is(msg, "forget") && id) {
		name_table_forget(&resolver->names, id, network);
		if (network)
			return;
		unserve(resolver, NULL, id); /* it is gone */
		forget_upstream(resolver, id);
	}
}

const char *
resolver_who(const struct resolver *resolver, const struct resolver_door *door,
	     const struct sockaddr_storage *client)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)client;
	struct dns_addr addr = { .family = AF_INET, .v4 = in->sin_addr };

	if (door->id[0])
		return door->id;
	if (client->ss_family != AF_INET)
		return NULL;
	return name_table_who(&resolver->names, door->network, &addr);
}

static bool
is_host_name(const struct dns_question *question)
{
	for (size_t i = 0; i < ARRAY_LEN(host_names); i++)
		if (strcmp(question->name, host_names[i]) == 0)
			return true;
	return false;
}

/* Answer from what we know of our containers; 0 when we do not. */
static size_t
answer_own(struct resolver *resolver, const char *id, const uint8_t *query,
	   const struct dns_question *question, uint8_t *out, size_t out_len)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	struct dns_addr addrs[RESOLVER_MAX_ADDRS], addr;
	size_t count;

	if (dns_reverse_addr(question, &addr)) {
		if (!name_table_reverse(&resolver->names, id, &addr, &name))
			return 0;
		return dns_write_name(query, question, name.buf, out, out_len);
	}
	count = name_table_find(&resolver->names, id, question, addrs,
				ARRAY_LEN(addrs));
	if (!count)
		return 0;
	return dns_write_answer(query, question, addrs, count, DNS_RCODE_OK,
				out, out_len);
}

size_t
resolver_answer(struct resolver *resolver, const char *id, const uint8_t *query,
		const struct dns_question *question, uint8_t *out,
		size_t out_len)
{
	size_t len;

	/* Nobody of ours: it has no business with the host's resolvers. */
	if (!id)
		return dns_write_answer(query, question, NULL, 0,
					DNS_RCODE_REFUSED, out, out_len);
	if (question->class == 1 && is_host_name(question))
		return dns_write_answer(query, question, &resolver->host, 1,
					DNS_RCODE_OK, out, out_len);
	len = question->class == 1
		      ? answer_own(resolver, id, query, question, out, out_len)
		      : 0;
	if (len || name_table_may_leave(&resolver->names, id))
		return len;
	/* What an internal network asks stays there. */
	return dns_write_answer(query, question, NULL, 0, DNS_RCODE_NAME, out,
				out_len);
}
