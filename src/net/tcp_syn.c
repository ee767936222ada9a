/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/tcp_syn.c - the packet that opens a TCP connection.
 */
#include "net/tcp_syn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <string.h>

/* Hops that an answer of ours may take. */
#define ANSWER_HOPS 64

static uint32_t
sum_bytes(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

/* The Internet checksum, in network byte order; 0 over what is sound. */
static uint16_t
fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static size_t
addr_len(const struct netlink_addr *addr)
{
	return addr->family == AF_INET ? sizeof(addr->v4) : sizeof(addr->v6);
}

/* What TCP and ICMPv6 sum up beside their own bytes. */
static uint32_t
sum_pseudo(const struct netlink_addr *from, const struct netlink_addr *to,
	   uint8_t proto, size_t len)
{
	uint32_t sum = sum_bytes(0, &from->v6, addr_len(from));

	return sum_bytes(sum, &to->v6, addr_len(to)) + proto + (uint32_t)len;
}

static bool
is_host4(in_addr_t addr)
{
	uint32_t ip = ntohl(addr);

	return ip >> 24 != 0 && ip >> 24 != IN_LOOPBACKNET &&
	       !IN_MULTICAST(ip) && !IN_BADCLASS(ip);
}

static bool
is_host6(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
	       !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LINKLOCAL(addr) &&
	       !IN6_IS_ADDR_V4MAPPED(addr);
}

/* Returns the length of the header in front of TCP, 0 for what is not ours. */
static size_t
read_ip4(const uint8_t *packet, size_t len, struct tcp_flow *flow)
{
	struct iphdr ip;

	if (len < sizeof(ip))
		return 0;
	(void)memcpy(&ip, packet, sizeof(ip));
	if (ip.ihl * 4U != sizeof(ip) || ip.protocol != IPPROTO_TCP ||
	    ntohs(ip.tot_len) != len || ntohs(ip.frag_off) & 0x3fff ||
	    !is_host4(ip.saddr) || !is_host4(ip.daddr))
		return 0;
	flow->client.family = flow->server.family = AF_INET;
	flow->client.prefix = flow->server.prefix = 32;
	flow->client.v4.s_addr = ip.saddr;
	flow->server.v4.s_addr = ip.daddr;
	return sizeof(ip);
}

static size_t
read_ip6(const uint8_t *packet, size_t len, struct tcp_flow *flow)
{
	struct ip6_hdr ip;

	if (len < sizeof(ip))
		return 0;
	(void)memcpy(&ip, packet, sizeof(ip));
	if (ip.ip6_nxt != IPPROTO_TCP ||
	    ntohs(ip.ip6_plen) != len - sizeof(ip) || !is_host6(&ip.ip6_src) ||
	    !is_host6(&ip.ip6_dst))
		return 0;
	flow->client.family = flow->server.family = AF_INET6;
	flow->client.prefix = flow->server.prefix = 128;
	flow->client.v6 = ip.ip6_src;
	flow->server.v6 = ip.ip6_dst;
	return sizeof(ip);
}

bool
tcp_syn_read(const uint8_t *packet, size_t len, struct tcp_flow *ret_flow)
{
	struct tcp_flow flow = { 0 };
	struct tcphdr tcp;
	size_t at;

	if (!len || len > TCP_SYN_MAX_BYTES)
		return false;
	at = packet[0] >> 4 == 4   ? read_ip4(packet, len, &flow)
	     : packet[0] >> 4 == 6 ? read_ip6(packet, len, &flow)
				   : 0;
	if (!at || len - at < sizeof(tcp))
		return false;
	(void)memcpy(&tcp, packet + at, sizeof(tcp));
	if (!tcp.syn || tcp.ack || tcp.rst || tcp.fin || !tcp.source ||
	    !tcp.dest || tcp.doff * 4U != len - at)
		return false;
	if (fold(sum_bytes(sum_pseudo(&flow.client, &flow.server, IPPROTO_TCP,
				      len - at),
			   packet + at, len - at)))
		return false;
	flow.client_port = ntohs(tcp.source);
	flow.server_port = ntohs(tcp.dest);
	*ret_flow = flow;
	return true;
}

/* The header of an answer with @len bytes behind it; returns its length. */
static size_t
answer_header(const struct tcp_flow *flow, uint8_t proto, size_t len,
	      uint8_t *reply)
{
	struct iphdr ip4 = {
		.version = 4,
		.ihl = sizeof(ip4) / 4,
		.tot_len = htons((uint16_t)(sizeof(ip4) + len)),
		.ttl = ANSWER_HOPS,
		.protocol = proto,
		.saddr = flow->server.v4.s_addr,
		.daddr = flow->client.v4.s_addr,
	};
	struct ip6_hdr ip6 = {
		.ip6_flow = htonl(6U << 28),
		.ip6_plen = htons((uint16_t)len),
		.ip6_nxt = proto,
		.ip6_hlim = ANSWER_HOPS,
		.ip6_src = flow->server.v6,
		.ip6_dst = flow->client.v6,
	};

	if (flow->client.family == AF_INET6) {
		(void)memcpy(reply, &ip6, sizeof(ip6));
		return sizeof(ip6);
	}
	ip4.check = fold(sum_bytes(0, &ip4, sizeof(ip4)));
	(void)memcpy(reply, &ip4, sizeof(ip4));
	return sizeof(ip4);
}

static size_t
answer_reset(const struct tcp_flow *flow, const struct tcphdr *ask,
	     uint8_t *reply)
{
	struct tcphdr tcp = {
		.source = ask->dest,
		.dest = ask->source,
		.ack_seq = htonl(ntohl(ask->seq) + 1),
		.doff = sizeof(tcp) / 4,
		.rst = 1,
		.ack = 1,
	};
	size_t at = answer_header(flow, IPPROTO_TCP, sizeof(tcp), reply);

	tcp.check = fold(sum_bytes(sum_pseudo(&flow->server, &flow->client,
					      IPPROTO_TCP, sizeof(tcp)),
				   &tcp, sizeof(tcp)));
	(void)memcpy(reply + at, &tcp, sizeof(tcp));
	return at + sizeof(tcp);
}

/* Type and code of the message that means @code. */
static void
unreachable_kind(int family, int code, uint8_t kind[2])
{
	bool forbidden = code == EACCES || code == EPERM;

	if (family == AF_INET) {
		kind[0] = ICMP_DEST_UNREACH;
		kind[1] = forbidden             ? ICMP_PKT_FILTERED
			  : code == ENETUNREACH ? ICMP_NET_UNREACH
						: ICMP_HOST_UNREACH;
	} else {
		kind[0] = ICMP6_DST_UNREACH;
		kind[1] = forbidden             ? ICMP6_DST_UNREACH_ADMIN
			  : code == ENETUNREACH ? ICMP6_DST_UNREACH_NOROUTE
						: ICMP6_DST_UNREACH_ADDR;
	}
}

/* Both ICMPs: type, code, checksum, four bytes of nothing, the packet. */
static size_t
answer_unreachable(const struct tcp_flow *flow, const uint8_t *syn, size_t len,
		   int code, uint8_t *reply)
{
	bool is_v4 = flow->client.family == AF_INET;
	uint8_t proto = is_v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	size_t at = answer_header(flow, proto, 8 + len, reply);
	uint16_t check;

	(void)memset(reply + at, 0, 8);
	unreachable_kind(flow->client.family, code, reply + at);
	(void)memcpy(reply + at + 8, syn, len);
	check = fold(sum_bytes(is_v4 ? 0
				     : sum_pseudo(&flow->server, &flow->client,
						  proto, 8 + len),
			       reply + at, 8 + len));
	(void)memcpy(reply + at + 2, &check, sizeof(check));
	return at + 8 + len;
}

size_t
tcp_syn_refuse(const uint8_t *syn, size_t len, int code, uint8_t *reply)
{
	struct tcp_flow flow = { 0 };
	struct tcphdr tcp;
	size_t at = syn[0] >> 4 == 4 ? read_ip4(syn, len, &flow)
				     : read_ip6(syn, len, &flow);

	if (code != ECONNREFUSED)
		return answer_unreachable(&flow, syn, len, code, reply);
	(void)memcpy(&tcp, syn + at, sizeof(tcp));
	return answer_reset(&flow, &tcp, reply);
}

static bool
addr_equal(const struct netlink_addr *a, const struct netlink_addr *b)
{
	return a->family == b->family &&
	       memcmp(&a->v6, &b->v6, addr_len(a)) == 0;
}

bool
tcp_flow_equal(const struct tcp_flow *a, const struct tcp_flow *b)
{
	return a->client_port == b->client_port &&
	       a->server_port == b->server_port &&
	       addr_equal(&a->client, &b->client) &&
	       addr_equal(&a->server, &b->server);
}

socklen_t
tcp_flow_sockaddr(const struct netlink_addr *addr, uint16_t port,
		  struct sockaddr_storage *ret_addr)
{
	struct sockaddr_in v4 = { AF_INET, htons(port), addr->v4, { 0 } };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
				   .sin6_port = htons(port),
				   .sin6_addr = addr->v6 };

	(void)memset(ret_addr, 0, sizeof(*ret_addr));
	if (addr->family == AF_INET)
		(void)memcpy(ret_addr, &v4, sizeof(v4));
	else
		(void)memcpy(ret_addr, &v6, sizeof(v6));
	return addr->family == AF_INET ? sizeof(v4) : sizeof(v6);
}
