/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/relay_udp.c - published UDP ports.
 *
 * Every client (address and port, and the host address it wrote to) has a
 * socket to the container of its own: a flow. Flows that were idle for long
 * end, and the one idle longest when there are too many.
 */
#include "net/relay.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"

#define DATAGRAM_BYTES 65536
#define DATAGRAMS_PER_EVENT 32
#define SWEEP_NS (15 * UNITS_NS_PER_S)

union pktinfo {
	struct in_pktinfo v4;
	struct in6_pktinfo v6;
};

struct flow {
	struct relay_udp *relay;
	struct flow *next; /* the one used last comes first */
	struct sockaddr_storage client;
	union pktinfo local; /* which of the host's addresses it wrote to */
	int fd;
	struct loop_source *source;
	int64_t used_ns;
};

struct relay_udp {
	struct loop *loop;
	int hostfd;
	struct loop_source *source;
	struct loop_source *sweep;
	struct peer_target target;
	struct flow *flows;
	size_t flow_count;
};

static char datagram[DATAGRAM_BYTES];

static void
flow_end(struct flow **at)
{
	struct flow *flow = *at;

	*at = flow->next;
	flow->relay->flow_count--;
	loop_remove(flow->source);
	(void)close(flow->fd);
	free(flow);
}

static bool
same_client(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const struct sockaddr_in *)a;
	const struct sockaddr_in *b4 = (const struct sockaddr_in *)b;
	const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)a;
	const struct sockaddr_in6 *b6 = (const struct sockaddr_in6 *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return a4->sin_port == b4->sin_port &&
		       a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a6->sin6_port == b6->sin6_port &&
	       a6->sin6_scope_id == b6->sin6_scope_id &&
	       IN6_ARE_ADDR_EQUAL(&a6->sin6_addr, &b6->sin6_addr);
}

static bool
same_local(int family, const union pktinfo *a, const union pktinfo *b)
{
	if (family == AF_INET)
		return a->v4.ipi_addr.s_addr == b->v4.ipi_addr.s_addr;
	return IN6_ARE_ADDR_EQUAL(&a->v6.ipi6_addr, &b->v6.ipi6_addr);
}

/* Reply to the client from the address it wrote to. */
static void
send_to_client(const struct flow *flow, size_t len)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(union pktinfo))];
	} control = { 0 };
	struct iovec iov = { datagram, len };
	struct msghdr msg = {
		.msg_name = (void *)&flow->client,
		.msg_namelen = sizeof(flow->client),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
	};
	struct cmsghdr *cmsg = &control.align;

	if (flow->client.ss_family == AF_INET) {
		struct in_pktinfo from = {
			.ipi_spec_dst = flow->local.v4.ipi_addr,
		};

		msg.msg_namelen = sizeof(struct sockaddr_in);
		msg.msg_controllen = CMSG_SPACE(sizeof(from));
		cmsg->cmsg_level = SOL_IP;
		cmsg->cmsg_type = IP_PKTINFO;
		cmsg->cmsg_len = CMSG_LEN(sizeof(from));
		(void)memcpy(CMSG_DATA(cmsg), &from, sizeof(from));
	} else {
		msg.msg_namelen = sizeof(struct sockaddr_in6);
		msg.msg_controllen = CMSG_SPACE(sizeof(flow->local.v6));
		cmsg->cmsg_level = SOL_IPV6;
		cmsg->cmsg_type = IPV6_PKTINFO;
		cmsg->cmsg_len = CMSG_LEN(sizeof(flow->local.v6));
		(void)memcpy(CMSG_DATA(cmsg), &flow->local.v6,
			     sizeof(flow->local.v6));
	}
	/* A datagram may be lost. */
	(void)sendmsg(flow->relay->hostfd, &msg, MSG_NOSIGNAL);
}

static int
on_flow(struct loop_source *source, uint32_t events, void *data)
{
	struct flow *flow = data;

	for (int i = 0; i < DATAGRAMS_PER_EVENT; i++) {
		ssize_t n = recv(flow->fd, datagram, sizeof(datagram), 0);

		if (n < 0)
			break; /* empty, or nobody listens: an ICMP error */
		flow->used_ns = units_monotonic_ns();
		send_to_client(flow, (size_t)n);
	}
	return 0;
}

