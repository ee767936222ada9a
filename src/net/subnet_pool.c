/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/subnet_pool.c - the subnets that the host's routes leave us.
 */
#include "net/subnet_pool.h"

#include <arpa/inet.h>

#include "net/ipam.h"

static struct netlink_addr
candidate(uint32_t i)
{
	uint32_t base =
		i < 15 ? 0xac110000 + (i << 16) : 0xc0a80000 + ((i - 15) << 12);

	return (struct netlink_addr){
		.family = AF_INET,
		.prefix = i < 15 ? 16 : 20,
		.v4.s_addr = htonl(base),
	};
}

void
subnet_pool_strike(struct subnet_pool *pool, const struct netlink_addr *taken)
{
	size_t left = 0;

	if (taken->prefix == 0)
		return;
	for (size_t i = 0; i < pool->count; i++)
		if (!ipam_overlap(taken, &pool->free[i]))
			pool->free[left++] = pool->free[i];
	pool->count = left;
}

static int
on_route(const struct netlink_addr *to, void *data)
{
	subnet_pool_strike(data, to);
	return 0;
}

static int
on_route6(const struct netlink_addr *to, void *data)
{
	struct subnet_pool *pool = data;

	if (to->prefix == 0)
		pool->ipv6 = true;
	return 0;
}

int
subnet_pool_survey(struct subnet_pool *ret_pool, struct err *err)
{
	struct subnet_pool pool = { .count = SUBNET_POOL_MAX };
	struct netlink nl;
	int r = netlink_open(&nl, err);

	if (r < 0)
		return r;
	for (uint32_t i = 0; i < SUBNET_POOL_MAX; i++)
		pool.free[i] = candidate(i);
	r = netlink_each_route(&nl, AF_INET, on_route, &pool, err);
	if (r >= 0) /* a kernel without IPv6 refuses; then there is none */
		(void)netlink_each_route(&nl, AF_INET6, on_route6, &pool, NULL);
	netlink_close(&nl);
	if (r < 0)
		return r;
	*ret_pool = pool;
	return 0;
}

struct search {
	const struct netlink_addr *subnet;
	bool found;
};

static int
look_for(const struct netlink_addr *to, void *data)
{
	struct search *search = data;

	search->found |= to->prefix && ipam_overlap(to, search->subnet);
	return 0;
}

int
subnet_pool_is_routed(const struct netlink_addr *subnet, struct err *err)
{
	struct search search = { .subnet = subnet };
	struct netlink nl;
	int r = netlink_open(&nl, err);

	if (r < 0)
		return r;
	r = netlink_each_route(&nl, subnet->family, look_for, &search, err);
	netlink_close(&nl);
	return r < 0 ? r : search.found;
}

struct netlink_addr
subnet_pool_default(const struct subnet_pool *pool)
{
	return pool->count ? pool->free[0] : candidate(0);
}
