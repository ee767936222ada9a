/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/uplink.c - the way out: IP packets of the containers to host sockets.
 *
 * libslirp speaks Ethernet, the tun device raw IP: a constant header is put
 * in front of what comes in and cut off what goes out. libslirp's tables of
 * neighbours have 16 places; its questions are answered here at once
 * (neigh.h), so that more containers than that only cost a round of the loop.
 */
#include "net/uplink.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <poll.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "net/defrag.h"
#include "net/fabric.h"
#include "net/neigh.h"
#include "net/slirp_lib.h"

#define FRAME_BYTES (NEIGH_ETH_BYTES + 65536)
#define PACKETS_PER_ROUND 64
#define MAX_QUESTIONS 256
/* Half of what libslirp's tables hold: answers must not push out answers. */
#define ANSWERS_AT_ONCE 8
#define IDLE_MS 60000

struct uplink {
	struct slirp_lib lib;
	Slirp *slirp;
	int tunfd; /* -EBADF: nowhere to write */
	struct pollfd *polls;
	size_t poll_count;
	size_t poll_cap;
	struct defrag defrag;
	uplink_take_fn take;
	void *take_data;
	struct in_addr network; /* libslirp's own */
	struct in_addr netmask;
	struct in_addr host;
	struct in6_addr network6; /* /64 */
	struct in6_addr host6;
	uint8_t answers[MAX_QUESTIONS][NEIGH_REPLY_BYTES];
	size_t answer_lens[MAX_QUESTIONS];
	size_t answer_count;
	uint8_t frame[FRAME_BYTES];
};

static ssize_t
on_send(const void *frame, size_t len, void *data)
{
	struct uplink *uplink = data;
	size_t at = uplink->answer_count;

	if (at == MAX_QUESTIONS) /* those packets are lost, as on a wire */
		at--;
	switch (neigh_look(frame, len, uplink->answers[at],
			   &uplink->answer_lens[at])) {
	case NEIGH_QUESTION:
		uplink->answer_count = at + 1;
		break;
	case NEIGH_PACKET:
		/* A full queue drops; TCP sends again. */
		(void)!write(uplink->tunfd,
			     (const uint8_t *)frame + NEIGH_ETH_BYTES,
			     len - NEIGH_ETH_BYTES);
		break;
	case NEIGH_OTHER:
		break;
	}
	return (ssize_t)len;
}

static void
on_guest_error(const char *text, void *data)
{
	(void)text; /* a container sent rubbish: its own trouble */
	(void)data;
}

static int64_t
on_clock(void *data)
{
	(void)data;
	return units_monotonic_ns();
}

/*
 * libslirp's only timer tells containers every few minutes that it is their
 * router, which the tun device has no ears for; and it reads resolv.conf on
 * the way, for which the walls of net_confine.h would end us.
 */
static void *
on_timer_new(SlirpTimerCb fn, void *fn_data, void *data)
{
	(void)fn;
	(void)fn_data;
	return data; /* anything but NULL */
}

static void
on_timer_free(void *timer, void *data)
{
	(void)timer;
	(void)data;
}

static void
on_timer_mod(void *timer, int64_t due_ms, void *data)
{
	(void)timer;
	(void)due_ms;
	(void)data;
}

static void
on_poll_fd(int fd, void *data)
{
	(void)fd; /* the set is made anew every round */
	(void)data;
}

static void
on_notify(void *data)
{
	(void)data; /* one thread: the loop goes on anyway */
}

static const SlirpCb callbacks = {
	.send_packet = on_send,
	.guest_error = on_guest_error,
	.clock_get_ns = on_clock,
	.timer_new = on_timer_new,
	.timer_free = on_timer_free,
	.timer_mod = on_timer_mod,
	.register_poll_fd = on_poll_fd,
	.unregister_poll_fd = on_poll_fd,
	.notify = on_notify,
};

