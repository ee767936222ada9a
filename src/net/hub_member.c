/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_member.c - what one connected container holds.
 */
#include "net/hub_member.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/units.h"
#include "net/hub_names.h"
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
choose_ip6(const struct fabric_bridge *bridge, const char *text,
	   struct fabric_leg *leg, struct err *err)
{
	struct netlink_addr host = { .family = AF_INET6, .prefix = 128 };

	leg->ip6 = fabric_addr6(bridge, leg->ip).v6;
	if (!text)
		return 0;
	if (inet_pton(AF_INET6, text, &host.v6) != 1 ||
	    !bridge->subnet6.family || !ipam_overlap(&host, &bridge->subnet6))
		return err_set(err, EINVAL,
			       "'%s' is no IPv6 address of the network", text);
	if (memcmp(&host.v6, &bridge->gateway6, sizeof(host.v6)) == 0)
		return err_set(err, EEXIST, "address '%s' is the gateway's",
			       text);
	leg->ip6 = host.v6;
	return 0;
}

static int
choose_addresses(struct hub_network *network, const struct net_msg *msg,
		 struct fabric_leg *leg, struct err *err)
{
	const char *mac = net_msg_get(msg, "mac");

	ipam_mac(leg->ip, leg->mac);
	if (mac && parse_mac(mac, leg->mac) < 0)
		return err_set(err, EINVAL, "'%s' is no hardware address", mac);
	return choose_ip6(&network->bridge, net_msg_get(msg, "ip6"), leg, err);
}

static struct peer_target
port_target(const struct hub_leg *leg, uint16_t port)
{
	return (struct peer_target){
		.ip = leg->leg.ip,
		.ip6 = leg->leg.ip6,
		.ipv6 = leg->network->bridge.subnet6.family != 0,
		.port = port,
	};
}

/* The routing rules that bring replies back. */
static int
open_ports(struct hub_member *member, struct fabric *fabric, struct err *err)
{
	const struct hub_leg *leg = &member->legs[member->port_leg];

	for (size_t i = 0; i < member->published_len; i++) {
		const struct hub_publish *publish = &member->published[i];
		struct fabric_port port = { &leg->leg, publish->proto,
					    publish->port };
		int r = fabric_open_port(fabric, &leg->network->bridge, &port,
					 err);

		if (r < 0)
			return err_wrap(err, r, "publish port %u",
					publish->port);
	}
	member->ports_open = true;
	return 0;
}

static void
close_ports(struct hub_member *member, struct fabric *fabric)
{
	const struct hub_leg *leg = &member->legs[member->port_leg];

	for (size_t i = 0; member->ports_open && i < member->published_len;
	     i++) {
		const struct hub_publish *publish = &member->published[i];
		struct fabric_port port = { &leg->leg, publish->proto,
					    publish->port };

		fabric_close_port(fabric, &leg->network->bridge, &port);
	}
	member->ports_open = false;
}

static void
aim_relays(struct hub_member *member, struct loop *loop)
{
	const struct hub_leg *leg = &member->legs[member->port_leg];

	for (size_t i = 0; i < member->published_len; i++) {
		struct hub_publish *publish = &member->published[i];
		struct peer_target target = port_target(leg, publish->port);

		if (publish->relay)
			relay_set_target(publish->relay, &target);
		else
			publish->relay =
				relay_new(loop, publish->proto,
					  take_fd(publish->hostfd), &target);
	}
}

/* Who carries the default route, or SIZE_MAX. */
static size_t
default_leg(const struct hub_member *member)
{
	size_t best = HUB_MEMBER_NO_LEG;

	for (size_t i = 0; i < member->leg_count; i++) {
		const struct hub_leg *leg = &member->legs[i];

		if (!leg->network->def.internal &&
		    (best == HUB_MEMBER_NO_LEG ||
		     leg->priority > member->legs[best].priority))
			best = i;
	}
	return best;
}

