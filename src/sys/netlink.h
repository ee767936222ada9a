/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/netlink.h - interfaces, addresses, routes and rules by rtnetlink.
 *
 * Requests are collected and sent together by netlink_commit(): one system
 * call sets up a whole namespace. A socket belongs to the network namespace
 * in which it was opened. Interface indexes are chosen by the caller, so
 * nothing has to be looked up. man: rtnetlink(7); linux/rtnetlink.h.
 */
#ifndef DHOW_SYS_NETLINK_H
#define DHOW_SYS_NETLINK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define NETLINK_BUFFER_BYTES 4096
#define NETLINK_MAX_STEPS 24
#define NETLINK_MAC_BYTES 6
#define NETLINK_TABLE_MAIN 254

struct netlink {
	int fd;
	uint32_t seq;      /* of the first collected request */
	size_t len;        /* bytes collected */
	size_t step_count; /* requests collected */
	const char *steps[NETLINK_MAX_STEPS]; /* what each does, for stories */
	char buffer[NETLINK_BUFFER_BYTES] __attribute__((aligned(4)));
};

/* Open a socket in the calling process's network namespace. */
int netlink_open(struct netlink *nl, struct err *err);
void netlink_close(struct netlink *nl);

/* An IPv4 or IPv6 address; family 0 is none. */
struct netlink_addr {
	int family;
	uint8_t prefix; /* length in bits where a network is meant */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

struct netlink_link {
	int index;
	const char *name;
	const uint8_t *mac; /* NETLINK_MAC_BYTES or NULL: random */
	uint32_t mtu;       /* 0: the kernel's */
};

/*
 * The functions below add one request each; words for a failure come from
 * netlink_commit(). Borrowed memory is copied at once.
 */

/* A bridge without spanning tree and multicast snooping, up. */
void netlink_add_bridge(struct netlink *nl, const struct netlink_link *link);
/*
 * A pair of interfaces: @near here, up and in the bridge @master, @far in the
 * namespace @farnsfd (made there, not moved) and still down.
 */
void netlink_add_veth(struct netlink *nl, const struct netlink_link *near,
		      int master, const struct netlink_link *far, int farnsfd);
/* Bring an interface up; @mtu 0 leaves it. */
void netlink_set_up(struct netlink *nl, int index, uint32_t mtu);
void netlink_del_link(struct netlink *nl, int index);
void netlink_del_link_named(struct netlink *nl, const char *name);
/* A port of a bridge that talks to no other isolated port. */
void netlink_isolate(struct netlink *nl, int index);

/* An address with its prefix; IPv6 without duplicate detection. */
void netlink_add_addr(struct netlink *nl, int index,
		      const struct netlink_addr *addr);

enum netlink_route_kind {
	NETLINK_ROUTE_UNICAST,
	NETLINK_ROUTE_LOCAL,       /* deliver here, whoever it is for */
	NETLINK_ROUTE_PROHIBIT,    /* tell the sender: forbidden */
	NETLINK_ROUTE_UNREACHABLE, /* tell the sender: no way there */
};

struct netlink_route {
	struct netlink_addr to;  /* family and prefix always; zeros: default */
	struct netlink_addr via; /* family 0: on the link */
	int index;
	uint32_t table; /* 0: main */
	enum netlink_route_kind kind;
};

void netlink_add_route(struct netlink *nl, const struct netlink_route *route);
void netlink_del_route(struct netlink *nl, const struct netlink_route *route);

/* Which table routes a packet; zero fields match everything. */
struct netlink_rule {
	int family;
	uint32_t priority;
	uint32_t table;
	const char *in_interface;
	struct netlink_addr from, to;
	bool prohibit; /* instead of a table */
	int proto;     /* IPPROTO_* */
	uint16_t source_port, destination_port;
};

/* The same rule may be there twice; each removal takes one. */
void netlink_add_rule(struct netlink *nl, const struct netlink_rule *rule);
void netlink_del_rule(struct netlink *nl, const struct netlink_rule *rule);

/*
 * Send what was collected and wait for the answer. The kernel carries every
 * request out, also those after a refused one.
 *
 * Returns 0 or the first refusal as -errno, its story naming the step.
 */
int netlink_commit(struct netlink *nl, struct err *err);

/*
 * Call @fn for every unicast route of @family in the main table; a default
 * route has prefix 0. Ends early when @fn returns non-zero, and returns that.
 */
typedef int (*netlink_route_fn)(const struct netlink_addr *to, void *data);
int netlink_each_route(struct netlink *nl, int family, netlink_route_fn fn,
		       void *data, struct err *err);

#endif
