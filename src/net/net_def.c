/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_def.c - what a network is: its addresses and rules.
 */
#include "net/net_def.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

static int
parse_subnet(const char *text, int family, struct netlink_addr *ret_subnet,
	     struct err *err)
{
	struct netlink_addr subnet;
	int r = ipam_parse_subnet(text, &subnet, err);

	if (r < 0)
		return r;
	if (subnet.family != family)
		return err_set(err, EINVAL, "subnet '%s' is no IPv%d one", text,
			       family == AF_INET ? 4 : 6);
	*ret_subnet = subnet;
	return 0;
}

int
net_def_set4(struct net_def *def, const char *subnet, const char *range,
	     const char *gateway, struct err *err)
{
	struct ipam_plan plan = { .gateway.s_addr = INADDR_ANY };
	struct ipam probe;
	int r = parse_subnet(subnet, AF_INET, &plan.subnet, err);

	if (r == 0 && range)
		r = parse_subnet(range, AF_INET, &plan.range, err);
	if (r < 0)
		return r;
	if (gateway && inet_pton(AF_INET, gateway, &plan.gateway) != 1)
		return err_set(err, EINVAL, "gateway '%s' is no IPv4 address",
			       gateway);
	r = ipam_init(&probe, &plan, err);
	if (r < 0)
		return r;
	plan.gateway = ipam_gateway(&probe);
	ipam_release(&probe);
	def->v4 = plan;
	return 0;
}

/* A subnet, or a range of one, that is large enough. */
static int
parse_room6(const struct net_def *def, const char *what, const char *text,
	    struct netlink_addr *ret_net, struct err *err)
{
	struct netlink_addr net;
	int r = parse_subnet(text, AF_INET6, &net, err);

	if (r < 0)
		return r;
	if (net.prefix < 8 || 128 - net.prefix < 32 - def->v4.subnet.prefix)
		return err_set(
			err, EINVAL,
			"%s '%s' cannot hold as many addresses as the IPv4 subnet",
			what, text);
	if (ipam_clear_host(&net))
		return err_set(err, EINVAL, "%s '%s' has host bits set", what,
			       text);
	*ret_net = net;
	return 0;
}

int
net_def_set6(struct net_def *def, const char *subnet, const char *range,
	     const char *gateway, struct err *err)
{
	struct in_addr first = { def->v4.gateway.s_addr };
	struct netlink_addr net, part;
	struct in6_addr addr;
	struct ipam ipam;
	int r = parse_room6(def, "subnet", subnet, &net, err);

	if (r == 0)
		r = parse_room6(def, "range", range ?: subnet, &part, err);
	if (r < 0)
		return r;
	if (part.prefix < net.prefix || !ipam_overlap(&part, &net))
		return err_set(err, EINVAL, "range '%s' is no part of '%s'",
			       range, subnet);
	r = ipam_init(&ipam, &def->v4, err);
	if (r < 0)
		return r;
	addr = ipam_v6(&ipam, first, net.v6);
	ipam_release(&ipam);
	if (gateway) {
		struct netlink_addr host = { .family = AF_INET6,
					     .prefix = 128 };

		if (inet_pton(AF_INET6, gateway, &host.v6) != 1 ||
		    !ipam_overlap(&host, &net))
			return err_set(err, EINVAL,
				       "gateway '%s' is no address of '%s'",
				       gateway, subnet);
		addr = host.v6;
	}
	def->subnet6 = net;
	def->range6 = part;
	def->gateway6 = addr;
	return 0;
}

int
net_def_hold(struct net_def *def, const char *ip, struct err *err)
{
	struct netlink_addr host = { .family = AF_INET, .prefix = 32 };

	if (def->held_count == NET_DEF_MAX_HELD)
		return err_set(err, EINVAL, "at most %d addresses can be held",
			       NET_DEF_MAX_HELD);
	if (inet_pton(AF_INET, ip, &host.v4) != 1 ||
	    !ipam_overlap(&host, &def->v4.subnet))
		return err_set(err, EINVAL,
			       "'%s' is no IPv4 address of the network", ip);
	def->held[def->held_count++] = host.v4;
	return 0;
}