/*
 * Published ports lead to the network with the way out, or to the first: an
 * internal network is reached from the host as Docker's is.
 */
static int
settle_ports(struct hub_member *member, struct hub_place *place,
	     struct err *err)
{
	size_t at = default_leg(member);

	if (at == HUB_MEMBER_NO_LEG)
		at = 0;
	if (!member->published_len || !member->leg_count ||
	    (member->ports_open && at == member->port_leg))
		return 0;
	if (member->ports_open)
		close_ports(member, place->networks->fabric);
	member->port_leg = at;
	aim_relays(member, place->loop);
	return open_ports(member, place->networks->fabric, err);
}

static bool
has_interface(const struct hub_member *member, const char *name)
{
	for (size_t i = 0; i < member->leg_count; i++)
		if (strcmp(member->legs[i].leg.interface, name) == 0)
			return true;
	return false;
}

static int
name_interface(const struct hub_member *member, const struct net_msg *msg,
	       struct fabric_leg *leg, struct err *err)
{
	const char *wanted = net_msg_get(msg, "interface");
	int number = 0;

	if (wanted && (strlen(wanted) >= sizeof(leg->interface) ||
		       has_interface(member, wanted)))
		return err_set(err, EEXIST, "interface '%s' exists", wanted);
	if (wanted) {
		(void)snprintf(leg->interface, sizeof(leg->interface), "%s",
			       wanted);
		return 0;
	}
	do
		(void)snprintf(leg->interface, sizeof(leg->interface), "eth%d",
			       number++);
	while (has_interface(member, leg->interface));
	return 0;
}

/* Address and leg on @network; all or nothing. */
static int
add_leg(struct hub_member *member, struct hub_network *network,
	struct fabric *fabric, struct net_msg *msg, struct err *err)
{
	struct hub_leg *leg = &member->legs[member->leg_count];
	size_t old = default_leg(member);
	int r;

	*leg = (struct hub_leg){
		.network = network,
		.priority = net_msg_get_int(msg, "priority", 0),
		.leg.is_first =
			net_msg_is(msg, "join") && member->leg_count == 0,
		.leg.no_host_loopback = net_msg_get_int(msg, "noloopback", 0),
		.leg.is_default = !network->def.internal &&
				  (old == HUB_MEMBER_NO_LEG ||
				   net_msg_get_int(msg, "priority", 0) >
					   member->legs[old].priority),
	};
	(void)snprintf(leg->endpoint_id, sizeof(leg->endpoint_id), "%s",
		       net_msg_get(msg, "endpoint") ?: "");
	r = name_interface(member, msg, &leg->leg, err);
	if (r == 0)
		r = take_address(network, msg, &leg->leg, err);
	if (r < 0)
		return r;
	r = choose_addresses(network, msg, &leg->leg, err);
	if (r == 0)
		r = fabric_attach(fabric, &network->bridge, &leg->leg,
				  msg->fds[0], err);
	if (r < 0) {
		ipam_give_back(&network->bridge.ipam, leg->leg.ip);
		return r;
	}
	network->leg_count++;
	member->leg_count++;
	return 0;
}

static void
drop_leg(struct hub_member *member, size_t at, struct fabric *fabric)
{
	struct hub_leg *leg = &member->legs[at];

	fabric_detach(fabric, &leg->network->bridge, &leg->leg);
	ipam_give_back(&leg->network->bridge.ipam, leg->leg.ip);
	leg->network->leg_count--;
	member->leg_count--;
	(void)memmove(leg, leg + 1, (member->leg_count - at) * sizeof(*leg));
}

static size_t
find_leg(const struct hub_member *member, const char *network)
{
	for (size_t i = 0; network && i < member->leg_count; i++)
		if (strcmp(member->legs[i].network->def.name, network) == 0)
			return i;
	return HUB_MEMBER_NO_LEG;
}

