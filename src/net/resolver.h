/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolver.h - the containers' name server.
 *
 * It listens on every network's gateway address, answers the names it knows
 * itself and hands all other questions, byte for byte, to the host's
 * resolvers: by UDP from a fresh socket and with a fresh id each, or by TCP
 * where the container asked so. Lives in the host's network namespace, with
 * listening sockets that were made in the fabric's.
 */
#ifndef DHOW_NET_RESOLVER_H
#define DHOW_NET_RESOLVER_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/loop.h"
#include "base/span.h"
#include "net/dns_msg.h"
#include "net/net_def.h"
#include "net/resolv_conf.h"

#define RESOLVER_MAX_QUERIES 512
#define RESOLVER_MAX_CONNS 64
#define RESOLVER_MAX_ADDRS 64
/* How long one server is waited for, how often each is asked, and how long a
 * question may take in all. */
#define RESOLVER_ROUNDS 3
#define RESOLVER_TRY_NS (2 * INT64_C(1000000000))
#define RESOLVER_GIVE_UP_NS (10 * INT64_C(1000000000))

struct resolver;

struct resolver *resolver_new(struct loop *loop);
void resolver_free(struct resolver *resolver);
DEFINE_CLEANUP(struct resolver *, resolver_free);

/* Use these servers from now on: the text of a resolv.conf. */
void resolver_set_conf(struct resolver *resolver, struct span text);
/* The servers that the container @id has its questions asked. */
const struct resolv_conf *resolver_conf(const struct resolver *resolver,
					const char *id);

/* Carry out a message of hub_names.h; takes the sockets out of it. */
void resolver_tell(struct resolver *resolver, struct net_msg *msg);

/* Where questions come in: on a network, or inside a container. */
struct resolver_door {
	char network[NET_DEF_NAME_BYTES]; /* or "" */
	char id[NET_DEF_ID_BYTES];        /* of the container, or "" */
};

/* The container that asks; NULL when it is none of ours. Borrowed. */
const char *resolver_who(const struct resolver *resolver,
			 const struct resolver_door *door,
			 const struct sockaddr_storage *client);

/*
 * Names of our own, and what must not leave. Returns the length of the
 * answer, 0 when the question is for the host's resolvers.
 *
 * @id:  of resolver_who()
 * @out: at least 512 bytes
 */
size_t resolver_answer(struct resolver *resolver, const char *id,
		       const uint8_t *query,
		       const struct dns_question *question, uint8_t *out,
		       size_t out_len);

/* The two ways in, for resolver.c only. */
struct resolver_udp;
struct resolver_udp *resolver_udp_new(struct resolver *resolver,
				      const struct resolver_door *door,
				      struct loop *loop, int fd);
void resolver_udp_free(struct resolver_udp *udp);
struct resolver_tcp;
struct resolver_tcp *resolver_tcp_new(struct resolver *resolver,
				      const struct resolver_door *door,
				      struct loop *loop, int fd);
void resolver_tcp_free(struct resolver_tcp *tcp);

#endif
