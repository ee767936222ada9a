/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/tcp_syn.h - the packet that opens a TCP connection.
 *
 * Read where it comes out of the tun device, and answered when there is no
 * connection to be had. Spec: RFC 9293; RFC 792 and RFC 4443 for refusals.
 */
#ifndef DHOW_NET_TCP_SYN_H
#define DHOW_NET_TCP_SYN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "sys/netlink.h"

/* An IPv6 header and the longest TCP header. */
#define TCP_SYN_MAX_BYTES 100
/* An IPv6 header, 8 bytes of ICMP and the packet that it is about. */
#define TCP_SYN_REFUSAL_BYTES (48 + TCP_SYN_MAX_BYTES)

/* A connection as its packets tell it. */
struct tcp_flow {
	struct netlink_addr client, server; /* prefix 32 or 128 */
	uint16_t client_port, server_port;  /* host byte order */
};

/*
 * Read a packet that asks for a connection: IPv4 without options or IPv6
 * without extension headers, between two hosts' own addresses, sound, and
 * without data. False for any other.
 */
bool tcp_syn_read(const uint8_t *packet, size_t len, struct tcp_flow *ret_flow);

/*
 * Make the packet that tells its client that there is no connection.
 *
 * @syn, @len: a packet that tcp_syn_read() took
 * @code:      errno of the failure; ECONNREFUSED becomes a reset
 * @reply:     TCP_SYN_REFUSAL_BYTES
 *
 * Returns its length.
 */
size_t tcp_syn_refuse(const uint8_t *syn, size_t len, int code, uint8_t *reply);

bool tcp_flow_equal(const struct tcp_flow *a, const struct tcp_flow *b);
/* The address of one end, and its length. */
socklen_t tcp_flow_sockaddr(const struct netlink_addr *addr, uint16_t port,
			    struct sockaddr_storage *ret_addr);

#endif
