/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_network.c - the networks that exist in the fabric.
 */
#include "net/hub_network.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "net/hub.h"
#include "net/hub_names.h"
#include "net/net_client.h"

/* fd64:686f:7700:: "dho w": never seen outside this host. */
#define NETWORK6 "fd64:686f:7710::/64"

/* What nobody described: the default network. */
static int
describe_default(const struct hub_networks *networks, struct net_def *def,
		 struct err *err)
{
	if (strcmp(def->name, NET_DEFAULT_NAME) != 0)
		return err_set(err, ENOENT, "network %s not found", def->name);
	def->v4 = (struct ipam_plan){ .subnet = networks->subnet };
	if (networks->ipv6)
		return net_def_set6(def, NETWORK6, NULL, NULL, err);
	return 0;
}

static void
drop(struct hub_networks *networks, struct hub_network *network)
{
	hub_names_stop_network(networks->outerfd, network->def.name);
	fabric_del_bridge(networks->fabric, &network->bridge);
	(void)map_del(&networks->by_name, network->def.name);
	free(network);
}

/*
 * Another network with this name or these addresses, made before: without
 * containers it has been removed and is only still here.
 */
static struct hub_network *
find_rival(const struct hub_networks *networks, const struct net_def *def)
{
	for (map_each(e, &networks->by_name)) {
		struct hub_network *other = e->value;

		if (strcmp(other->def.name, def->name) == 0 ||
		    ipam_overlap(&other->def.v4.subnet, &def->v4.subnet) ||
		    (def->subnet6.family &&
		     ipam_overlap(&other->def.subnet6, &def->subnet6)))
			return other;
	}
	return NULL;
}

static int
make_room(struct hub_networks *networks, const struct net_def *def,
	  struct err *err)
{
	struct hub_network *rival;

	while ((rival = find_rival(networks, def))) {
		if (rival->leg_count) {
			(void)err_set(
				err, EEXIST,
				"network '%s' has addresses of network '%s', which is in use",
				def->name, rival->def.name);
			err_hint(err, "end the containers of '%s' first",
				 rival->def.name);
			return -EEXIST;
		}
		drop(networks, rival);
	}
	if (networks->by_name.live == HUB_MAX_NETWORKS)
		return err_set(err, ENOSPC,
			       "there are %d networks in use already",
			       HUB_MAX_NETWORKS);
	return 0;
}

static int
make_network(struct hub_networks *networks, const struct net_def *wanted,
	     struct hub_network **ret_network, struct err *err)
{
	struct net_def def = *wanted;
	struct fabric_bridge bridge;
	struct hub_network *network;
	int r = 0;

	if (!def.v4.subnet.family)
		r = describe_default(networks, &def, err);
	if (r == 0)
		r = make_room(networks, &def, err);
	if (r == 0)
		r = fabric_add_bridge(networks->fabric, &def, &bridge, err);
	if (r < 0)
		return r;
	r = hub_names_serve_network(networks->outerfd, &def, &bridge, err);
	if (r < 0) {
		fabric_del_bridge(networks->fabric, &bridge);
		return r;
	}
	network = xcalloc(1, sizeof(*network));
	network->def = def;
	network->bridge = bridge;
	(void)map_set(&networks->by_name, def.name, network);
	*ret_network = network;
	return 0;
}

int
hub_network_get(struct hub_networks *networks, const struct net_def *def,
		struct hub_network **ret_network, struct err *err)
{
	struct hub_network *network = map_get(&networks->by_name, def->name);

	if (network && strcmp(network->def.id, def->id) == 0) {
		*ret_network = network;
		return 0;
	}
	return make_network(networks, def, ret_network, err);
}

void
hub_networks_release(struct hub_networks *networks)
{
	for (map_each(e, &networks->by_name)) {
		struct hub_network *network = e->value;

		ipam_release(&network->bridge.ipam);
		free(network);
	}
	map_release(&networks->by_name);
}