static void
set_addresses(SlirpConfig *config)
{
	(void)inet_pton(AF_INET, UPLINK_NETWORK, &config->vnetwork);
	(void)inet_pton(AF_INET, UPLINK_NETMASK, &config->vnetmask);
	(void)inet_pton(AF_INET, UPLINK_HOST, &config->vhost);
	(void)inet_pton(AF_INET, UPLINK_UNUSED, &config->vnameserver);
	(void)inet_pton(AF_INET, "169.254.1.15", &config->vdhcp_start);
	(void)inet_pton(AF_INET6, UPLINK_NETWORK6, &config->vprefix_addr6);
	(void)inet_pton(AF_INET6, UPLINK_HOST6, &config->vhost6);
	(void)inet_pton(AF_INET6, UPLINK_UNUSED6, &config->vnameserver6);
	config->vprefix_len = 64;
}

int
uplink_new(bool ipv6, struct uplink **ret_uplink, struct err *err)
{
	cleanup_with(uplink_free) struct uplink *uplink = NULL;
	SlirpConfig config = {
		.version = 4,
		.in_enabled = true,
		.in6_enabled = ipv6,
		.if_mtu = FABRIC_MTU,
		.if_mru = FABRIC_MTU,
		.disable_dns = true,
		.disable_dhcp = true,
	};
	struct ether_header eth = { .ether_dhost = { 0x52, 0x55 } };
	int r;

	uplink = xcalloc(1, sizeof(*uplink));
	r = slirp_lib_load(&uplink->lib, err);
	if (r < 0)
		return r;
	uplink->tunfd = -EBADF;
	set_addresses(&config);
	uplink->network = config.vnetwork;
	uplink->netmask = config.vnetmask;
	uplink->host = config.vhost;
	uplink->network6 = config.vprefix_addr6;
	uplink->host6 = config.vhost6;
	(void)memcpy(eth.ether_dhost + 2, &config.vhost, sizeof(config.vhost));
	(void)memcpy(eth.ether_shost, neigh_mac, sizeof(neigh_mac));
	(void)memcpy(uplink->frame, &eth, sizeof(eth));
	uplink->slirp = uplink->lib.create(&config, &callbacks, uplink);
	if (!uplink->slirp)
		return err_set(err, EOPNOTSUPP, "libslirp does not start");
	*ret_uplink = take_ptr(uplink);
	return 0;
}

void
uplink_free(struct uplink *uplink)
{
	if (!uplink)
		return;
	if (uplink->slirp)
		uplink->lib.cleanup(uplink->slirp);
	defrag_release(&uplink->defrag);
	free(uplink->polls);
	free(uplink);
}

/*
 * libslirp takes every address of its little network for the host's loopback
 * or a server of its own. Ours has the host at one address, and nothing else.
 */
static bool
is_for_nobody(const struct uplink *uplink, const uint8_t *packet, size_t len)
{
	struct ip6_hdr ip6;
	struct iphdr ip;

	if (packet[0] >> 4 == 4) {
		(void)memcpy(&ip, packet, sizeof(ip));
		return (ip.daddr & uplink->netmask.s_addr) ==
			       uplink->network.s_addr &&
		       ip.daddr != uplink->host.s_addr;
	}
	if (len < sizeof(ip6))
		return true;
	(void)memcpy(&ip6, packet, sizeof(ip6));
	return memcmp(&ip6.ip6_dst, &uplink->network6, 8) == 0 &&
	       !IN6_ARE_ADDR_EQUAL(&ip6.ip6_dst, &uplink->host6);
}

/* Put a whole IPv4 packet into the frame; returns its length, 0 for none. */
static size_t
make_whole(struct uplink *uplink, uint8_t *packet, size_t len)
{
	const uint8_t *whole;
	size_t whole_len;

	switch (defrag_input(&uplink->defrag, packet, len, units_monotonic_ns(),
			     &whole, &whole_len)) {
	case DEFRAG_WHOLE:
		return whole_len;
	case DEFRAG_JOINED:
		(void)memcpy(packet, whole, whole_len);
		return whole_len;
	default:
		return 0;
	}
}

