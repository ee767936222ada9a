/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_network.c - the networks that exist in the fabric.
 */
#include "net/hub_network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "net/hub.h"
#include "net/net_client.h"

#define DNS_PORT 53
#define DNS_BACKLOG 64
/* fd64:686f:7700:: "dho w": never seen outside this host. */
#define NETWORK6 "fd64:686f:7710::"

static void
hub_network_free(struct hub_network *network)
{
	ipam_release(&network->bridge.ipam);
	free(network);
}
DEFINE_CLEANUP(struct hub_network *, hub_network_free);

static int
open_name_server(struct in_addr gateway, int type, struct err *err)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(DNS_PORT),
		.sin_addr = gateway,
	};
	cleanup_close int fd = -EBADF;
	int one = 1;

	fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, "open a name server socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    (type == SOCK_STREAM && listen(fd, DNS_BACKLOG) < 0))
		return err_sys(err, "bind the name server");
	return take_fd(fd);
}

/* Open the name server's sockets here and hand them to the other process. */
static int
start_name_server(const struct hub_networks *networks, struct in_addr gateway,
		  struct err *err)
{
	struct net_msg msg = NET_MSG_INIT;
	cleanup_close int udpfd = -EBADF, tcpfd = -EBADF;
	int r;

	udpfd = open_name_server(gateway, SOCK_DGRAM, err);
	if (udpfd < 0)
		return udpfd;
	tcpfd = open_name_server(gateway, SOCK_STREAM, err);
	if (tcpfd < 0)
		return tcpfd;
	net_msg_add(&msg, "op", "serve");
	net_msg_add_fd(&msg, udpfd);
	net_msg_add_fd(&msg, tcpfd);
	r = net_msg_send(networks->outerfd, &msg, err);
	net_msg_release_fields(&msg);
	return r;
}

static int
make_network(struct hub_networks *networks, const char *name,
	     struct hub_network **ret_network, struct err *err)
{
	cleanup_with(hub_network_free) struct hub_network *network = NULL;
	int r;

	network = xcalloc(1, sizeof(*network));
	r = ipam_init(&network->bridge.ipam, &networks->subnet, err);
	if (r < 0)
		return r;
	network->gateway = ipam_gateway(&network->bridge.ipam);
	network->bridge.ipv6 = true;
	(void)inet_pton(AF_INET6, NETWORK6, &network->bridge.net6);
	r = fabric_add_bridge(networks->fabric, &network->bridge, err);
	if (r < 0)
		return err_wrap(err, r, "network '%s'", name);
	r = start_name_server(networks, network->gateway, err);
	if (r < 0)
		return err_wrap(err, r, "network '%s'", name);
	*ret_network = take_ptr(network);
	return 0;
}

int
hub_network_get(struct hub_networks *networks, const char *name,
		struct hub_network **ret_network, struct err *err)
{
	struct hub_network *network = map_get(&networks->by_name, name);
	int r;

	if (!network) {
		if (strcmp(name, NET_DEFAULT_NAME) != 0)
			return err_set(err, ENOENT, "network '%s' not found",
				       name);
		r = make_network(networks, name, &network, err);
		if (r < 0)
			return r;
		(void)map_set(&networks->by_name, name, network);
	}
	*ret_network = network;
	return 0;
}

void
hub_networks_release(struct hub_networks *networks)
{
	for (map_each(e, &networks->by_name))
		hub_network_free(e->value);
	map_release(&networks->by_name);
}
