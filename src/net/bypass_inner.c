/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/bypass_inner.c - outgoing TCP, the half in the containers' network.
 *
 * States of a flow: handshake (rule, listener and SYN are there) → open (a
 * pair) → closing (the last acknowledgement is awaited, which the rule must
 * bring here) → over. A listener has the server's very address and lives as
 * long as its flows; it hears only SYNs that we put into the tun device. One
 * that comes straight from a container is that of a new connection where the
 * old one's rule has not gone yet: nobody hears it, and it is sent again.
 */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/units.h"
#include "net/bypass.h"
#include "net/pair.h"

#define BACKLOG BYPASS_MAX_FLOWS
/* A container that asked for a connection answers at once, or has gone. */
#define HANDSHAKE_NS (5 * UNITS_NS_PER_S)

struct listener {
	struct bypass_inner *inner;
	struct listener *next;
	struct netlink_addr server;
	uint16_t port;
	int fd;
	struct loop_source *source;
	size_t user_count;
};

struct flow {
	struct bypass_inner *inner;
	bool is_used;
	struct tcp_flow tcp;
	int hostfd;
	int fd; /* towards the container, once accepted */
	struct listener *listener;
	int64_t due_ns;           /* of the handshake's end */
	struct pair *pair;        /* while open */
	struct loop_source *last; /* while closing */
};

struct bypass_inner {
	struct loop *loop;
	struct fabric *fabric;
	int tunfd;
	int askfd;
	struct loop_source *source;
	struct loop_source *timer;
	bool timer_is_set;
	struct listener *listeners;
	struct flow flows[BYPASS_MAX_FLOWS]; /* at the outer half's ids */
};

static void
listener_unuse(struct listener *listener)
{
	struct listener **at = &listener->inner->listeners;

	if (--listener->user_count)
		return;
	while (*at != listener)
		at = &(*at)->next;
	*at = listener->next;
	loop_remove(listener->source);
	(void)close(listener->fd);
	free(listener);
}

static void
tell_over(struct bypass_inner *inner, const struct flow *flow, bool refused)
{
	struct bypass_over over = {
		.id = (uint32_t)(flow - inner->flows),
		.refused = refused,
	};

	(void)io_send_fds(inner->askfd, &over, sizeof(over), NULL, 0);
}

/* Give back what the flow has; sockets that are still open say @end. */
static void
flow_free(struct flow *flow, enum pair_end end)
{
	if (!flow->is_used)
		return;
	pair_free(take_ptr(flow->pair));
	loop_remove(take_ptr(flow->last));
	if (flow->listener)
		listener_unuse(take_ptr(flow->listener));
	if (flow->hostfd >= 0)
		pair_close(take_fd(flow->hostfd), end);
	if (flow->fd >= 0)
		pair_close(take_fd(flow->fd), end);
	flow->is_used = false;
}

static void
flow_over(struct flow *flow, enum pair_end end)
{
	fabric_close_flow(flow->inner->fabric, &flow->tcp);
	flow_free(flow, end);
	tell_over(flow->inner, flow, false);
}

static bool
is_closed(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	return getsockopt(fd, SOL_TCP, TCP_INFO, &info, &len) < 0 ||
	       info.tcpi_state == TCP_CLOSE;
}

static int
on_last(struct loop_source *source, uint32_t events, void *data)
{
	struct flow *flow = data;

	if (is_closed(flow->fd))
		flow_over(flow, PAIR_DONE);
	return 0;
}

static void
on_end(struct pair *pair, enum pair_end end, void *data)
{
	struct flow *flow = data;

	if (end == PAIR_RESET || is_closed(flow->fd)) {
		flow_over(flow, end);
		return;
	}
	pair_free(take_ptr(flow->pair));
	pair_close(take_fd(flow->hostfd), end);
	/* It hangs up from now on: only changes are of interest. */
	flow->last = loop_add_fd(flow->inner->loop, flow->fd, EPOLLET, on_last,
				 flow);
}

/* The flow whose handshake has ended with @peer connected to @listener. */
static struct flow *
find_accepted(const struct listener *listener,
	      const struct sockaddr_storage *peer, socklen_t len)
{
	struct bypass_inner *inner = listener->inner;

	for (size_t i = 0; i < BYPASS_MAX_FLOWS; i++) {
		struct flow *flow = &inner->flows[i];
		struct sockaddr_storage client;

		if (!flow->is_used || flow->fd >= 0 ||
		    flow->listener != listener)
			continue;
		if (tcp_flow_sockaddr(&flow->tcp.client, flow->tcp.client_port,
				      &client) == len &&
		    memcmp(&client, peer, len) == 0)
			return flow;
	}
	return NULL;
}

static int
on_listener(struct loop_source *source, uint32_t events, void *data)
{
	struct listener *listener = data;
	struct sockaddr_storage peer = { 0 };
	socklen_t len = sizeof(peer);
	struct flow *flow;
	int fds[2];
	int fd = accept4(listener->fd, (struct sockaddr *)&peer, &len,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return 0;
	flow = find_accepted(listener, &peer, len);
	if (!flow) {
		pair_close(fd, PAIR_RESET);
		return 0;
	}
	flow->fd = fds[1] = fd;
	fds[0] = flow->hostfd;
	flow->pair = pair_new(flow->inner->loop, fds, true, on_end, flow);
	return 0;
}

/* The filter sees the TCP header and knows where a packet came from. */
static int
hear_own_syns(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, TH_SYN, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FABRIC_UPLINK_INDEX, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = { ARRAY_LEN(code), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program));
}

