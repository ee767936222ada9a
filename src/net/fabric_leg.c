/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/fabric_leg.c - what a container has in the fabric: legs, open ports.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "net/fabric.h"
#include "net/fabric_priv.h"
#include "net/uplink.h"

#define REPLY_PRIORITY 1000
#define LOOPBACK_PRIORITY 1700
#define FLOW_PRIORITY 1850

/*
 * The far end never has the near end's index: by that the kernel knows that a
 * carrier coming up is urgent, else it may take a second to say so.
 */
static int
far_index(const struct fabric_leg *leg)
{
	return leg->index + 1;
}

static void
plan_default(struct netlink *nl, const struct fabric_bridge *bridge,
	     const struct fabric_leg *leg)
{
	struct netlink_route route = {
		.to.family = AF_INET,
		.via = fabric_addr4(bridge, ipam_gateway(&bridge->ipam)),
		.index = far_index(leg),
	};

	netlink_add_route(nl, &route);
	if (!bridge->subnet6.family)
		return;
	route.to.family = AF_INET6;
	route.via = bridge->subnet6;
	route.via.v6 = bridge->gateway6;
	netlink_add_route(nl, &route);
}

/* Requests for the container's own namespace. */
static void
plan_leg(struct netlink *nl, const struct fabric_bridge *bridge,
	 const struct fabric_leg *leg)
{
	const int index = far_index(leg);
	struct netlink_addr addr = fabric_addr4(bridge, leg->ip);

	if (leg->is_first)
		netlink_set_up(nl, 1, 0);
	netlink_set_up(nl, index, 0);
	netlink_add_addr(nl, index, &addr);
	if (bridge->subnet6.family) {
		addr = bridge->subnet6;
		addr.v6 = leg->ip6;
		netlink_add_addr(nl, index, &addr);
	}
	if (leg->is_default)
		plan_default(nl, bridge, leg);
}

/*
 * As Docker: any user of the container may bind any port and ping. The
 * largest group differs: only ids mapped in our user namespace are taken.
 */
static void
open_low_ports(const struct fabric *fabric)
{
	(void)fabric_write_sysctl(fabric, "ipv4/ip_unprivileged_port_start",
				  "0");
	if (fabric_write_sysctl(fabric, "ipv4/ping_group_range", "0 65535") < 0)
		(void)fabric_write_sysctl(fabric, "ipv4/ping_group_range",
					  "0 0");
}

typedef void (*leg_fn)(struct netlink *nl, const struct fabric_bridge *bridge,
		       const struct fabric_leg *leg);

/* Carry out what @plan asks for in the container's namespace. */
static int
within(struct fabric *fabric, const struct fabric_bridge *bridge,
       const struct fabric_leg *leg, int netnsfd, leg_fn plan, struct err *err)
{
	struct netlink nl;
	int r;

	if (setns(netnsfd, CLONE_NEWNET) < 0)
		return err_sys(err, "enter the container's network namespace");
	r = netlink_open(&nl, err);
	if (r == 0) {
		plan(&nl, bridge, leg);
		r = netlink_commit(&nl, err);
		netlink_close(&nl);
	}
	if (plan == plan_leg && leg->is_first)
		open_low_ports(fabric);
	if (setns(fabric->netnsfd, CLONE_NEWNET) < 0) {
		/* We own that namespace: nothing can refuse. */
		assert(!"back in the fabric");
	}
	return r;
}

/* Forbid, or allow again, the address that stands for the host. */
static void
plan_loopback(struct netlink *nl, const struct fabric_bridge *bridge,
	      const struct fabric_leg *leg, bool forbid)
{
	struct netlink_rule rule = {
		.family = AF_INET,
		.priority = LOOPBACK_PRIORITY,
		.from = fabric_addr4(bridge, leg->ip),
		.to = { .family = AF_INET, .prefix = UPLINK_PREFIX },
		.prohibit = true,
	};

	if (!leg->no_host_loopback)
		return;
	rule.from.prefix = 32;
	(void)inet_pton(AF_INET, UPLINK_NETWORK, &rule.to.v4);
	(forbid ? netlink_add_rule : netlink_del_rule)(nl, &rule);
	if (!bridge->subnet6.family)
		return;
	rule.family = rule.to.family = AF_INET6;
	rule.from = (struct netlink_addr){ .family = AF_INET6,
					   .prefix = 128,
					   .v6 = leg->ip6 };
	rule.to.prefix = 64;
	(void)inet_pton(AF_INET6, UPLINK_NETWORK6, &rule.to.v6);
	(forbid ? netlink_add_rule : netlink_del_rule)(nl, &rule);
}