/* The packet of @len bytes lies behind the header in uplink->frame. */
static void
input_frame(struct uplink *uplink, size_t len)
{
	struct ether_header *eth = (struct ether_header *)uplink->frame;
	uint8_t *packet = uplink->frame + NEIGH_ETH_BYTES;
	bool is_v6 = len && packet[0] >> 4 == 6;

	if (!is_v6)
		len = make_whole(uplink, packet, len);
	if (!len || is_for_nobody(uplink, packet, len))
		return;
	if (uplink->take && uplink->take(packet, len, uplink->take_data))
		return;
	eth->ether_type = htons(is_v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	uplink->lib.input(uplink->slirp, uplink->frame,
			  (int)(NEIGH_ETH_BYTES + len));
}

void
uplink_input(struct uplink *uplink, const void *packet, size_t len)
{
	if (len > FRAME_BYTES - NEIGH_ETH_BYTES)
		return;
	(void)memcpy(uplink->frame + NEIGH_ETH_BYTES, packet, len);
	input_frame(uplink, len);
}

void
uplink_set_take(struct uplink *uplink, uplink_take_fn fn, void *data)
{
	uplink->take = fn;
	uplink->take_data = data;
}

static void
read_packets(struct uplink *uplink)
{
	for (int i = 0; i < PACKETS_PER_ROUND; i++) {
		ssize_t n = read(uplink->tunfd, uplink->frame + NEIGH_ETH_BYTES,
				 FRAME_BYTES - NEIGH_ETH_BYTES);

		if (n <= 0)
			return;
		input_frame(uplink, (size_t)n);
	}
}

static size_t
add_poll(struct uplink *uplink, int fd, short events)
{
	array_push(uplink->polls, uplink->poll_count, uplink->poll_cap,
		   (struct pollfd){ .fd = fd, .events = events });
	return uplink->poll_count - 1;
}

static int
on_add_poll(int fd, int events, void *data)
{
	short wanted = 0;

	if (events & SLIRP_POLL_IN)
		wanted |= POLLIN;
	if (events & SLIRP_POLL_OUT)
		wanted |= POLLOUT;
	if (events & SLIRP_POLL_PRI)
		wanted |= POLLPRI;
	return (int)add_poll(data, fd, wanted);
}

static int
on_get_revents(int at, void *data)
{
	const struct uplink *uplink = data;
	short got = uplink->polls[at].revents;
	int events = 0;

	if (got & POLLIN)
		events |= SLIRP_POLL_IN;
	if (got & POLLOUT)
		events |= SLIRP_POLL_OUT;
	if (got & POLLPRI)
		events |= SLIRP_POLL_PRI;
	if (got & POLLERR)
		events |= SLIRP_POLL_ERR;
	if (got & POLLHUP)
		events |= SLIRP_POLL_HUP;
	return events;
}

/*
 * Hand the answers over, a few at a time, and let libslirp send what waited
 * for them: it asks only once for each packet.
 */
static void
answer_questions(struct uplink *uplink)
{
	for (size_t at = 0; at < uplink->answer_count;) {
		for (int i = 0; i < ANSWERS_AT_ONCE; i++, at++) {
			if (at == uplink->answer_count)
				break;
			uplink->lib.input(uplink->slirp, uplink->answers[at],
					  (int)uplink->answer_lens[at]);
		}
		/* No descriptors this time: only what was held back. */
		uplink->lib.pollfds_poll(uplink->slirp, 1, on_get_revents,
					 uplink);
	}
	uplink->answer_count = 0;
}

/* One round; @loopfd tells whether the loop has events. */
static bool
run_round(struct uplink *uplink, int loopfd)
{
	uint32_t timeout_ms = IDLE_MS;
	int n;

	uplink->poll_count = 0;
	(void)add_poll(uplink, uplink->tunfd, POLLIN);
	(void)add_poll(uplink, loopfd, POLLIN);
	uplink->lib.pollfds_fill(uplink->slirp, &timeout_ms, on_add_poll,
				 uplink);
	n = poll(uplink->polls, uplink->poll_count, (int)timeout_ms);
	if (n > 0 && uplink->polls[0].revents)
		read_packets(uplink);
	uplink->lib.pollfds_poll(uplink->slirp, n < 0, on_get_revents, uplink);
	answer_questions(uplink);
	return n > 0 && uplink->polls[1].revents;
}

int
uplink_run(struct uplink *uplink, int tunfd, struct loop *loop)
{
	int r = 0;

	uplink->tunfd = tunfd;
	while (r == 0)
		if (run_round(uplink, loop_fd(loop)))
			r = loop_step(loop, 0);
	uplink->tunfd = -EBADF;
	return r;
}
