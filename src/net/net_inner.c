/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_inner.c - the half of dhow-net inside the fabric's namespace.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "net/hub.h"
#include "net/net_halves.h"
#include "net/net_msg.h"

static int
send_tun(struct hub_setup *setup, struct err *err)
{
	struct net_msg msg = NET_MSG_INIT;
	int pair[2], r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "make a socket pair");
	setup->askfd = pair[0];
	net_msg_add(&msg, "op", "uplink");
	net_msg_add_fd(&msg, setup->tunfd);
	net_msg_add_fd(&msg, pair[1]);
	r = net_msg_send(setup->outerfd, &msg, err);
	(void)close(pair[1]);
	net_msg_release_fields(&msg);
	return r;
}

/* What the outer half found out about the host, or why it gave up. */
static int
receive_host(struct hub_setup *setup, struct err *err)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	struct netlink_addr net = { .family = AF_INET };
	int r = net_msg_recv(setup->outerfd, &msg, err);
	const char *subnet = net_msg_get(&msg, "subnet");

	if (r < 0)
		return r;
	if (net_msg_is(&msg, "error"))
		return net_msg_to_err(&msg, err);
	if (!subnet || inet_pton(AF_INET, subnet, &net.v4) != 1)
		return err_set(err, EPROTO, "the outer half of dhow-net ended");
	net.prefix = (uint8_t)net_msg_get_int(&msg, "prefix", 0);
	setup->subnet = net;
	setup->ipv6 = net_msg_get_int(&msg, "ipv6", 0);
	return 0;
}

/* Everything that needs files or the old namespaces. */
static int
set_up(struct hub_setup *setup, struct err *err)
{
	int r = fabric_open(&setup->fabric, &setup->tunfd, err);

	if (r < 0)
		return r;
	r = resolv_watch_open(&setup->watch, err);
	if (r < 0)
		return r;
	(void)close(take_fd(setup->runfd));
	/* A mount of its own: no ".." leads from it to the host's files. */
	setup->runfd =
		open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (setup->runfd < 0)
		return err_sys(err, "hold the run directory");
	r = receive_host(setup, err);
	if (r < 0)
		return r;
	r = fabric_set_up(&setup->fabric, setup->ipv6, err);
	if (r < 0)
		return r;
	return send_tun(setup, err);
}

int
net_inner_run(int listenfd, int runfd, int outerfd, struct err *err)
{
	struct hub_setup setup = {
		.listenfd = listenfd,
		.runfd = runfd,
		.outerfd = outerfd,
		.tunfd = -EBADF,
		.askfd = -EBADF,
		.fabric = FABRIC_INIT,
		.watch = RESOLV_WATCH_INIT,
	};
	int r;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NAME, "dhow-net-inner");
	r = set_up(&setup, err);
	if (r < 0)
		(void)hub_remove_names(setup.runfd);
	else
		r = hub_run(&setup, err);
	if (r < 0)
		hub_refuse(listenfd, err);
	return r;
}
