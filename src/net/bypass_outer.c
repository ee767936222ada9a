/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/bypass_outer.c - outgoing TCP, the half in the host's network.
 *
 * States of a slot: free → connecting → carried by the inner half → free. A
 * SYN of a flow that has a slot is one sent again, or of a client that began
 * anew from the same port: the last one counts until the server answered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/alloc.h"
#include "base/io.h"
#include "net/bypass.h"
#include "net/pair.h"
#include "net/peer.h"
#include "net/uplink.h"

/*
 * SYNs sent to a silent server: half a minute. A client that is more patient
 * sends its own again, which starts anew.
 */
#define SYN_COUNT 4

struct slot {
	struct bypass_outer *outer;
	bool is_used;
	struct tcp_flow flow;
	int fd; /* while connecting */
	struct loop_source *source;
	uint8_t syn[TCP_SYN_MAX_BYTES];
	size_t syn_len;
};

struct bypass_outer {
	struct loop *loop;
	struct loop_source *source;
	int tunfd;
	int askfd;
	bool off; /* the inner half cannot do it */
	bool declining;
	bypass_decline_fn decline;
	void *data;
	size_t slot_end; /* none behind it was ever used */
	struct slot slots[BYPASS_MAX_FLOWS];
};

static void
slot_stop(struct slot *slot)
{
	loop_remove(take_ptr(slot->source));
	if (slot->fd >= 0)
		(void)close(take_fd(slot->fd));
}

static void
slot_free(struct slot *slot)
{
	slot_stop(slot);
	slot->is_used = false;
}

/* Its SYN is libslirp's. */
static void
slot_decline(struct slot *slot)
{
	struct bypass_outer *outer = slot->outer;

	slot_free(slot);
	outer->declining = true;
	outer->decline(slot->syn, slot->syn_len, outer->data);
	outer->declining = false;
}

/* The slot of @flow, or one that is free, or NULL. */
static struct slot *
find_slot(struct bypass_outer *outer, const struct tcp_flow *flow)
{
	struct slot *room = NULL;

	for (size_t i = 0; i < outer->slot_end; i++) {
		struct slot *slot = &outer->slots[i];

		if (!slot->is_used)
			room = room ?: slot;
		else if (tcp_flow_equal(&slot->flow, flow))
			return slot;
	}
	if (!room && outer->slot_end < BYPASS_MAX_FLOWS)
		room = &outer->slots[outer->slot_end++];
	return room;
}

/* The host has an address of its own there. */
static socklen_t
server_address(const struct tcp_flow *flow, struct sockaddr_storage *ret_addr)
{
	struct netlink_addr server = flow->server;
	struct netlink_addr host = { .family = server.family };

	if (server.family == AF_INET) {
		(void)inet_pton(AF_INET, UPLINK_HOST, &host.v4);
		if (server.v4.s_addr == host.v4.s_addr)
			server.v4.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		(void)inet_pton(AF_INET6, UPLINK_HOST6, &host.v6);
		if (IN6_ARE_ADDR_EQUAL(&server.v6, &host.v6))
			server.v6 = in6addr_loopback;
	}
	return tcp_flow_sockaddr(&server, flow->server_port, ret_addr);
}

/* Returns a socket, or -errno of a failure that is no server's answer. */
static int
begin_connect(const struct tcp_flow *flow)
{
	struct sockaddr_storage addr;
	socklen_t len = server_address(flow, &addr);
	int one = 1, count = SYN_COUNT;
	cleanup_close int fd = -EBADF;

	fd = socket(addr.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    0);
	if (fd < 0)
		return -errno;
	if (peer_is_loopback(&addr))
		pair_set_local(fd);
	(void)setsockopt(fd, SOL_TCP, TCP_SYNCNT, &count, sizeof(count));
	/* Who is connected through us cannot ask by itself. */
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	if (connect(fd, (struct sockaddr *)&addr, len) < 0 &&
	    errno != EINPROGRESS)
		return -errno;
	return take_fd(fd);
}

static void
refuse(struct slot *slot, int code)
{
	uint8_t reply[TCP_SYN_REFUSAL_BYTES];
	size_t len;

	/* Silence is passed on as silence. */
	if (code == ETIMEDOUT)
		return;
	len = tcp_syn_refuse(slot->syn, slot->syn_len, code, reply);
	(void)!write(slot->outer->tunfd, reply, len);
}

/* Give the connected socket away; false: there is nobody to take it. */
static bool
hand_over(struct slot *slot)
{
	struct bypass_outer *outer = slot->outer;
	struct bypass_ask ask = {
		.id = (uint32_t)(slot - outer->slots),
		.syn_len = (uint32_t)slot->syn_len,
	};

	(void)memcpy(ask.syn, slot->syn, slot->syn_len);
	return io_send_fds(outer->askfd, &ask, sizeof(ask), &slot->fd, 1) == 0;
}

static int
on_connected(struct loop_source *source, uint32_t events, void *data)
{
	struct slot *slot = data;
	int code = 0;
	socklen_t len = sizeof(code);

	if (getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
		code = errno;
	if (code) {
		refuse(slot, code);
		slot_free(slot);
	} else if (hand_over(slot)) {
		slot_stop(slot);
	} else {
		slot_decline(slot);
	}
	return 0;
}

static void
keep_syn(struct slot *slot, const uint8_t *packet, size_t len)
{
	(void)memcpy(slot->syn, packet, len);
	slot->syn_len = len;
}

bool
bypass_outer_take(struct bypass_outer *outer, const uint8_t *packet, size_t len)
{
	struct tcp_flow flow;
	struct slot *slot;
	int fd;

	if (outer->off || outer->declining || !tcp_syn_read(packet, len, &flow))
		return false;
	slot = find_slot(outer, &flow);
	if (!slot)
		return false;
	if (slot->is_used) {
		if (slot->fd >= 0)
			keep_syn(slot, packet, len);
		return true;
	}
	fd = begin_connect(&flow);
	if (fd < 0)
		return false;
	*slot = (struct slot){
		.outer = outer, .is_used = true, .flow = flow, .fd = fd
	};
	keep_syn(slot, packet, len);
	slot->source =
		loop_add_fd(outer->loop, fd, EPOLLOUT, on_connected, slot);
	return true;
}

static int
on_over(struct loop_source *source, uint32_t events, void *data)
{
	struct bypass_outer *outer = data;
	struct bypass_over over;
	ssize_t n = recv(outer->askfd, &over, sizeof(over), MSG_DONTWAIT);
	struct slot *slot;

	if (n != sizeof(over) || over.id >= outer->slot_end)
		return n < 0 && errno == EAGAIN ? 0 : -ECANCELED;
	slot = &outer->slots[over.id];
	if (!over.refused) {
		slot_free(slot);
		return 0;
	}
	outer->off = true;
	slot_decline(slot);
	return 0;
}

struct bypass_outer *
bypass_outer_new(struct loop *loop, int tunfd, int askfd,
		 bypass_decline_fn decline, void *data)
{
	struct bypass_outer *outer = xcalloc(1, sizeof(*outer));

	outer->loop = loop;
	outer->tunfd = tunfd;
	outer->askfd = askfd;
	outer->decline = decline;
	outer->data = data;
	outer->source = loop_add_fd(loop, askfd, EPOLLIN, on_over, outer);
	return outer;
}

void
bypass_outer_free(struct bypass_outer *outer)
{
	if (!outer)
		return;
	for (size_t i = 0; i < outer->slot_end; i++)
		slot_free(&outer->slots[i]);
	loop_remove(outer->source);
	free(outer);
}
