/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_outer.c - the half of dhow-net that stays in the host's network.
 *
 * Whatever a container sends is parsed here, behind the walls of
 * net_confine.h: they stand before the first packet is read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>

#include "base/cleanup.h"
#include "base/loop.h"
#include "net/bypass.h"
#include "net/net_confine.h"
#include "net/net_halves.h"
#include "net/net_msg.h"
#include "net/resolver.h"
#include "net/subnet_pool.h"
#include "net/uplink.h"

struct outer {
	int innerfd;
	struct resolver *resolver;
};

static int
send_host(int innerfd, const struct subnet_pool *pool, struct err *err)
{
	struct netlink_addr subnet = subnet_pool_default(pool);
	struct net_msg msg = NET_MSG_INIT;
	char text[INET_ADDRSTRLEN];
	int r;

	net_msg_add(&msg, "op", "host");
	net_msg_add(&msg, "subnet",
		    inet_ntop(AF_INET, &subnet.v4, text, sizeof(text)));
	net_msg_add_int(&msg, "prefix", subnet.prefix);
	net_msg_add_int(&msg, "ipv6", pool->ipv6);
	r = net_msg_send(innerfd, &msg, err);
	net_msg_release_fields(&msg);
	return r;
}

/* Take one message of the inner half; -ECANCELED when it ended. */
static int
on_inner(struct loop_source *source, uint32_t events, void *data)
{
	struct outer *outer = data;
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r = net_msg_recv(outer->innerfd, &msg, NULL);
	const char *text;

	if (r <= 0)
		return -ECANCELED;
	text = net_msg_get(&msg, "text");
	if (net_msg_is(&msg, "resolvers") && text)
		resolver_set_conf(outer->resolver, span_of(text));
	else
		resolver_tell(outer->resolver, &msg);
	return 0;
}

/* The first message brings the tun device and a socket for bypass.h. */
static int
receive_tun(int innerfd, int *ret_tunfd, int *ret_askfd)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	int r = net_msg_recv(innerfd, &msg, NULL);

	if (r <= 0 || !net_msg_is(&msg, "uplink") || msg.fd_count != 2)
		return -ECANCELED;
	*ret_askfd = net_msg_take_fd(&msg, 1);
	*ret_tunfd = net_msg_take_fd(&msg, 0);
	return 0;
}

static bool
on_packet(const uint8_t *packet, size_t len, void *data)
{
	return bypass_outer_take(data, packet, len);
}

static void
on_declined(const void *packet, size_t len, void *data)
{
	uplink_input(data, packet, len);
}

static int
carry(int innerfd, struct uplink *uplink)
{
	struct loop *loop = loop_new();
	struct outer outer = { innerfd, resolver_new(loop) };
	cleanup_close int tunfd = -EBADF, askfd = -EBADF;
	int r = receive_tun(innerfd, &tunfd, &askfd);

	if (r == 0) {
		struct bypass_outer *bypass = bypass_outer_new(
			loop, tunfd, askfd, on_declined, uplink);

		uplink_set_take(uplink, on_packet, bypass);
		(void)loop_add_fd(loop, innerfd, EPOLLIN, on_inner, &outer);
		r = uplink_run(uplink, tunfd, loop);
		bypass_outer_free(bypass);
	}
	resolver_free(outer.resolver);
	loop_free(loop);
	return r == -ECANCELED ? 0 : r;
}

/*
 * libslirp keeps two buffers of 128 KiB with every TCP connection, closed ones
 * included for ten seconds. Mapped one by one they cost only what was written
 * to; recycled on the heap, all of it.
 */
static void
spare_memory(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, 100 << 10);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

int
net_outer_run(int innerfd, struct err *err)
{
	cleanup_with(uplink_free) struct uplink *uplink = NULL;
	struct subnet_pool pool;
	int r = subnet_pool_survey(&pool, err);

	spare_memory();
	if (r == 0)
		r = uplink_new(pool.ipv6, &uplink, err);
	if (r == 0)
		r = send_host(innerfd, &pool, err);
	if (r == 0)
		r = net_confine_outer(err);
	if (r < 0) {
		(void)net_msg_send_err(innerfd, err);
		return r;
	}
	return carry(innerfd, uplink);
}