/* The name server learns what finds it there; what it knew is replaced. */
static int
make_known(const struct hub_member *member, const struct hub_leg *leg,
	   int outerfd, const struct net_msg *msg, struct err *err)
{
	cleanup_strvec struct strvec list = STRVEC_INIT;
	cleanup_strvec struct strvec upstreams = STRVEC_INIT;
	struct hub_names names = {
		.id = member->id,
		.network = leg->network->def.name,
		.internal = leg->network->def.internal,
		.leg = &leg->leg,
		.ipv6 = leg->network->bridge.subnet6.family != 0,
		.own_name = member->name,
		.names = &list,
		.upstreams = &upstreams,
	};

	for (size_t i = 0; i < msg->fields.len; i++) {
		const char *alias = text_after(msg->fields.v[i], "alias=");
		const char *upstream =
			text_after(msg->fields.v[i], "upstream=");

		if (alias)
			strvec_add(&list, alias);
		if (upstream)
			strvec_add(&upstreams, upstream);
	}
	return hub_names_add(outerfd, &names, err);
}

/* And serves it inside, if it asks so. */
static int
serve_names(struct hub_member *member, const struct hub_networks *networks,
	    const struct net_msg *msg, struct err *err)
{
	int r;

	if (member->served || !net_msg_get_int(msg, "dns", 0))
		return 0;
	r = hub_names_serve_container(networks->outerfd, networks->fabric,
				      member->id, msg->fds[0], err);
	member->served = r == 0;
	return r;
}

static int
read_who(struct hub_member *member, const struct net_msg *msg, struct err *err)
{
	const char *id = net_msg_get(msg, "id");
	const char *name = net_msg_get(msg, "name") ?: "";

	if (!id || strlen(id) >= sizeof(member->id) ||
	    strlen(name) >= sizeof(member->name) || !msg->fd_count)
		return err_set(err, EPROTO, "a join without a container came");
	(void)snprintf(member->id, sizeof(member->id), "%s", id);
	(void)snprintf(member->name, sizeof(member->name), "%s", name);
	return 0;
}

static int
sweep(struct fabric *fabric, const struct net_msg *msg, struct err *err)
{
	cleanup_strvec struct strvec stale = STRVEC_INIT;

	for (size_t i = 0; i < msg->fields.len; i++) {
		const char *name = text_after(msg->fields.v[i], "stale=");

		if (name && strlen(name) < FABRIC_NAME_BYTES)
			strvec_add(&stale, name);
	}
	return stale.len ? fabric_sweep(fabric, msg->fds[0], &stale, err) : 0;
}

int
hub_member_join(struct hub_member *member, struct hub_place *place,
		struct net_msg *msg, struct net_msg *reply, struct err *err)
{
	struct hub_networks *networks = place->networks;
	struct hub_network *network;
	struct net_def def;
	int r = net_def_read(msg, &def, err);

	if (r == 0)
		r = read_who(member, msg, err);
	if (r < 0)
		return r;
	if (find_leg(member, def.name) != HUB_MEMBER_NO_LEG)
		return err_set(err, EEXIST,
			       "container '%s' is on network '%s' already",
			       member->name, def.name);
	if (member->leg_count == HUB_MEMBER_MAX_LEGS)
		return err_set(err, ENOSPC,
			       "a container joins at most %d networks",
			       HUB_MEMBER_MAX_LEGS);
	r = sweep(networks->fabric, msg, err);
	if (r == 0)
		r = hub_network_get(networks, &def, &network, err);
	if (r == 0)
		r = add_leg(member, network, networks->fabric, msg, err);
	if (r == -EPERM)
		err_hint(
			err,
			"the network process belongs to another user namespace: end its containers first");
	if (r < 0)
		return r;
	r = make_known(member, &member->legs[member->leg_count - 1],
		       networks->outerfd, msg, err);
	if (r == 0)
		r = serve_names(member, networks, msg, err);
	if (r == 0)
		r = settle_ports(member, place, err);
	if (r < 0) {
		hub_names_forget(networks->outerfd, member->id, def.name);
		drop_leg(member, member->leg_count - 1, networks->fabric);
		return r;
	}
	hub_member_describe(member, &member->legs[member->leg_count - 1],
			    "joined", reply);
	return 0;
}