static int
listen_as(const struct netlink_addr *server, uint16_t port)
{
	bool is_v4 = server->family == AF_INET;
	struct sockaddr_storage addr;
	socklen_t len = tcp_flow_sockaddr(server, port, &addr);
	cleanup_close int fd = -EBADF;
	int one = 1;

	fd = socket(server->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    0);
	if (fd < 0 ||
	    setsockopt(fd, is_v4 ? SOL_IP : SOL_IPV6,
		       is_v4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &one,
		       sizeof(one)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    hear_own_syns(fd) < 0 ||
	    bind(fd, (struct sockaddr *)&addr, len) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return -errno;
	return take_fd(fd);
}

static int
use_listener(struct bypass_inner *inner, struct flow *flow)
{
	const struct netlink_addr *server = &flow->tcp.server;
	uint16_t port = flow->tcp.server_port;
	struct listener *listener = inner->listeners;
	int fd;

	while (listener &&
	       (listener->port != port ||
		listener->server.family != server->family ||
		memcmp(&listener->server.v6, &server->v6, sizeof(server->v6))))
		listener = listener->next;
	if (!listener) {
		fd = listen_as(server, port);
		if (fd < 0)
			return fd;
		listener = xcalloc(1, sizeof(*listener));
		listener->inner = inner;
		listener->server = *server;
		listener->port = port;
		listener->fd = fd;
		listener->source = loop_add_fd(inner->loop, fd, EPOLLIN,
					       on_listener, listener);
		listener->next = inner->listeners;
		inner->listeners = listener;
	}
	listener->user_count++;
	flow->listener = listener;
	return 0;
}

static void
set_timer(struct bypass_inner *inner)
{
	if (!inner->timer_is_set)
		loop_set_timer(inner->timer, HANDSHAKE_NS);
	inner->timer_is_set = true;
}

/* Whose client did not answer is given up. */
static int
on_timer(struct loop_source *source, void *data)
{
	struct bypass_inner *inner = data;
	int64_t now_ns = units_monotonic_ns();
	bool waiting = false;

	for (size_t i = 0; i < BYPASS_MAX_FLOWS; i++) {
		struct flow *flow = &inner->flows[i];

		if (!flow->is_used || flow->fd >= 0)
			continue;
		if (flow->due_ns <= now_ns)
			flow_over(flow, PAIR_RESET);
		else
			waiting = true;
	}
	inner->timer_is_set = false;
	if (waiting)
		set_timer(inner);
	return 0;
}

/* Returns 0 or -errno: the kernel cannot. */
static int
begin(struct bypass_inner *inner, struct flow *flow,
      const struct bypass_ask *ask)
{
	int r = use_listener(inner, flow);

	if (r < 0)
		return r;
	r = fabric_open_flow(inner->fabric, &flow->tcp, NULL);
	if (r < 0)
		return r;
	flow->due_ns = units_monotonic_ns() + HANDSHAKE_NS;
	set_timer(inner);
	(void)!write(inner->tunfd, ask->syn, ask->syn_len);
	return 0;
}

static int
on_ask(struct loop_source *source, uint32_t events, void *data)
{
	struct bypass_inner *inner = data;
	struct bypass_ask ask;
	cleanup_close int hostfd = -EBADF;
	size_t count = 1;
	ssize_t n =
		io_recv_fds(inner->askfd, &ask, sizeof(ask), &hostfd, &count);
	struct tcp_flow tcp;
	struct flow *flow;

	/* The hub learns by itself that the outer half has ended. */
	if (n == 0)
		loop_remove(take_ptr(inner->source));
	if (n != sizeof(ask) || ask.id >= BYPASS_MAX_FLOWS ||
	    ask.syn_len > sizeof(ask.syn) || hostfd < 0 ||
	    !tcp_syn_read(ask.syn, ask.syn_len, &tcp))
		return 0;
	flow = &inner->flows[ask.id];
	flow_free(flow, PAIR_RESET);
	*flow = (struct flow){ .inner = inner,
			       .is_used = true,
			       .tcp = tcp,
			       .hostfd = take_fd(hostfd),
			       .fd = -EBADF };
	if (begin(inner, flow, &ask) < 0) {
		flow_free(flow, PAIR_RESET);
		tell_over(inner, flow, true);
	}
	return 0;
}

struct bypass_inner *
bypass_inner_new(struct loop *loop, struct fabric *fabric, int tunfd, int askfd)
{
	struct bypass_inner *inner = xcalloc(1, sizeof(*inner));

	inner->loop = loop;
	inner->fabric = fabric;
	inner->tunfd = tunfd;
	inner->askfd = askfd;
	inner->source = loop_add_fd(loop, askfd, EPOLLIN, on_ask, inner);
	inner->timer = loop_add_timer(loop, -1, on_timer, inner);
	return inner;
}

void
bypass_inner_free(struct bypass_inner *inner)
{
	if (!inner)
		return;
	for (size_t i = 0; i < BYPASS_MAX_FLOWS; i++)
		flow_free(&inner->flows[i], PAIR_RESET);
	loop_remove(inner->source);
	loop_remove(inner->timer);
	(void)close(inner->tunfd);
	(void)close(inner->askfd);
	free(inner);
}

void
bypass_inner_forget(struct bypass_inner *inner, const struct fabric_leg *leg)
{
	for (size_t i = 0; i < BYPASS_MAX_FLOWS; i++) {
		struct flow *flow = &inner->flows[i];
		const struct netlink_addr *client = &flow->tcp.client;

		if (flow->is_used &&
		    (client->family == AF_INET
			     ? client->v4.s_addr == leg->ip.s_addr
			     : IN6_ARE_ADDR_EQUAL(&client->v6, &leg->ip6)))
			flow_over(flow, PAIR_RESET);
	}
}
