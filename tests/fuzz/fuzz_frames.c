/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets from a container, handed to libslirp as the tun device would: each
 * has two bytes of length in front. IPv4 checksums are put right, or nothing
 * would get far. They may open sockets to anywhere, so this happens in a
 * network namespace without a way out. What asks for a TCP connection is read
 * and refused as the connections past libslirp are (net/tcp_syn.h).
 */
#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/tcp_syn.h"
#include "net/uplink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_alone;

/* Before anything starts a thread: then a user namespace is refused. */
__attribute__((constructor)) static void
be_alone(void)
{
	is_alone = unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static uint32_t
add_up(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

static void
put_checksum(uint8_t *at, uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	at[0] = (uint8_t)(~sum >> 8);
	at[1] = (uint8_t)~sum;
}

/* Of the header, and of a TCP, UDP or ICMP packet that is no fragment. */
static void
correct(uint8_t *packet, size_t len)
{
	size_t header = (packet[0] & 15) * 4U;
	size_t total = (size_t)(packet[2] << 8 | packet[3]);
	size_t at = packet[9] == 6 ? 16 : packet[9] == 17 ? 6 : 2;
	uint32_t sum = 0;

	if (header < 20 || header > len)
		return;
	packet[10] = packet[11] = 0;
	put_checksum(packet + 10, add_up(0, packet, header));
	if (total > len || header + at + 2 > total)
		return;
	packet[header + at] = packet[header + at + 1] = 0;
	if (packet[9] != 1) {
		sum = add_up(0, packet + 12, 8);
		sum += packet[9] + (uint32_t)(total - header);
	}
	put_checksum(packet + header + at,
		     add_up(sum, packet + header, total - header));
}

/* The memory is of the very length, so that reading on is noticed. */
static bool
refuse(const uint8_t *packet, size_t len, void *data)
{
	static const int codes[] = { ECONNREFUSED, ENETUNREACH, EACCES };
	uint8_t reply[TCP_SYN_REFUSAL_BYTES], again[TCP_SYN_REFUSAL_BYTES];
	uint8_t *syn = malloc(len);
	struct tcp_flow flow;

	(void)memcpy(syn, packet, len);
	if (tcp_syn_read(syn, len, &flow))
		for (size_t i = 0; i < 3; i++) {
			size_t n = tcp_syn_refuse(syn, len, codes[i], reply);

			assert(n > len || codes[i] == ECONNREFUSED);
			assert(n <= sizeof(reply));
			assert(tcp_syn_refuse(syn, len, codes[i], again) == n &&
			       memcmp(reply, again, n) == 0);
			assert(!tcp_syn_read(reply, n, &flow));
		}
	free(syn);
	return false;
}

static void
input(struct uplink *uplink, const uint8_t *data, size_t len)
{
	uint8_t *packet = malloc(len + 1);

	(void)memcpy(packet, data, len);
	if (len >= 20 && packet[0] >> 4 == 4)
		correct(packet, len);
	uplink_input(uplink, packet, len);
	free(packet);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_with(uplink_free) struct uplink *uplink = NULL;

	if (!is_alone || uplink_new(true, &uplink, NULL) < 0)
		return 0;
	uplink_set_take(uplink, refuse, NULL);
	while (size > 2) {
		size_t len = (size_t)(data[0] << 8 | data[1]);

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		input(uplink, data, len);
		data += len;
		size -= len;
	}
	return 0;
}
