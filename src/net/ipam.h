/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/ipam.h - which addresses of a subnet are taken.
 *
 * Containers get the lowest free address that is not the gateway's. An IPv6
 * address repeats the host part of the IPv4 one.
 */
#ifndef DHOW_NET_IPAM_H
#define DHOW_NET_IPAM_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sys/netlink.h"

#define IPAM_MIN_PREFIX 8
#define IPAM_MAX_PREFIX 30

struct ipam_plan {
	struct netlink_addr subnet;
	struct netlink_addr range; /* of the given ones; family 0: all */
	struct in_addr gateway;    /* 0.0.0.0: the first */
};

struct ipam {
	uint32_t base; /* host byte order */
	uint8_t prefix;
	uint32_t size;        /* addresses in the subnet */
	uint32_t gateway;     /* its host part, as those below */
	uint32_t first, last; /* those given to who wants any */
	uint64_t *taken;      /* one bit each, grown as needed */
	size_t words;
};

/*
 * The subnet has IPAM_MIN_PREFIX to IPAM_MAX_PREFIX bits; range and gateway
 * are part of it. Returns 0 or -EINVAL.
 */
int ipam_init(struct ipam *ipam, const struct ipam_plan *plan, struct err *err);
void ipam_release(struct ipam *ipam);

/*
 * Take an address: the lowest free one of the range, or @wanted when it is
 * not NULL.
 * Returns 0; -ENOSPC when all are taken; -EEXIST when @wanted is; -EINVAL
 * when it is outside the subnet or its network or broadcast address.
 */
int ipam_take(struct ipam *ipam, const struct in_addr *wanted,
	      struct in_addr *ret_addr, struct err *err);
void ipam_give_back(struct ipam *ipam, struct in_addr addr);

struct in_addr ipam_gateway(const struct ipam *ipam);

/* @net6 with the host part of @addr at its end. */
struct in6_addr ipam_v6(const struct ipam *ipam, struct in_addr addr,
			struct in6_addr net6);

/* 02:42 and the four bytes of the address, as Docker made them. */
void ipam_mac(struct in_addr addr, uint8_t mac[NETLINK_MAC_BYTES]);

/* "172.17.0.0/16" or "fd00::/64"; -EINVAL. */
int ipam_parse_subnet(const char *text, struct netlink_addr *ret_subnet,
		      struct err *err);

/* Clear the bits beyond the prefix; true when there were any. */
bool ipam_clear_host(struct netlink_addr *subnet);

/* True when two networks of one family share an address. */
bool ipam_overlap(const struct netlink_addr *a, const struct netlink_addr *b);

#endif
