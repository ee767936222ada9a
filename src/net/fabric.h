/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/fabric.h - the network namespace that joins the containers.
 *
 * It holds a bridge per network, one leg of every container's pairs of
 * interfaces, and a tun device through which whatever is not for a container
 * leaves to libslirp. Nothing is translated here: addresses are routed, by
 * these rules in turn:
 *
 *	   0	what is addressed to us (name servers)
 *	1000	replies from published ports, to sockets here
 *	1700	containers that may not reach the host's loopback: forbidden
 *	1800	from internal networks: forbidden
 *	1850	a connection to the outside that is carried here (bypass.h)
 *	1900	from the way out or from us: to any container
 *	2000	from a container: to the way out, to no other network
 */
#ifndef DHOW_NET_FABRIC_H
#define DHOW_NET_FABRIC_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strvec.h"
#include "net/ipam.h"
#include "net/net_def.h"
#include "net/tcp_syn.h"
#include "sys/netlink.h"

#define FABRIC_MTU 65520
#define FABRIC_NAME_BYTES 16
#define FABRIC_UPLINK_INDEX 2 /* of the tun device */

struct fabric {
	struct netlink nl; /* inside */
	int netnsfd;       /* the namespace, to come back to */
	int sysctlfd;      /* /proc/sys/net, a mount of its own; or -EBADF */
	bool ipv6;         /* the kernel has it */
	int next_index;    /* of the next interface; never used twice */
};

#define FABRIC_INIT                                                    \
	{                                                              \
		.nl.fd = -EBADF, .netnsfd = -EBADF, .sysctlfd = -EBADF \
	}

/*
 * Move the calling process into new network and mount namespaces and make the
 * way out. May: CAP_SYS_ADMIN, CAP_NET_ADMIN in our user namespace.
 *
 * @ret_tunfd: raw IP packets of the way out; the caller closes it
 *
 * Returns 0; -EOPNOTSUPP with a hint when /dev/net/tun cannot be used.
 */
int fabric_open(struct fabric *fabric, int *ret_tunfd, struct err *err);
/* Then route packets; @ipv6: the way out takes IPv6 ones too. */
int fabric_set_up(struct fabric *fabric, bool ipv6, struct err *err);
void fabric_close(struct fabric *fabric);
/* Below /proc/sys/net of the namespace the caller is in now. */
int fabric_write_sysctl(const struct fabric *fabric, const char *name,
			const char *value);

struct fabric_bridge {
	int index;
	char name[FABRIC_NAME_BYTES];
	struct ipam ipam;
	struct netlink_addr subnet6; /* family 0: no IPv6 */
	struct in6_addr range6;      /* how containers' addresses begin */
	struct in6_addr gateway6;
	bool internal, isolated;
	uint32_t mtu;
};

/* The bridge of @def, its addresses and rules. */
int fabric_add_bridge(struct fabric *fabric, const struct net_def *def,
		      struct fabric_bridge *ret_bridge, struct err *err);
/* No leg is left on it. */
void fabric_del_bridge(struct fabric *fabric, struct fabric_bridge *bridge);

struct netlink_addr fabric_addr4(const struct fabric_bridge *bridge,
				 struct in_addr ip);
struct netlink_addr fabric_addr6(const struct fabric_bridge *bridge,
				 struct in_addr ip);

struct fabric_leg {
	int index;                         /* here; 0: not attached */
	char interface[FABRIC_NAME_BYTES]; /* there: "eth0" */
	bool is_first;         /* sets up the namespace: lo, low ports */
	bool is_default;       /* carries the default route */
	bool no_host_loopback; /* may not reach servers on 127.0.0.1 */
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
void fabric_detach(struct fabric *fabric, const struct fabric_bridge *bridge,
		   struct fabric_leg *leg);
/*
 * Take interfaces of a fabric that died out of the container's namespace: the
 * kernel may not have come to it yet. What is not there is no failure.
 */
int fabric_sweep(struct fabric *fabric, int netnsfd, const struct strvec *names,
		 struct err *err);
/* Let this leg carry the default route from now on. */
int fabric_set_default(struct fabric *fabric,
		       const struct fabric_bridge *bridge,
		       struct fabric_leg *leg, int netnsfd, struct err *err);

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

/*
 * Deliver the packets that a container sends in this one connection to a
 * socket here, which is bound to the server's address (IP_TRANSPARENT).
 */
int fabric_open_flow(struct fabric *fabric, const struct tcp_flow *flow,
		     struct err *err);
void fabric_close_flow(struct fabric *fabric, const struct tcp_flow *flow);

#endif