/* Nothing is left that a published port could lead to. */
static void
aim_nowhere(struct hub_member *member)
{
	const struct peer_target nowhere = { .port = 0 };

	for (size_t i = 0; i < member->published_len; i++)
		relay_set_target(member->published[i].relay, &nowhere);
}

/* Another leg takes over what the one that left did. */
static int
hand_over(struct hub_member *member, struct hub_place *place,
	  const struct net_msg *msg, bool was_default, bool had_ports,
	  struct err *err)
{
	size_t at = default_leg(member);
	int r = 0;

	if (was_default && at != HUB_MEMBER_NO_LEG) {
		struct hub_leg *leg = &member->legs[at];

		r = fabric_set_default(place->networks->fabric,
				       &leg->network->bridge, &leg->leg,
				       msg->fds[0], err);
	}
	if (r < 0 || !had_ports)
		return r;
	if (member->leg_count)
		return settle_ports(member, place, err);
	aim_nowhere(member);
	return 0;
}

int
hub_member_leave(struct hub_member *member, struct hub_place *place,
		 const struct net_msg *msg, struct err *err)
{
	struct hub_networks *networks = place->networks;
	const char *name = net_msg_get(msg, "network");
	size_t at = find_leg(member, name);
	bool was_default, had_ports;

	if (!msg->fd_count)
		return err_set(err, EPROTO,
			       "a request without a namespace came");
	if (at == HUB_MEMBER_NO_LEG)
		return err_set(err, ENOENT,
			       "container '%s' is not on network '%s'",
			       member->name, name ?: "");
	was_default = member->legs[at].leg.is_default;
	had_ports = member->ports_open;
	close_ports(member, networks->fabric);
	hub_names_forget(networks->outerfd, member->id, name);
	bypass_inner_forget(networks->bypass, &member->legs[at].leg);
	drop_leg(member, at, networks->fabric);
	return hand_over(member, place, msg, was_default, had_ports, err);
}

int
hub_member_rename(struct hub_member *member,
		  const struct hub_networks *networks,
		  const struct net_msg *msg, struct err *err)
{
	const char *name = net_msg_get(msg, "name") ?: "";
	size_t at = find_leg(member, net_msg_get(msg, "network"));

	if (strlen(name) >= sizeof(member->name))
		return err_set(err, EPROTO, "a bad name came");
	(void)snprintf(member->name, sizeof(member->name), "%s", name);
	/* It may have left that network meanwhile. */
	return at == HUB_MEMBER_NO_LEG
		       ? 0
		       : make_known(member, &member->legs[at],
				    networks->outerfd, msg, err);
}

void
hub_member_silence(struct hub_member *member,
		   const struct hub_networks *networks)
{
	for (size_t i = 0; i < member->published_len; i++) {
		struct hub_publish *publish = &member->published[i];

		relay_free(take_ptr(publish->relay));
		if (publish->hostfd >= 0)
			(void)close(take_fd(publish->hostfd));
	}
	if (!networks || !member->leg_count)
		return;
	for (size_t i = 0; i < member->leg_count; i++)
		bypass_inner_forget(networks->bypass, &member->legs[i].leg);
	hub_names_forget(networks->outerfd, member->id, NULL);
}

void
hub_member_forget(struct hub_member *member)
{
	hub_member_silence(member, NULL);
	free(member->published);
	*member = (struct hub_member)HUB_MEMBER_INIT;
}

void
hub_member_release(struct hub_member *member, struct fabric *fabric)
{
	close_ports(member, fabric);
	while (member->leg_count)
		drop_leg(member, member->leg_count - 1, fabric);
	hub_member_forget(member);
}
