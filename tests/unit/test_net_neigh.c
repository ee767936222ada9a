/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip6.h>
#include <string.h>

#include "net/neigh.h"

static uint8_t frame[128];
static uint8_t reply[NEIGH_REPLY_BYTES];
static size_t reply_len;

static void
start_frame(uint16_t type)
{
	struct ether_header eth = { .ether_type = htons(type) };

	(void)memset(frame, 0, sizeof(frame));
	(void)memset(eth.ether_shost, 0x52, ETH_ALEN);
	(void)memcpy(frame, &eth, sizeof(eth));
}

static size_t
make_arp(void)
{
	struct ether_arp ask = { .arp_op = htons(ARPOP_REQUEST),
				 .arp_pro = htons(ETHERTYPE_IP) };

	start_frame(ETHERTYPE_ARP);
	(void)inet_pton(AF_INET, "172.17.0.9", ask.arp_tpa);
	(void)inet_pton(AF_INET, "169.254.1.2", ask.arp_spa);
	(void)memcpy(frame + NEIGH_ETH_BYTES, &ask, sizeof(ask));
	return NEIGH_ETH_BYTES + sizeof(ask);
}

static size_t
make_solicit(void)
{
	struct ip6_hdr ip = { .ip6_nxt = IPPROTO_ICMPV6 };
	struct nd_neighbor_solicit ask = { .nd_ns_type = ND_NEIGHBOR_SOLICIT };

	start_frame(ETHERTYPE_IPV6);
	(void)inet_pton(AF_INET6, "fe80::2", &ip.ip6_src);
	(void)inet_pton(AF_INET6, "ff02::1:ff00:9", &ip.ip6_dst);
	(void)inet_pton(AF_INET6, "fd64::9", &ask.nd_ns_target);
	(void)memcpy(frame + NEIGH_ETH_BYTES, &ip, sizeof(ip));
	(void)memcpy(frame + NEIGH_ETH_BYTES + sizeof(ip), &ask, sizeof(ask));
	return NEIGH_ETH_BYTES + sizeof(ip) + sizeof(ask);
}

static int
look(size_t len)
{
	return (int)neigh_look(frame, len, reply, &reply_len);
}

Test(net_neigh, an_arp_request_is_answered_with_the_common_address)
{
	struct ether_arp answer;

	cr_assert(eq(int, look(make_arp()), NEIGH_QUESTION));
	cr_assert(eq(sz, reply_len, NEIGH_ETH_BYTES + sizeof(answer)));
	(void)memcpy(&answer, reply + NEIGH_ETH_BYTES, sizeof(answer));
	cr_assert(eq(int, ntohs(answer.arp_op), ARPOP_REPLY));
	cr_assert(memcmp(answer.arp_sha, neigh_mac, ETH_ALEN) == 0);
	cr_assert(memcmp(answer.arp_spa, "\xac\x11\x00\x09", 4) == 0);
	cr_assert(memcmp(reply, frame + ETH_ALEN, ETH_ALEN) == 0);
}

Test(net_neigh, cut_frames_are_dropped)
{
	size_t len = make_arp();

	for (size_t i = 0; i < len; i++)
		cr_assert(eq(int, look(i), NEIGH_OTHER), "%zu", i);
	(void)make_solicit();
	for (size_t i = 0; i < NEIGH_ETH_BYTES + sizeof(struct ip6_hdr); i++)
		cr_assert(eq(int, look(i), NEIGH_OTHER), "%zu", i);
}

Test(net_neigh, a_solicitation_is_answered_with_a_valid_checksum)
{
	uint8_t *body = reply + NEIGH_ETH_BYTES + sizeof(struct ip6_hdr);
	struct ip6_hdr ip;
	uint32_t sum = IPPROTO_ICMPV6;
	size_t len;

	cr_assert(eq(int, look(make_solicit()), NEIGH_QUESTION));
	(void)memcpy(&ip, reply + NEIGH_ETH_BYTES, sizeof(ip));
	len = ntohs(ip.ip6_plen);
	cr_assert(eq(int, ip.ip6_hlim, 255));
	cr_assert(eq(int, body[0], ND_NEIGHBOR_ADVERT));
	sum += (uint32_t)len;
	for (int i = 0; i < 8; i++)
		sum += ntohs(ip.ip6_src.s6_addr16[i]) +
		       ntohs(ip.ip6_dst.s6_addr16[i]);
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(body[i] << 8 | body[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	cr_assert(eq(uint, sum, 0xffff));
}

Test(net_neigh, only_what_is_for_containers_passes)
{
	struct ip6_hdr ip = { .ip6_nxt = IPPROTO_TCP };

	start_frame(ETHERTYPE_IP);
	cr_assert(eq(int, look(60), NEIGH_PACKET));
	start_frame(ETHERTYPE_IPV6);
	(void)inet_pton(AF_INET6, "fd64::9", &ip.ip6_dst);
	(void)memcpy(frame + NEIGH_ETH_BYTES, &ip, sizeof(ip));
	cr_assert(eq(int, look(80), NEIGH_PACKET));
	(void)inet_pton(AF_INET6, "ff02::1", &ip.ip6_dst);
	(void)memcpy(frame + NEIGH_ETH_BYTES, &ip, sizeof(ip));
	cr_assert(eq(int, look(80), NEIGH_OTHER));
	start_frame(0x88f8); /* NC-SI: libslirp has it, containers have not */
	cr_assert(eq(int, look(60), NEIGH_OTHER));
}