int
net_def_set_mtu(struct net_def *def, const char *text, struct err *err)
{
	uint64_t mtu;
	int r = units_parse_u64(text, NET_DEF_MIN_MTU, NET_DEF_MAX_MTU, &mtu,
				err);

	if (r == 0)
		def->mtu = (uint32_t)mtu;
	return r;
}

static void
add_subnet(struct net_msg *msg, const char *key,
	   const struct netlink_addr *subnet)
{
	char text[INET6_ADDRSTRLEN];

	if (subnet->family)
		strvec_addf(&msg->fields, "%s=%s/%u", key,
			    inet_ntop(subnet->family, &subnet->v6, text,
				      sizeof(text)),
			    subnet->prefix);
}

static void
add_addr(struct net_msg *msg, const char *key, int family, const void *addr)
{
	char text[INET6_ADDRSTRLEN];

	net_msg_add(msg, key, inet_ntop(family, addr, text, sizeof(text)));
}

void
net_def_write(const struct net_def *def, struct net_msg *msg)
{
	net_msg_add(msg, "network", def->name);
	net_msg_add(msg, "netid", def->id);
	if (!def->v4.subnet.family)
		return;
	add_subnet(msg, "subnet", &def->v4.subnet);
	add_subnet(msg, "range", &def->v4.range);
	add_addr(msg, "gateway", AF_INET, &def->v4.gateway);
	for (size_t i = 0; i < def->held_count; i++)
		add_addr(msg, "hold", AF_INET, &def->held[i]);
	if (def->subnet6.family) {
		add_subnet(msg, "subnet6", &def->subnet6);
		add_subnet(msg, "range6", &def->range6);
		add_addr(msg, "gateway6", AF_INET6, &def->gateway6);
	}
	if (def->internal)
		net_msg_add_int(msg, "internal", 1);
	if (def->isolated)
		net_msg_add_int(msg, "isolated", 1);
	if (def->mtu)
		net_msg_add_int(msg, "mtu", def->mtu);
}

static int
copy_text(char *to, size_t size, const char *text)
{
	if (text && strlen(text) >= size)
		return -EPROTO;
	(void)snprintf(to, size, "%s", text ?: "");
	return 0;
}

static int
read_addresses(const struct net_msg *msg, struct net_def *def, struct err *err)
{
	const char *subnet = net_msg_get(msg, "subnet");
	const char *subnet6 = net_msg_get(msg, "subnet6");
	int r;

	if (!subnet)
		return 0;
	r = net_def_set4(def, subnet, net_msg_get(msg, "range"),
			 net_msg_get(msg, "gateway"), err);
	for (size_t i = 0; r == 0 && i < msg->fields.len; i++) {
		const char *ip = text_after(msg->fields.v[i], "hold=");

		if (ip)
			r = net_def_hold(def, ip, err);
	}
	if (r == 0 && subnet6)
		r = net_def_set6(def, subnet6, net_msg_get(msg, "range6"),
				 net_msg_get(msg, "gateway6"), err);
	return r;
}

int
net_def_read(const struct net_msg *msg, struct net_def *ret_def,
	     struct err *err)
{
	struct net_def def = { .name = "" };
	int64_t mtu = net_msg_get_int(msg, "mtu", 0);
	int r;

	if (copy_text(def.name, sizeof(def.name), net_msg_get(msg, "network")) <
		    0 ||
	    copy_text(def.id, sizeof(def.id), net_msg_get(msg, "netid")) < 0 ||
	    !def.name[0] || mtu < 0 || mtu > NET_DEF_MAX_MTU)
		return err_set(err, EPROTO, "a bad network came");
	r = read_addresses(msg, &def, err);
	if (r < 0)
		return r;
	def.internal = net_msg_get_int(msg, "internal", 0);
	def.isolated = net_msg_get_int(msg, "isolated", 0);
	def.mtu = (uint32_t)mtu;
	*ret_def = def;
	return 0;
}
