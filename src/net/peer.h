/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/peer.h - sockets to a container that bear its client's address.
 *
 * A server in a container sees who is really calling (CVE-2021-20199). The
 * exceptions: clients on the host's loopback, on link-local addresses, and
 * IPv6 clients of a container without IPv6, appear as the network's gateway.
 */
#ifndef DHOW_NET_PEER_H
#define DHOW_NET_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct peer_target {
	struct in_addr ip;
	struct in6_addr ip6;
	bool ipv6;     /* ip6 is valid */
	uint16_t port; /* in the container, host byte order */
};

/*
 * A socket of @type (SOCK_STREAM or SOCK_DGRAM), not blocking, connected or
 * being connected to @target as @client. The caller is in the fabric's
 * network namespace and has CAP_NET_RAW over it. Returns an fd or -errno.
 */
int peer_connect(int type, const struct sockaddr_storage *client,
		 const struct peer_target *target);
/* Is that a client on the host's loopback? */
bool peer_is_loopback(const struct sockaddr_storage *client);

#endif
