/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/relay.h - a published port: from a host socket to the container.
 *
 * The host socket belongs to the host's network namespace and was opened by
 * the program that started the container; the sockets on the other side are
 * made here, inside the fabric (peer.h).
 */
#ifndef DHOW_NET_RELAY_H
#define DHOW_NET_RELAY_H

#include "base/cleanup.h"
#include "base/loop.h"
#include "net/peer.h"

#define RELAY_MAX_UDP_FLOWS 1024
#define RELAY_UDP_IDLE_NS (90 * INT64_C(1000000000))

struct relay;

/*
 * Serve @hostfd (a listening TCP socket or a bound UDP socket, from now on
 * owned by the relay and not blocking) until relay_free().
 */
struct relay *relay_new(struct loop *loop, int proto, int hostfd,
			const struct peer_target *target);
/* Where connections that come from now on lead. */
void relay_set_target(struct relay *relay, const struct peer_target *target);
/* Ends all its connections too. */
void relay_free(struct relay *relay);
DEFINE_CLEANUP(struct relay *, relay_free);

/* The two kinds behind relay_new(), for relay.c only. */
struct relay_tcp;
struct relay_tcp *relay_tcp_new(struct loop *loop, int hostfd,
				const struct peer_target *target);
void relay_tcp_set_target(struct relay_tcp *relay,
			  const struct peer_target *target);
void relay_tcp_free(struct relay_tcp *relay);
struct relay_udp;
struct relay_udp *relay_udp_new(struct loop *loop, int hostfd,
				const struct peer_target *target);
void relay_udp_set_target(struct relay_udp *relay,
			  const struct peer_target *target);
void relay_udp_free(struct relay_udp *relay);

#endif
