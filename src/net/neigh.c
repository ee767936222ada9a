/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/neigh.c - answers to libslirp's questions for a hardware address.
 *
 * RFC 826 (ARP) for IPv4, RFC 4861 (neighbour discovery) for IPv6.
 */
#include "net/neigh.h"

#include <arpa/inet.h>
#include <assert.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip6.h>
#include <stdbool.h>
#include <string.h>

const uint8_t neigh_mac[6] = { 0x02, 0x64, 0x68, 0x6f, 0x77, 0x01 };

static_assert(sizeof(struct ether_header) == NEIGH_ETH_BYTES,
	      "frames are plain Ethernet");
static_assert(NEIGH_ETH_BYTES + sizeof(struct ip6_hdr) +
			      sizeof(struct nd_neighbor_advert) + 8 <=
		      NEIGH_REPLY_BYTES,
	      "an answer fits");

static void
reply_header(uint8_t *reply, const uint8_t *frame, uint16_t type)
{
	struct ether_header eth = { .ether_type = htons(type) };

	(void)memcpy(eth.ether_dhost, frame + ETH_ALEN, ETH_ALEN);
	(void)memcpy(eth.ether_shost, neigh_mac, ETH_ALEN);
	(void)memcpy(reply, &eth, sizeof(eth));
}

static enum neigh_kind
look_arp(const uint8_t *frame, size_t len, uint8_t *reply, size_t *ret_reply)
{
	struct ether_arp ask, answer;

	if (len < NEIGH_ETH_BYTES + sizeof(ask))
		return NEIGH_OTHER;
	(void)memcpy(&ask, frame + NEIGH_ETH_BYTES, sizeof(ask));
	if (ask.arp_op != htons(ARPOP_REQUEST) ||
	    ask.arp_pro != htons(ETHERTYPE_IP))
		return NEIGH_OTHER;
	answer = ask;
	answer.arp_op = htons(ARPOP_REPLY);
	(void)memcpy(answer.arp_tha, ask.arp_sha, ETH_ALEN);
	(void)memcpy(answer.arp_tpa, ask.arp_spa, sizeof(ask.arp_spa));
	(void)memcpy(answer.arp_sha, neigh_mac, ETH_ALEN);
	(void)memcpy(answer.arp_spa, ask.arp_tpa, sizeof(ask.arp_tpa));
	reply_header(reply, frame, ETHERTYPE_ARP);
	(void)memcpy(reply + NEIGH_ETH_BYTES, &answer, sizeof(answer));
	*ret_reply = NEIGH_ETH_BYTES + sizeof(answer);
	return NEIGH_QUESTION;
}

/* Internet checksum over the pseudo header and @len (even) bytes. */
static uint16_t
icmp6_checksum(const struct ip6_hdr *ip, const uint8_t *data, size_t len)
{
	uint8_t pseudo[40] = { 0 };
	uint32_t sum = 0;

	(void)memcpy(pseudo, &ip->ip6_src, 16);
	(void)memcpy(pseudo + 16, &ip->ip6_dst, 16);
	pseudo[35] = (uint8_t)len;
	pseudo[39] = IPPROTO_ICMPV6;
	for (size_t i = 0; i < sizeof(pseudo); i += 2)
		sum += (uint32_t)(pseudo[i] << 8 | pseudo[i + 1]);
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(data[i] << 8 | data[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void
advertise(const struct ip6_hdr *ask_ip, const struct in6_addr *target,
	  uint8_t *out)
{
	struct {
		struct nd_neighbor_advert advert;
		uint8_t option[2]; /* target link-layer address, 8 bytes */
		uint8_t mac[6];
	} body = {
		.advert.nd_na_type = ND_NEIGHBOR_ADVERT,
		.advert.nd_na_flags_reserved =
			ND_NA_FLAG_SOLICITED | ND_NA_FLAG_OVERRIDE,
		.advert.nd_na_target = *target,
		.option = { ND_OPT_TARGET_LINKADDR, 1 },
	};
	struct ip6_hdr ip = {
		.ip6_flow = htonl(6U << 28),
		.ip6_plen = htons(sizeof(body)),
		.ip6_nxt = IPPROTO_ICMPV6,
		.ip6_hlim = 255,
		.ip6_src = *target,
		.ip6_dst = ask_ip->ip6_src,
	};

	(void)memcpy(body.mac, neigh_mac, sizeof(body.mac));
	body.advert.nd_na_cksum =
		icmp6_checksum(&ip, (const uint8_t *)&body, sizeof(body));
	(void)memcpy(out, &ip, sizeof(ip));
	(void)memcpy(out + sizeof(ip), &body, sizeof(body));
}

static enum neigh_kind
look_ip6(const uint8_t *frame, size_t len, uint8_t *reply, size_t *ret_reply)
{
	struct nd_neighbor_solicit ask;
	struct ip6_hdr ip;

	if (len < NEIGH_ETH_BYTES + sizeof(ip))
		return NEIGH_OTHER;
	(void)memcpy(&ip, frame + NEIGH_ETH_BYTES, sizeof(ip));
	if (ip.ip6_nxt == IPPROTO_ICMPV6 &&
	    len >= NEIGH_ETH_BYTES + sizeof(ip) + sizeof(ask)) {
		(void)memcpy(&ask, frame + NEIGH_ETH_BYTES + sizeof(ip),
			     sizeof(ask));
		if (ask.nd_ns_type == ND_NEIGHBOR_SOLICIT) {
			reply_header(reply, frame, ETHERTYPE_IPV6);
			advertise(&ip, &ask.nd_ns_target,
				  reply + NEIGH_ETH_BYTES);
			*ret_reply = NEIGH_ETH_BYTES + sizeof(ip) +
				     sizeof(struct nd_neighbor_advert) + 8;
			return NEIGH_QUESTION;
		}
	}
	/* Router advertisements and the like stay on libslirp's side. */
	if (IN6_IS_ADDR_MULTICAST(&ip.ip6_dst) ||
	    IN6_IS_ADDR_LINKLOCAL(&ip.ip6_dst))
		return NEIGH_OTHER;
	return NEIGH_PACKET;
}

enum neigh_kind
neigh_look(const uint8_t *frame, size_t len, uint8_t *reply, size_t *ret_reply)
{
	struct ether_header eth;

	if (len < sizeof(eth))
		return NEIGH_OTHER;
	(void)memcpy(&eth, frame, sizeof(eth));
	switch (ntohs(eth.ether_type)) {
	case ETHERTYPE_IP:
		return NEIGH_PACKET;
	case ETHERTYPE_ARP:
		return look_arp(frame, len, reply, ret_reply);
	case ETHERTYPE_IPV6:
		return look_ip6(frame, len, reply, ret_reply);
	default:
		return NEIGH_OTHER;
	}
}
