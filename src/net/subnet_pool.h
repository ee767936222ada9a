/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/subnet_pool.h - the subnets that the host's routes leave us.
 *
 * Docker's pool, in its order: 172.17.0.0/16 to 172.31.0.0/16, then
 * 192.168.0.0/20 and on. Read in the host's network namespace.
 */
#ifndef DHOW_NET_SUBNET_POOL_H
#define DHOW_NET_SUBNET_POOL_H

#include <stdbool.h>

#include "base/err.h"
#include "sys/netlink.h"

#define SUBNET_POOL_MAX 31

struct subnet_pool {
	struct netlink_addr free[SUBNET_POOL_MAX];
	size_t count;
	bool ipv6; /* the host has a way out by IPv6 */
};

int subnet_pool_survey(struct subnet_pool *ret_pool, struct err *err);

/* Take out what overlaps @taken; a default route overlaps nothing. */
void subnet_pool_strike(struct subnet_pool *pool,
			const struct netlink_addr *taken);

/* Has the host a route there, but the default one? 1, 0 or -errno. */
int subnet_pool_is_routed(const struct netlink_addr *subnet, struct err *err);

/* For the default network: the first, or Docker's where none is left. */
struct netlink_addr subnet_pool_default(const struct subnet_pool *pool);

#endif