static struct flow *
flow_start(struct relay_udp *relay, const struct sockaddr_storage *client,
	   const union pktinfo *local)
{
	struct flow **last = &relay->flows;
	struct flow *flow;
	int fd = peer_connect(SOCK_DGRAM, client, &relay->target);

	if (fd < 0)
		return NULL;
	if (relay->flow_count >= RELAY_MAX_UDP_FLOWS) {
		while ((*last)->next)
			last = &(*last)->next;
		flow_end(last);
	}
	flow = xcalloc(1, sizeof(*flow));
	*flow = (struct flow){
		.relay = relay,
		.next = relay->flows,
		.client = *client,
		.local = *local,
		.fd = fd,
	};
	relay->flows = flow;
	relay->flow_count++;
	flow->source = loop_add_fd(relay->loop, fd, EPOLLIN, on_flow, flow);
	return flow;
}

/* The flow of a client, moved to the front; made when there is none. */
static struct flow *
flow_of(struct relay_udp *relay, const struct sockaddr_storage *client,
	const union pktinfo *local)
{
	for (struct flow **at = &relay->flows; *at; at = &(*at)->next) {
		struct flow *flow = *at;

		if (!same_client(&flow->client, client) ||
		    !same_local(client->ss_family, &flow->local, local))
			continue;
		*at = flow->next;
		flow->next = relay->flows;
		relay->flows = flow;
		return flow;
	}
	return flow_start(relay, client, local);
}

static void
read_pktinfo(struct msghdr *msg, union pktinfo *local)
{
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg;
	     cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_IP && cmsg->cmsg_type == IP_PKTINFO)
			(void)memcpy(&local->v4, CMSG_DATA(cmsg),
				     sizeof(local->v4));
		if (cmsg->cmsg_level == SOL_IPV6 &&
		    cmsg->cmsg_type == IPV6_PKTINFO)
			(void)memcpy(&local->v6, CMSG_DATA(cmsg),
				     sizeof(local->v6));
	}
}

static int
on_host_socket(struct loop_source *source, uint32_t events, void *data)
{
	struct relay_udp *relay = data;

	for (int i = 0; i < DATAGRAMS_PER_EVENT; i++) {
		char control[128];
		struct sockaddr_storage client = { 0 };
		union pktinfo local = { 0 };
		struct iovec iov = { datagram, sizeof(datagram) };
		struct msghdr msg = {
			.msg_name = &client,
			.msg_namelen = sizeof(client),
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(relay->hostfd, &msg, 0);
		struct flow *flow;

		if (n < 0)
			break;
		read_pktinfo(&msg, &local);
		flow = flow_of(relay, &client, &local);
		if (!flow)
			continue;
		flow->used_ns = units_monotonic_ns();
		(void)send(flow->fd, datagram, (size_t)n, MSG_NOSIGNAL);
	}
	return 0;
}

static int
on_sweep(struct loop_source *source, void *data)
{
	struct relay_udp *relay = data;
	struct flow **at = &relay->flows;
	int64_t now_ns = units_monotonic_ns();

	while (*at) {
		if (now_ns - (*at)->used_ns > RELAY_UDP_IDLE_NS)
			flow_end(at);
		else
			at = &(*at)->next;
	}
	loop_set_timer(source, SWEEP_NS);
	return 0;
}

struct relay_udp *
relay_udp_new(struct loop *loop, int hostfd, const struct peer_target *target)
{
	struct relay_udp *relay = xcalloc(1, sizeof(*relay));
	int one = 1;

	relay->loop = loop;
	relay->hostfd = hostfd;
	relay->target = *target;
	(void)setsockopt(hostfd, SOL_IP, IP_PKTINFO, &one, sizeof(one));
	(void)setsockopt(hostfd, SOL_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one));
	relay->source =
		loop_add_fd(loop, hostfd, EPOLLIN, on_host_socket, relay);
	relay->sweep = loop_add_timer(loop, SWEEP_NS, on_sweep, relay);
	return relay;
}

void
relay_udp_set_target(struct relay_udp *relay, const struct peer_target *target)
{
	relay->target = *target;
}

void
relay_udp_free(struct relay_udp *relay)
{
	if (!relay)
		return;
	while (relay->flows)
		flow_end(&relay->flows);
	loop_remove(relay->source);
	loop_remove(relay->sweep);
	free(relay);
}