int
fabric_attach(struct fabric *fabric, const struct fabric_bridge *bridge,
	      struct fabric_leg *leg, int netnsfd, struct err *err)
{
	char name[FABRIC_NAME_BYTES];
	struct netlink_link near = {
		.index = fabric->next_index,
		.name = name,
		.mtu = bridge->mtu,
	};
	struct netlink_link far = {
		.name = leg->interface,
		.mac = leg->mac,
		.mtu = bridge->mtu,
	};
	int r;

	fabric->next_index += 2;
	leg->index = near.index;
	far.index = far_index(leg);
	(void)snprintf(name, sizeof(name), "leg%d", near.index);
	netlink_add_veth(&fabric->nl, &near, bridge->index, &far, netnsfd);
	if (bridge->isolated)
		netlink_isolate(&fabric->nl, near.index);
	plan_loopback(&fabric->nl, bridge, leg, true);
	r = netlink_commit(&fabric->nl, err);
	if (r == 0)
		r = within(fabric, bridge, leg, netnsfd, plan_leg, err);
	if (r < 0)
		fabric_detach(fabric, bridge, leg);
	return r;
}

int
fabric_sweep(struct fabric *fabric, int netnsfd, const struct strvec *names,
	     struct err *err)
{
	struct netlink nl;
	int r;

	if (setns(netnsfd, CLONE_NEWNET) < 0)
		return err_sys(err, "enter the container's network namespace");
	r = netlink_open(&nl, err);
	for (size_t i = 0; r == 0 && i < names->len; i++) {
		netlink_del_link_named(&nl, names->v[i]);
		(void)netlink_commit(&nl, NULL);
	}
	if (r == 0)
		netlink_close(&nl);
	if (setns(fabric->netnsfd, CLONE_NEWNET) < 0) {
		/* We own that namespace: nothing can refuse. */
		assert(!"back in the fabric");
	}
	return r;
}

int
fabric_set_default(struct fabric *fabric, const struct fabric_bridge *bridge,
		   struct fabric_leg *leg, int netnsfd, struct err *err)
{
	leg->is_default = true;
	return within(fabric, bridge, leg, netnsfd, plan_default, err);
}

void
fabric_detach(struct fabric *fabric, const struct fabric_bridge *bridge,
	      struct fabric_leg *leg)
{
	if (!leg->index)
		return;
	plan_loopback(&fabric->nl, bridge, leg, false);
	netlink_del_link(&fabric->nl, leg->index);
	/* Gone already when the container's namespace is. */
	(void)netlink_commit(&fabric->nl, NULL);
	leg->index = 0;
}

enum port_change {
	PORT_OPEN,
	PORT_CLOSE,
};

static int
change_port(struct fabric *fabric, const struct fabric_bridge *bridge,
	    const struct fabric_port *port, enum port_change change,
	    struct err *err)
{
	void (*request)(struct netlink *, const struct netlink_rule *) =
		change == PORT_OPEN ? netlink_add_rule : netlink_del_rule;
	struct netlink_rule rule = {
		.family = AF_INET,
		.priority = REPLY_PRIORITY,
		.table = FABRIC_LOCAL_TABLE,
		.in_interface = bridge->name,
		.from = fabric_addr4(bridge, port->leg->ip),
		.proto = port->proto,
		.source_port = port->number,
	};

	rule.from.prefix = 32;
	request(&fabric->nl, &rule);
	if (bridge->subnet6.family) {
		rule.family = AF_INET6;
		rule.from.family = AF_INET6;
		rule.from.v6 = port->leg->ip6;
		rule.from.prefix = 128;
		request(&fabric->nl, &rule);
	}
	return netlink_commit(&fabric->nl, err);
}

int
fabric_open_port(struct fabric *fabric, const struct fabric_bridge *bridge,
		 const struct fabric_port *port, struct err *err)
{
	return change_port(fabric, bridge, port, PORT_OPEN, err);
}

void
fabric_close_port(struct fabric *fabric, const struct fabric_bridge *bridge,
		  const struct fabric_port *port)
{
	(void)change_port(fabric, bridge, port, PORT_CLOSE, NULL);
}

static int
change_flow(struct fabric *fabric, const struct tcp_flow *flow,
	    void (*request)(struct netlink *, const struct netlink_rule *),
	    struct err *err)
{
	const struct netlink_rule rule = {
		.family = flow->client.family,
		.priority = FLOW_PRIORITY,
		.table = FABRIC_LOCAL_TABLE,
		.from = flow->client,
		.to = flow->server,
		.proto = IPPROTO_TCP,
		.source_port = flow->client_port,
		.destination_port = flow->server_port,
	};

	request(&fabric->nl, &rule);
	return netlink_commit(&fabric->nl, err);
}

int
fabric_open_flow(struct fabric *fabric, const struct tcp_flow *flow,
		 struct err *err)
{
	return change_flow(fabric, flow, netlink_add_rule, err);
}

void
fabric_close_flow(struct fabric *fabric, const struct tcp_flow *flow)
{
	(void)change_flow(fabric, flow, netlink_del_rule, NULL);
}
