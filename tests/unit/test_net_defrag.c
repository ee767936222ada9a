/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/ip.h>
#include <string.h>

#include "net/defrag.h"

static struct defrag defrag;
static uint8_t packet[70000];
static const uint8_t *joined;
static size_t joined_len;

static uint16_t
checksum(const uint8_t *bytes, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* A fragment of datagram @id: bytes @at.. filled with @fill. */
static int
feed(uint16_t id, size_t at, size_t len, bool more, uint8_t fill)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.id = htons(id),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.tot_len = htons((uint16_t)(sizeof(ip) + len)),
		.frag_off = htons((uint16_t)(at / 8 | (more ? IP_MF : 0))),
	};

	(void)memcpy(packet, &ip, sizeof(ip));
	ip.check = checksum(packet, sizeof(ip));
	(void)memcpy(packet, &ip, sizeof(ip));
	(void)memset(packet + sizeof(ip), fill, len);
	return (int)defrag_input(&defrag, packet, sizeof(ip) + len, 0, &joined,
				 &joined_len);
}

Test(net_defrag, a_whole_packet_passes_without_trailing_bytes)
{
	struct iphdr ip = { .version = 4, .ihl = 5, .tot_len = htons(28) };

	(void)memcpy(packet, &ip, sizeof(ip));
	cr_assert(eq(int,
		     defrag_input(&defrag, packet, 60, 0, &joined, &joined_len),
		     DEFRAG_WHOLE));
	cr_assert(eq(sz, joined_len, 28));
	cr_assert(eq(int,
		     defrag_input(&defrag, packet, 27, 0, &joined, &joined_len),
		     DEFRAG_INVALID));
}

Test(net_defrag, fragments_join_in_any_order)
{
	struct iphdr ip;

	cr_assert(eq(int, feed(7, 16, 5, false, 'c'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(7, 8, 8, true, 'b'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(7, 0, 8, true, 'a'), DEFRAG_JOINED));
	cr_assert(eq(sz, joined_len, 20 + 21));
	(void)memcpy(&ip, joined, sizeof(ip));
	cr_assert(eq(int, ntohs(ip.tot_len), 41));
	cr_assert(eq(int, ip.frag_off, 0));
	cr_assert(eq(int, checksum(joined, 20), 0));
	cr_assert(memcmp(joined + 20, "aaaaaaaabbbbbbbbccccc", 21) == 0);
	defrag_release(&defrag);
}

Test(net_defrag, a_last_fragment_alone_is_kept)
{
	cr_assert(eq(int, feed(1, 8, 4, false, 'x'), DEFRAG_KEPT));
	defrag_release(&defrag);
}

Test(net_defrag, overlaps_and_impossible_pieces_forget_the_datagram)
{
	cr_assert(eq(int, feed(1, 0, 16, true, 'a'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(1, 8, 16, true, 'b'), DEFRAG_INVALID));
	cr_assert(eq(int, feed(1, 16, 4, false, 'c'), DEFRAG_KEPT));
	defrag_release(&defrag);
	cr_assert(eq(int, feed(2, 0, 12, true, 'a'), DEFRAG_INVALID));
	cr_assert(eq(int, feed(2, 0, 0, true, 'a'), DEFRAG_INVALID));
	cr_assert(eq(int, feed(2, 65528, 100, false, 'a'), DEFRAG_INVALID));
	/* Two ends, and something behind the end. */
	cr_assert(eq(int, feed(3, 16, 8, false, 'a'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(3, 32, 8, false, 'a'), DEFRAG_INVALID));
	cr_assert(eq(int, feed(3, 16, 8, true, 'a'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(3, 8, 4, false, 'a'), DEFRAG_INVALID));
	defrag_release(&defrag);
}

Test(net_defrag, many_unfinished_datagrams_push_the_oldest_out)
{
	for (uint16_t id = 0; id < 100; id++)
		cr_assert(eq(int, feed(id, 0, 8, true, 'a'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(99, 8, 1, false, 'b'), DEFRAG_JOINED));
	defrag_release(&defrag);
}

Test(net_defrag, the_largest_datagram_joins)
{
	size_t at = 0;

	for (; at + 1480 < 65400; at += 1480)
		cr_assert(eq(int, feed(5, at, 1480, true, 'x'), DEFRAG_KEPT));
	cr_assert(eq(int, feed(5, at, 65475 - at, false, 'y'), DEFRAG_JOINED));
	cr_assert(eq(sz, joined_len, 20 + 65475));
	defrag_release(&defrag);
}
