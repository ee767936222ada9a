/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>

#include "net/tcp_syn.h"

/* 10.88.0.9:43210 → 192.0.2.7:443, taken from the wire. */
static const uint8_t syn4[] = {
	0x45, 0x00, 0x00, 0x2c, 0x1c, 0x46, 0x40, 0x00, 0x40, 0x06, 0x52,
	0x1e, 0x0a, 0x58, 0x00, 0x09, 0xc0, 0x00, 0x02, 0x07, 0xa8, 0xca,
	0x01, 0xbb, 0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x00, 0x00, 0x60,
	0x02, 0xff, 0xff, 0xdc, 0xd2, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4,
};
/* fd99::9 port 43210 → 2001:db8::7 port 443. */
static const uint8_t syn6[] = {
	0x60, 0x00, 0x00, 0x00, 0x00, 0x14, 0x06, 0x40, 0xfd, 0x99, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09,
	0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x07, 0xa8, 0xca, 0x01, 0xbb, 0x11, 0x22, 0x33, 0x44,
	0x00, 0x00, 0x00, 0x00, 0x50, 0x02, 0xff, 0xff, 0x95, 0x94, 0x00, 0x00,
};

static struct tcp_flow flow;

/* Add what stands in the way at @at to the checksum at @sum. */
static uint32_t
words(const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(bytes[i] << 8 |
				  (i + 1 < len ? bytes[i + 1] : 0));
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* A packet of TCP or ICMPv6 sums up to 0xffff with its pseudo header. */
static uint32_t
sum_of(const uint8_t *packet, size_t len)
{
	size_t at = packet[0] >> 4 == 4 ? 20 : 40;
	const uint8_t *addrs = packet + (at == 20 ? 12 : 8);
	uint8_t proto = at == 20 ? packet[9] : packet[6];
	uint32_t sum = words(packet + at, len - at);

	if (proto != IPPROTO_ICMP)
		sum += words(addrs, at == 20 ? 8 : 32) + proto +
		       (uint32_t)(len - at);
	return (sum & 0xffff) + (sum >> 16);
}

Test(net_tcp_syn, tells_whose_connection_it_is)
{
	char text[INET6_ADDRSTRLEN];

	cr_assert(tcp_syn_read(syn4, sizeof(syn4), &flow));
	cr_assert(eq(str,
		     (char *)inet_ntop(AF_INET, &flow.server.v4, text,
				       sizeof(text)),
		     "192.0.2.7"));
	cr_assert(eq(u16, flow.client_port, 43210));
	cr_assert(eq(u16, flow.server_port, 443));
	cr_assert(eq(int, flow.client.prefix, 32));
	cr_assert(tcp_syn_read(syn6, sizeof(syn6), &flow));
	cr_assert(eq(str,
		     (char *)inet_ntop(AF_INET6, &flow.client.v6, text,
				       sizeof(text)),
		     "fd99::9"));
	cr_assert(eq(int, flow.server.prefix, 128));
}

Test(net_tcp_syn, takes_nothing_else)
{
	static const struct {
		const char *label;
		bool is_v6;
		size_t at;
		uint8_t byte;
		uint8_t sum; /* what the last byte of the checksum becomes */
	} cases[] = {
		{ "a wrong checksum", false, 36, 0xdd, 0xd2 },
		{ "a reset too", false, 33, 0x06, 0xce },
		{ "an answer", false, 33, 0x12, 0xc2 },
		{ "an end", false, 33, 0x03, 0xd1 },
		{ "no SYN", false, 33, 0x00, 0xd4 },
		{ "a fragment", false, 6, 0x20, 0xd2 },
		{ "another protocol", false, 9, 17, 0xd2 },
		{ "a length that is not its own", false, 3, 0x2d, 0xd2 },
		{ "options of IP", false, 0, 0x46, 0xd2 },
		{ "the same of IPv6", true, 5, 0x15, 0x94 },
		{ "extension headers", true, 6, 0, 0x94 },
		{ "neither version", false, 0, 0x55, 0xd2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t packet[sizeof(syn6)];
		size_t len = cases[i].is_v6 ? sizeof(syn6) : sizeof(syn4);

		(void)memcpy(packet, cases[i].is_v6 ? syn6 : syn4, len);
		packet[cases[i].at] = cases[i].byte;
		packet[cases[i].is_v6 ? 57 : 37] = cases[i].sum;
		cr_expect(not(tcp_syn_read(packet, len, &flow)), "%s",
			  cases[i].label);
	}
	for (size_t len = 0; len < sizeof(syn4); len++)
		cr_expect(not(tcp_syn_read(syn4, len, &flow)));
}

Test(net_tcp_syn, addresses_of_no_host_are_left_alone)
{
	static const struct {
		uint8_t addr[4];
	} cases[] = { { { 127, 0, 0, 1 } },
		      { { 224, 0, 0, 1 } },
		      { { 255, 255, 255, 255 } },
		      { { 0, 0, 0, 0 } } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t packet[sizeof(syn4)];
		uint32_t sum;

		(void)memcpy(packet, syn4, sizeof(packet));
		(void)memcpy(packet + 16, cases[i].addr, 4);
		packet[36] = packet[37] = 0;
		sum = ~sum_of(packet, sizeof(packet));
		packet[36] = (uint8_t)(sum >> 8);
		packet[37] = (uint8_t)sum;
		cr_expect(not(tcp_syn_read(packet, sizeof(packet), &flow)));
	}
}

Test(net_tcp_syn, a_refusal_is_a_reset_of_that_very_packet)
{
	uint8_t reply[TCP_SYN_REFUSAL_BYTES];
	struct tcphdr tcp;
	size_t len = tcp_syn_refuse(syn4, sizeof(syn4), ECONNREFUSED, reply);

	cr_assert(eq(sz, len, 40));
	cr_assert(eq(u32, words(reply, 20), 0xffff));
	cr_assert(eq(u32, sum_of(reply, len), 0xffff));
	(void)memcpy(&tcp, reply + 20, sizeof(tcp));
	cr_assert(tcp.rst && tcp.ack && !tcp.syn);
	cr_assert(eq(u32, ntohl(tcp.ack_seq), 0x11223345));
	cr_assert(eq(u16, ntohs(tcp.dest), 43210));
	cr_assert(eq(u16, ntohs(tcp.source), 443));
	len = tcp_syn_refuse(syn6, sizeof(syn6), ECONNREFUSED, reply);
	cr_assert(eq(sz, len, 60));
	cr_assert(eq(u32, sum_of(reply, len), 0xffff));
}

Test(net_tcp_syn, no_way_is_told_by_icmp_with_the_packet_in_it)
{
	static const struct {
		int code;
		uint8_t kind4[2], kind6[2];
	} cases[] = {
		{ ENETUNREACH, { 3, 0 }, { 1, 0 } },
		{ EHOSTUNREACH, { 3, 1 }, { 1, 3 } },
		{ EACCES, { 3, 13 }, { 1, 1 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t reply[TCP_SYN_REFUSAL_BYTES];
		size_t len = tcp_syn_refuse(syn4, sizeof(syn4), cases[i].code,
					    reply);

		cr_assert(eq(sz, len, 28 + sizeof(syn4)));
		cr_assert(eq(int, memcmp(reply + 20, cases[i].kind4, 2), 0));
		cr_assert(eq(int, memcmp(reply + 28, syn4, sizeof(syn4)), 0));
		cr_assert(eq(u32, sum_of(reply, len), 0xffff));
		len = tcp_syn_refuse(syn6, sizeof(syn6), cases[i].code, reply);
		cr_assert(eq(sz, len, 48 + sizeof(syn6)));
		cr_assert(eq(int, memcmp(reply + 40, cases[i].kind6, 2), 0));
		cr_assert(eq(u32, sum_of(reply, len), 0xffff));
	}
}
