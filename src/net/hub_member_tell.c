/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_member_tell.c - what a container holds, in answers.
 */
#include <arpa/inet.h>

#include "net/hub_member.h"
#include "net/hub_names.h"
#include "net/uplink.h"

static void
add_addr(struct net_msg *reply, const char *key, int family, const void *addr)
{
	char text[INET6_ADDRSTRLEN];

	net_msg_add(reply, key, inet_ntop(family, addr, text, sizeof(text)));
}

void
hub_member_describe(const struct hub_member *member, const struct hub_leg *leg,
		    const char *op, struct net_msg *reply)
{
	const struct fabric_bridge *bridge = &leg->network->bridge;
	struct in_addr gateway = ipam_gateway(&bridge->ipam);
	const uint8_t *mac = leg->leg.mac;

	net_msg_add(reply, "op", op);
	net_msg_add(reply, "id", member->id);
	net_msg_add(reply, "name", member->name);
	net_msg_add(reply, "network", leg->network->def.name);
	net_msg_add(reply, "endpoint", leg->endpoint_id);
	add_addr(reply, "ip", AF_INET, &leg->leg.ip);
	net_msg_add_int(reply, "prefix", bridge->ipam.prefix);
	if (!bridge->internal)
		add_addr(reply, "gateway", AF_INET, &gateway);
	if (member->served)
		net_msg_add(reply, "dns", HUB_NAMES_ADDRESS);
	else
		add_addr(reply, "dns", AF_INET, &gateway);
	strvec_addf(&reply->fields, "mac=%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		    mac[1], mac[2], mac[3], mac[4], mac[5]);
	net_msg_add(reply, "host", UPLINK_HOST);
	net_msg_add(reply, "interface", leg->leg.interface);
	if (!bridge->subnet6.family)
		return;
	add_addr(reply, "ip6", AF_INET6, &leg->leg.ip6);
	net_msg_add_int(reply, "prefix6", bridge->subnet6.prefix);
	if (!bridge->internal)
		add_addr(reply, "gateway6", AF_INET6, &bridge->gateway6);
}

void
hub_member_summarize(const struct hub_member *member, const struct hub_leg *leg,
		     struct net_msg *reply)
{
	const struct fabric_bridge *bridge = &leg->network->bridge;
	char ip[INET_ADDRSTRLEN], ip6[INET6_ADDRSTRLEN];
	const uint8_t *mac = leg->leg.mac;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%s %s %s %s %02x:%02x:%02x:%02x:%02x:%02x %s %u",
		    member->id, member->name[0] ? member->name : "-",
		    leg->network->def.name,
		    leg->endpoint_id[0] ? leg->endpoint_id : "-", mac[0],
		    mac[1], mac[2], mac[3], mac[4], mac[5],
		    inet_ntop(AF_INET, &leg->leg.ip, ip, sizeof(ip)),
		    bridge->ipam.prefix);
	if (bridge->subnet6.family)
		strbuf_addf(&sb, " %s %u",
			    inet_ntop(AF_INET6, &leg->leg.ip6, ip6,
				      sizeof(ip6)),
			    bridge->subnet6.prefix);
	net_msg_add(reply, "member", sb.buf);
}
