/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_member.c - what one connected container holds.
 */
#include "net/hub_member.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "net/uplink.h"

/* "tcp 80": what the socket at the same place among the fds is for. */
static int
read_publish(const char *text, struct hub_publish *ret_publish)
{
	struct hub_publish publish = { .hostfd = -EBADF };
	uint64_t port;

	if (strncmp(text, "tcp ", 4) == 0)
		publish.proto = IPPROTO_TCP;
	else if (strncmp(text, "udp ", 4) == 0)
		publish.proto = IPPROTO_UDP;
	else
		return -EPROTO;
	if (units_parse_u64(text + 4, 1, UINT16_MAX, &port, NULL) < 0)
		return -EPROTO;
	publish.port = (uint16_t)port;
	*ret_publish = publish;
	return 0;
}

int
hub_member_publish(struct hub_member *member, struct net_msg *msg,
		   struct err *err)
{
	size_t at = 0;

	for (size_t i = 0; i < msg->fields.len; i++) {
		const char *text = msg->fields.v[i];
		struct hub_publish publish;

		if (strncmp(text, "port=", 5) != 0)
			continue;
		if (read_publish(text + 5, &publish) < 0 ||
		    member->published_len >= HUB_MEMBER_MAX_PORTS)
			return err_set(err, EPROTO, "a bad port came");
		publish.hostfd = net_msg_take_fd(msg, at++);
		if (publish.hostfd < 0)
			return err_set(err, EPROTO,
				       "a port came without its socket");
		array_push(member->published, member->published_len,
			   member->published_cap, publish);
	}
	return 0;
}

/* "02:42:ac:11:00:02"; only unicast addresses. */
static int
parse_mac(const char *text, uint8_t mac[NETLINK_MAC_BYTES])
{
	unsigned int b[NETLINK_MAC_BYTES];
	char end;

	if (strlen(text) != 17 ||
	    sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2],
		   &b[3], &b[4], &b[5], &end) != NETLINK_MAC_BYTES ||
	    b[0] & 1)
		return -EINVAL;
	for (int i = 0; i < NETLINK_MAC_BYTES; i++)
		mac[i] = (uint8_t)b[i];
	return 0;
}

static int
take_address(struct hub_network *network, const struct net_msg *msg,
	     struct fabric_leg *leg, struct err *err)
{
	const char *text = net_msg_get(msg, "ip");
	struct in_addr wanted;

	if (text && inet_pton(AF_INET, text, &wanted) != 1)
		return err_set(err, EINVAL, "'%s' is no IPv4 address", text);
	return ipam_take(&network->bridge.ipam, text ? &wanted : NULL, &leg->ip,
			 err);
}

static int
choose_addresses(struct hub_network *network, const struct net_msg *msg,
		 struct fabric_leg *leg, struct err *err)
{
	const char *ip6 = net_msg_get(msg, "ip6");
	const char *mac = net_msg_get(msg, "mac");

	ipam_mac(leg->ip, leg->mac);
	if (mac && parse_mac(mac, leg->mac) < 0)
		return err_set(err, EINVAL, "'%s' is no hardware address", mac);
	leg->ip6 =
		ipam_v6(&network->bridge.ipam, leg->ip, network->bridge.net6);
	if (!ip6)
		return 0;
	if (inet_pton(AF_INET6, ip6, &leg->ip6) != 1 ||
	    memcmp(&leg->ip6, &network->bridge.net6, 8) != 0)
		return err_set(err, EINVAL,
			       "'%s' is no IPv6 address of the network", ip6);
	return 0;
}

/* Relay every published port to the first leg. */
static int
start_relays(struct hub_member *member, struct fabric *fabric,
	     struct loop *loop, struct err *err)
{
	const struct hub_leg *leg = &member->legs[0];

	for (size_t i = 0; i < member->published_len; i++) {
		struct hub_publish *publish = &member->published[i];
		struct fabric_port port = { &leg->leg, publish->proto,
					    publish->port };
		struct peer_target target = {
			.ip = leg->leg.ip,
			.ip6 = leg->leg.ip6,
			.ipv6 = leg->network->bridge.ipv6,
			.port = publish->port,
		};
		int r;

		if (publish->relay)
			continue;
		r = fabric_open_port(fabric, &leg->network->bridge, &port, err);
		if (r < 0)
			return err_wrap(err, r, "publish port %u",
					publish->port);
		publish->is_open = true;
		publish->relay = relay_new(loop, publish->proto,
					   take_fd(publish->hostfd), &target);
	}
	return 0;
}

