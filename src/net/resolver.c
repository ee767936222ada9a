/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolver.c - the containers' name server: what it serves and knows.
 */
#include "net/resolver.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/alloc.h"
#include "net/uplink.h"

struct served {
	struct resolver_udp *udp;
	struct resolver_tcp *tcp;
};

struct resolver {
	struct loop *loop;
	struct resolv_conf conf;
	struct served *served;
	size_t served_count;
	size_t served_cap;
	struct dns_addr host; /* host.docker.internal */
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

void
resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return;
	for (size_t i = 0; i < resolver->served_count; i++) {
		resolver_udp_free(resolver->served[i].udp);
		resolver_tcp_free(resolver->served[i].tcp);
	}
	free(resolver->served);
	resolv_conf_release(&resolver->conf);
	free(resolver);
}

void
resolver_set_conf(struct resolver *resolver, struct span text)
{
	resolv_conf_release(&resolver->conf);
	resolv_conf_parse(text, &resolver->conf);
}

const struct resolv_conf *
resolver_conf(const struct resolver *resolver)
{
	return &resolver->conf;
}

void
resolver_serve(struct resolver *resolver, int udpfd, int tcpfd)
{
	struct served served = {
		.udp = resolver_udp_new(resolver, resolver->loop, udpfd),
		.tcp = resolver_tcp_new(resolver, resolver->loop, tcpfd),
	};

	array_push(resolver->served, resolver->served_count,
		   resolver->served_cap, served);
}

size_t
resolver_answer(const struct resolver *resolver, const uint8_t *query,
		const struct dns_question *question, uint8_t *out,
		size_t out_len)
{
	for (size_t i = 0; i < ARRAY_LEN(host_names); i++)
		if (question->class == 1 &&
		    strcmp(question->name, host_names[i]) == 0)
			return dns_write_answer(query, question,
						&resolver->host, 1,
						DNS_RCODE_OK, out, out_len);
	return 0;
}
