/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/ipam.c - which addresses of a subnet are taken.
 */
#include "net/ipam.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/units.h"

static bool
is_taken(const struct ipam *ipam, uint32_t host)
{
	return host / 64 < ipam->words &&
	       (ipam->taken[host / 64] >> host % 64 & 1);
}

static void
mark(struct ipam *ipam, uint32_t host)
{
	size_t words = ipam->words;

	while (host / 64 >= words)
		words = words ? 2 * words : 4;
	if (words != ipam->words) {
		ipam->taken =
			xreallocarray(ipam->taken, words, sizeof(*ipam->taken));
		(void)memset(ipam->taken + ipam->words, 0,
			     (words - ipam->words) * sizeof(*ipam->taken));
		ipam->words = words;
	}
	ipam->taken[host / 64] |= UINT64_C(1) << host % 64;
}

/* The range's bounds; a whole subnet's ends are no hosts. */
static int
set_range(struct ipam *ipam, const struct netlink_addr *range, struct err *err)
{
	uint32_t first = ntohl(range->v4.s_addr), last;

	ipam->first = 1;
	ipam->last = ipam->size - 2;
	if (!range->family)
		return 0;
	if (range->prefix < ipam->prefix)
		return err_set(err, EINVAL,
			       "the range is larger than the subnet");
	first &= ~(uint32_t)((UINT64_C(1) << (32 - range->prefix)) - 1);
	first -= ipam->base;
	last = first + (uint32_t)((UINT64_C(1) << (32 - range->prefix)) - 1);
	if (first >= ipam->size)
		return err_set(err, EINVAL, "the range is outside the subnet");
	if (first > ipam->first)
		ipam->first = first;
	if (last < ipam->last)
		ipam->last = last;
	return 0;
}

int
ipam_init(struct ipam *ipam, const struct ipam_plan *plan, struct err *err)
{
	const struct netlink_addr *subnet = &plan->subnet;
	struct ipam made;
	uint32_t size;
	int r;

	if (subnet->family != AF_INET || subnet->prefix < IPAM_MIN_PREFIX ||
	    subnet->prefix > IPAM_MAX_PREFIX)
		return err_set(err, EINVAL,
			       "a subnet needs a prefix length from %d to %d",
			       IPAM_MIN_PREFIX, IPAM_MAX_PREFIX);
	size = UINT32_C(1) << (32 - subnet->prefix);
	made = (struct ipam){
		.base = ntohl(subnet->v4.s_addr) & ~(size - 1),
		.prefix = subnet->prefix,
		.size = size,
		.gateway = 1,
	};
	r = set_range(&made, &plan->range, err);
	if (r < 0)
		return r;
	if (plan->gateway.s_addr)
		made.gateway = ntohl(plan->gateway.s_addr) - made.base;
	if (made.gateway == 0 || made.gateway >= size - 1)
		return err_set(err, EINVAL,
			       "the gateway is no host of the subnet");
	*ipam = made;
	mark(ipam, made.gateway);
	return 0;
}

void
ipam_release(struct ipam *ipam)
{
	free(ipam->taken);
	*ipam = (struct ipam){ 0 };
}

static int
take_wanted(struct ipam *ipam, struct in_addr wanted, uint32_t *ret_host,
	    struct err *err)
{
	uint32_t host = ntohl(wanted.s_addr) - ipam->base;
	char text[INET_ADDRSTRLEN];

	(void)inet_ntop(AF_INET, &wanted, text, sizeof(text));
	if (host == 0 || host >= ipam->size - 1)
		return err_set(
			err, EINVAL,
			"address '%s' is no host of the network's subnet",
			text);
	if (is_taken(ipam, host))
		return err_set(err, EEXIST, "address '%s' is already in use",
			       text);
	*ret_host = host;
	return 0;
}

int
ipam_take(struct ipam *ipam, const struct in_addr *wanted,
	  struct in_addr *ret_addr, struct err *err)
{
	uint32_t host = ipam->first;
	int r;

