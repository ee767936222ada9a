/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/fabric.h - the network namespace that joins the containers.
 *
 * It holds a bridge per network, one leg of every container's pair of
 * interfaces, and a tun device through which whatever is not for a container
 * leaves to libslirp. Nothing is translated here: addresses are routed.
 */
#ifndef DHOW_NET_FABRIC_H
#define DHOW_NET_FABRIC_H

#include <stdbool.h>

#include "base/err.h"
#include "net/ipam.h"
#include "sys/netlink.h"

#define FABRIC_MTU 65520
#define FABRIC_NAME_BYTES 16

struct fabric {
	struct netlink nl; /* inside */
	int netnsfd;       /* the namespace, to come back to */
	int sysctlfd;      /* /proc/sys/net, a mount of its own; or -EBADF */
	bool ipv6;
	int next_index; /* of the next interface; never used twice */
};

#define FABRIC_INIT                                                    \
	{                                                              \
		.nl.fd = -EBADF, .netnsfd = -EBADF, .sysctlfd = -EBADF \
	}

/* What the host's routes leave us: read in the host's network namespace. */
struct fabric_host {
	struct netlink_addr subnet; /* for the default network */
	bool ipv6;                  /* the host has a way out by IPv6 */
};

int fabric_survey(struct fabric_host *ret_host, struct err *err);

/*
 * Move the calling process into new network and mount namespaces and make the
 * way out. May: CAP_SYS_ADMIN, CAP_NET_ADMIN in our user namespace.
 *
 * @ret_tunfd: raw IP packets of the way out; the caller closes it
 *
 * Returns 0; -EOPNOTSUPP with a hint when /dev/net/tun cannot be used.
 */
int fabric_open(struct fabric *fabric, int *ret_tunfd, struct err *err);
/* Then route packets, IPv6 ones too when the host can. */
int fabric_set_up(struct fabric *fabric, bool ipv6, struct err *err);
void fabric_close(struct fabric *fabric);

struct fabric_bridge {
	int index;
	char name[FABRIC_NAME_BYTES];
	struct ipam ipam;
	struct in6_addr net6;
	bool ipv6;
};

/* Make the bridge of a network; @bridge: ipam set up, net6 and ipv6 given. */
int fabric_add_bridge(struct fabric *fabric, struct fabric_bridge *bridge,
		      struct err *err);

struct fabric_leg {
	int index;                         /* here; 0: not attached */
	char interface[FABRIC_NAME_BYTES]; /* there: "eth0" */
	bool is_first; /* carries the default route, brings lo up */
	struct in_addr ip;
	struct in6_addr ip6;
	uint8_t mac[NETLINK_MAC_BYTES];
};

/*
 * Make a container's leg: interface, addresses, routes. The pair vanishes
 * with the container's namespace or by fabric_detach().
 */
int fabric_attach(struct fabric *fabric, const struct fabric_bridge *bridge,
		  struct fabric_leg *leg, int netnsfd, struct err *err);
void fabric_detach(struct fabric *fabric, struct fabric_leg *leg);

struct fabric_port {
	const struct fabric_leg *leg;
	int proto;       /* IPPROTO_TCP or IPPROTO_UDP */
	uint16_t number; /* in the container */
};

/*
 * Let replies from that port of the container come back to sockets of this
 * namespace that are bound to the real client's address (IP_TRANSPARENT).
 * Each opening wants its closing; the same port may be opened twice.
 */
int fabric_open_port(struct fabric *fabric, const struct fabric_bridge *bridge,
		     const struct fabric_port *port, struct err *err);
void fabric_close_port(struct fabric *fabric,
		       const struct fabric_bridge *bridge,
		       const struct fabric_port *port);

#endif
