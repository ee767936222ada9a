/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_network.h - the networks that exist in the fabric.
 *
 * A network is made when its first container comes and stays until the
 * process ends: a bridge, its addresses, its name server's sockets.
 */
#ifndef DHOW_NET_HUB_NETWORK_H
#define DHOW_NET_HUB_NETWORK_H

#include "base/map.h"
#include "net/fabric.h"
#include "net/net_msg.h"

struct hub_network {
	struct fabric_bridge bridge;
	struct in_addr gateway;
};

struct hub_networks {
	struct map by_name;
	struct fabric *fabric;
	struct netlink_addr subnet; /* of the default network */
	int outerfd;                /* where name server sockets go */
};

/* The network @name, made when it does not exist; -ENOENT, -ENOSPC. */
int hub_network_get(struct hub_networks *networks, const char *name,
		    struct hub_network **ret_network, struct err *err);
void hub_networks_release(struct hub_networks *networks);

#endif
