/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_network.h - the networks that exist in the fabric.
 *
 * A network is made when its first container comes, as that one's program
 * describes it: a bridge, its addresses, its name server's sockets. It stays
 * until the process ends or another network needs its name or addresses.
 */
#ifndef DHOW_NET_HUB_NETWORK_H
#define DHOW_NET_HUB_NETWORK_H

#include "base/map.h"
#include "net/bypass.h"
#include "net/fabric.h"
#include "net/net_msg.h"

struct hub_network {
	struct net_def def;
	struct fabric_bridge bridge;
	size_t leg_count; /* of those that have left, too */
};

struct hub_networks {
	struct map by_name;
	struct fabric *fabric;
	struct netlink_addr subnet; /* of the default network */
	bool ipv6;                  /* the default network has it */
	int outerfd;                /* where name server sockets go */
	struct bypass_inner *bypass;
};

/*
 * The network @def describes, made when it does not exist. @def needs no
 * addresses for the default network.
 *
 * Returns 0; -EEXIST when its addresses are another one's, -ENOENT when it
 * has none, -ENOSPC.
 */
int hub_network_get(struct hub_networks *networks, const struct net_def *def,
		    struct hub_network **ret_network, struct err *err);
void hub_networks_release(struct hub_networks *networks);

#endif
