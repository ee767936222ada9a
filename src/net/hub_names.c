/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_names.c - what the name server is told: whom to serve, who is who.
 */
#include "net/hub_names.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"

#define DNS_PORT 53
#define DNS_BACKLOG 64

/* @device: only what comes in there, or NULL. */
static int
open_socket(struct in_addr ip, int type, const char *device, struct err *err)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(DNS_PORT),
		.sin_addr = ip,
	};
	cleanup_close int fd = -EBADF;
	int one = 1;

	fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, "open a name server socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
				 (socklen_t)strlen(device)) < 0)
		return err_sys(err, "tie the name server to its network");
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    (type == SOCK_STREAM && listen(fd, DNS_BACKLOG) < 0))
		return err_sys(err, "bind the name server");
	return take_fd(fd);
}

/* Add both sockets to @msg, whose sender closes them afterwards. */
static int
open_sockets(struct in_addr ip, const char *device, struct net_msg *msg,
	     struct err *err)
{
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };

	for (size_t i = 0; i < 2; i++) {
		int fd = open_socket(ip, types[i], device, err);

		if (fd < 0)
			return fd;
		net_msg_add_fd(msg, fd);
	}
	return 0;
}

int
hub_names_serve_network(int outerfd, const struct net_def *def,
			const struct fabric_bridge *bridge, struct err *err)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r;

	net_msg_add(&msg, "op", "serve");
	net_msg_add(&msg, "network", def->name);
	r = open_sockets(ipam_gateway(&bridge->ipam), bridge->name, &msg, err);
	return r < 0 ? r : net_msg_send(outerfd, &msg, err);
}

void
hub_names_stop_network(int outerfd, const char *name)
{
	struct net_msg msg = NET_MSG_INIT;

	net_msg_add(&msg, "op", "unserve");
	net_msg_add(&msg, "network", name);
	(void)net_msg_send(outerfd, &msg, NULL);
	net_msg_release_fields(&msg);
}

int
hub_names_serve_container(int outerfd, const struct fabric *fabric,
			  const char *id, int netnsfd, struct err *err)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	struct in_addr ip;
	int r;

	(void)inet_pton(AF_INET, HUB_NAMES_ADDRESS, &ip);
	net_msg_add(&msg, "op", "serve");
	net_msg_add(&msg, "id", id);
	if (setns(netnsfd, CLONE_NEWNET) < 0)
		return err_sys(err, "enter the container's network namespace");
	r = open_sockets(ip, NULL, &msg, err);
	if (setns(fabric->netnsfd, CLONE_NEWNET) < 0) {
		/* We own that namespace: nothing can refuse. */
		assert(!"back in the fabric");
	}
	return r < 0 ? r : net_msg_send(outerfd, &msg, err);
}

int
hub_names_add(int outerfd, const struct hub_names *names, struct err *err)
{
	const struct fabric_leg *leg = names->leg;
	struct net_msg msg = NET_MSG_INIT;
	char text[INET6_ADDRSTRLEN];
	int r;

	net_msg_add(&msg, "op", "name");
	net_msg_add(&msg, "id", names->id);
	net_msg_add(&msg, "network", names->network);
	if (names->internal)
		net_msg_add_int(&msg, "internal", 1);
	net_msg_add(&msg, "ip",
		    inet_ntop(AF_INET, &leg->ip, text, sizeof(text)));
	if (names->ipv6)
		net_msg_add(&msg, "ip6",
			    inet_ntop(AF_INET6, &leg->ip6, text, sizeof(text)));
	net_msg_add(&msg, "own", names->own_name);
	for (size_t i = 0; i < names->names->len; i++)
		net_msg_add(&msg, "name", names->names->v[i]);
	for (size_t i = 0; i < names->upstreams->len; i++)
		net_msg_add(&msg, "upstream", names->upstreams->v[i]);
	r = net_msg_send(outerfd, &msg, err);
	net_msg_release_fields(&msg);
	return r;
}

void
hub_names_forget(int outerfd, const char *id, const char *network)
{
	struct net_msg msg = NET_MSG_INIT;

	net_msg_add(&msg, "op", "forget");
	net_msg_add(&msg, "id", id);
	net_msg_add(&msg, "network", network);
	(void)net_msg_send(outerfd, &msg, NULL);
	net_msg_release_fields(&msg);
}