static void
describe(const struct hub_leg *leg, struct net_msg *reply)
{
	const struct fabric_bridge *bridge = &leg->network->bridge;
	const uint8_t *mac = leg->leg.mac;
	struct in6_addr gateway6 =
		ipam_v6(&bridge->ipam, leg->network->gateway, bridge->net6);
	char ip[INET6_ADDRSTRLEN], mac_text[32];

	net_msg_add(reply, "op", "joined");
	net_msg_add(reply, "ip", inet_ntop(AF_INET, &leg->leg.ip, ip, 16));
	net_msg_add_int(reply, "prefix", bridge->ipam.prefix);
	(void)inet_ntop(AF_INET, &leg->network->gateway, ip, sizeof(ip));
	net_msg_add(reply, "gateway", ip);
	net_msg_add(reply, "dns", ip);
	(void)snprintf(mac_text, sizeof(mac_text),
		       "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		       mac[3], mac[4], mac[5]);
	net_msg_add(reply, "mac", mac_text);
	net_msg_add(reply, "host", UPLINK_HOST);
	net_msg_add(reply, "interface", leg->leg.interface);
	if (!bridge->ipv6)
		return;
	net_msg_add(reply, "ip6",
		    inet_ntop(AF_INET6, &leg->leg.ip6, ip, sizeof(ip)));
	net_msg_add_int(reply, "prefix6", 64);
	net_msg_add(reply, "gateway6",
		    inet_ntop(AF_INET6, &gateway6, ip, sizeof(ip)));
}

/* Address and leg on @network; all or nothing. */
static int
add_leg(struct hub_member *member, struct hub_network *network,
	struct fabric *fabric, struct net_msg *msg, struct err *err)
{
	struct hub_leg *leg = &member->legs[member->leg_count];
	int r;

	*leg = (struct hub_leg){ .network = network };
	leg->leg.is_first = member->leg_count == 0;
	(void)snprintf(leg->leg.interface, sizeof(leg->leg.interface), "eth%zu",
		       member->leg_count);
	r = take_address(network, msg, &leg->leg, err);
	if (r < 0)
		return r;
	r = choose_addresses(network, msg, &leg->leg, err);
	if (r == 0)
		r = fabric_attach(fabric, &network->bridge, &leg->leg,
				  msg->fds[0], err);
	if (r < 0)
		ipam_give_back(&network->bridge.ipam, leg->leg.ip);
	else
		member->leg_count++;
	return r;
}

int
hub_member_join(struct hub_member *member, struct hub_networks *networks,
		struct loop *loop, struct net_msg *msg, struct net_msg *reply,
		struct err *err)
{
	const char *name = net_msg_get(msg, "network");
	struct hub_network *network;
	int r;

	if (!name || !msg->fd_count)
		return err_set(err, EPROTO, "a join without a namespace came");
	if (member->leg_count == HUB_MEMBER_MAX_LEGS)
		return err_set(err, ENOSPC,
			       "a container joins at most %d networks",
			       HUB_MEMBER_MAX_LEGS);
	r = hub_network_get(networks, name, &network, err);
	if (r < 0)
		return r;
	r = add_leg(member, network, networks->fabric, msg, err);
	if (r == -EPERM)
		err_hint(
			err,
			"the network process belongs to another user namespace: end its containers first");
	if (r < 0)
		return r;
	r = start_relays(member, networks->fabric, loop, err);
	if (r < 0)
		return r; /* the connection ends and takes the leg with it */
	describe(&member->legs[member->leg_count - 1], reply);
	return 0;
}

void
hub_member_silence(struct hub_member *member)
{
	for (size_t i = 0; i < member->published_len; i++) {
		struct hub_publish *publish = &member->published[i];

		relay_free(take_ptr(publish->relay));
		if (publish->hostfd >= 0)
			(void)close(take_fd(publish->hostfd));
	}
}

void
hub_member_forget(struct hub_member *member)
{
	hub_member_silence(member);
	free(member->published);
	*member = (struct hub_member){ 0 };
}

void
hub_member_release(struct hub_member *member, struct fabric *fabric)
{
	for (size_t i = 0; i < member->published_len; i++) {
		struct hub_publish *publish = &member->published[i];
		struct fabric_port port = { &member->legs[0].leg,
					    publish->proto, publish->port };

		if (publish->is_open)
			fabric_close_port(fabric,
					  &member->legs[0].network->bridge,
					  &port);
	}
	for (size_t i = 0; i < member->leg_count; i++) {
		struct hub_leg *leg = &member->legs[i];

		fabric_detach(fabric, &leg->leg);
		ipam_give_back(&leg->network->bridge.ipam, leg->leg.ip);
	}
	hub_member_forget(member);
}