	if (wanted) {
		r = take_wanted(ipam, *wanted, &host, err);
		if (r < 0)
			return r;
	} else {
		while (host <= ipam->last && is_taken(ipam, host))
			host++;
		if (host > ipam->last)
			return err_set(
				err, ENOSPC,
				"the network's subnet has no free address");
	}
	mark(ipam, host);
	ret_addr->s_addr = htonl(ipam->base + host);
	return 0;
}

void
ipam_give_back(struct ipam *ipam, struct in_addr addr)
{
	uint32_t host = ntohl(addr.s_addr) - ipam->base;

	if (host != ipam->gateway && host < ipam->size && is_taken(ipam, host))
		ipam->taken[host / 64] &= ~(UINT64_C(1) << host % 64);
}

struct in_addr
ipam_gateway(const struct ipam *ipam)
{
	return (struct in_addr){ htonl(ipam->base + ipam->gateway) };
}

struct in6_addr
ipam_v6(const struct ipam *ipam, struct in_addr addr, struct in6_addr net6)
{
	uint32_t host = ntohl(addr.s_addr) - ipam->base;

	for (int i = 0; i < 4; i++)
		net6.s6_addr[15 - i] |= (uint8_t)(host >> 8 * i);
	return net6;
}

void
ipam_mac(struct in_addr addr, uint8_t mac[NETLINK_MAC_BYTES])
{
	mac[0] = 0x02;
	mac[1] = 0x42;
	(void)memcpy(mac + 2, &addr.s_addr, sizeof(addr.s_addr));
}

int
ipam_parse_subnet(const char *text, struct netlink_addr *ret_subnet,
		  struct err *err)
{
	const char *slash = strchr(text, '/');
	cleanup_free char *ip = slash ? xstrndup(text, slash - text) : NULL;
	struct netlink_addr subnet = { .family = AF_INET };
	uint64_t prefix;

	if (!slash)
		return err_set(err, EINVAL, "subnet '%s' has no '/prefix'",
			       text);
	if (inet_pton(AF_INET, ip, &subnet.v4) != 1) {
		subnet.family = AF_INET6;
		if (inet_pton(AF_INET6, ip, &subnet.v6) != 1)
			return err_set(err, EINVAL,
				       "subnet '%s' is not an address", text);
	}
	if (units_parse_u64(slash + 1, 0, subnet.family == AF_INET ? 32 : 128,
			    &prefix, NULL) < 0)
		return err_set(err, EINVAL,
			       "subnet '%s' has a bad prefix length", text);
	subnet.prefix = (uint8_t)prefix;
	*ret_subnet = subnet;
	return 0;
}

bool
ipam_clear_host(struct netlink_addr *subnet)
{
	uint8_t *bytes = (uint8_t *)&subnet->v6;
	unsigned int size = subnet->family == AF_INET ? 4 : 16;
	bool any = false;

	for (unsigned int i = subnet->prefix / 8; i < size; i++) {
		unsigned int kept =
			i == subnet->prefix / 8 ? subnet->prefix % 8 : 0;
		uint8_t mask = (uint8_t)(0xff00 >> kept);

		any |= bytes[i] & (uint8_t)~mask;
		bytes[i] &= mask;
	}
	return any;
}

bool
ipam_overlap(const struct netlink_addr *a, const struct netlink_addr *b)
{
	const uint8_t *x = (const uint8_t *)&a->v6;
	const uint8_t *y = (const uint8_t *)&b->v6;
	unsigned int bits = a->prefix < b->prefix ? a->prefix : b->prefix;

	if (a->family != b->family || memcmp(x, y, bits / 8) != 0)
		return false;
	if (bits % 8 == 0)
		return true;
	return ((x[bits / 8] ^ y[bits / 8]) & 0xff00 >> bits % 8 & 0xff) == 0;
}
