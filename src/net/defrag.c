/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/defrag.c - IPv4 fragments put together before libslirp sees them.
 */
#include "net/defrag.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/ip.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_HEADER_BYTES 60
#define MAX_PACKET_BYTES 65535
#define UNIT_BYTES 8
#define UNITS ((MAX_PACKET_BYTES + UNIT_BYTES) / UNIT_BYTES)

/* One datagram on its way to be whole. */
struct defrag_datagram {
	struct iphdr key; /* saddr, daddr, id and protocol count */
	int64_t started_ns;
	size_t header_len; /* 0: the first fragment has not come */
	size_t total;      /* payload bytes; 0: the last has not come */
	size_t end;        /* the farthest byte seen */
	size_t got;
	bool joined;          /* handed out; freed by the next call */
	uint8_t units[UNITS]; /* 1: this unit of the payload is here */
	uint8_t bytes[MAX_HEADER_BYTES + MAX_PACKET_BYTES + UNIT_BYTES];
};

/* What a fragment's header says. */
struct fragment {
	struct iphdr ip;
	size_t header_len;
	size_t offset;
	size_t len;
	bool more;
};

static bool
is_same(const struct iphdr *a, const struct iphdr *b)
{
	return a->saddr == b->saddr && a->daddr == b->daddr && a->id == b->id &&
	       a->protocol == b->protocol;
}

static void
forget(struct defrag_datagram **slot)
{
	free(*slot);
	*slot = NULL;
}

static void
forget_old(struct defrag *defrag, int64_t now_ns)
{
	for (int i = 0; i < DEFRAG_MAX_DATAGRAMS; i++) {
		struct defrag_datagram *datagram = defrag->datagrams[i];

		if (datagram &&
		    (datagram->joined ||
		     now_ns - datagram->started_ns > DEFRAG_TIMEOUT_NS))
			forget(&defrag->datagrams[i]);
	}
}

/* The datagram's slot; else an empty one, else that of the oldest. */
static struct defrag_datagram **
find_slot(struct defrag *defrag, const struct iphdr *ip, int64_t now_ns)
{
	struct defrag_datagram **best = &defrag->datagrams[0];

	for (int i = 0; i < DEFRAG_MAX_DATAGRAMS; i++) {
		struct defrag_datagram **slot = &defrag->datagrams[i];

		if (*slot && is_same(&(*slot)->key, ip))
			return slot;
		if (!*best)
			continue;
		if (!*slot || (*slot)->started_ns < (*best)->started_ns)
			best = slot;
	}
	forget(best);
	*best = xcalloc(1, sizeof(**best));
	(*best)->key = *ip;
	(*best)->started_ns = now_ns;
	return best;
}

static uint16_t
header_checksum(const uint8_t *header, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Read the header; returns false when @packet is no IPv4 packet. */
static bool
read_header(const uint8_t *packet, size_t len, struct fragment *frag,
	    size_t *ret_len)
{
	size_t total;

	if (len < sizeof(frag->ip))
		return false;
	(void)memcpy(&frag->ip, packet, sizeof(frag->ip));
	frag->header_len = frag->ip.ihl * 4U;
	total = ntohs(frag->ip.tot_len);
	if (frag->ip.version != 4 || frag->header_len < sizeof(frag->ip) ||
	    total < frag->header_len || total > len)
		return false;
	frag->offset =
		(size_t)(ntohs(frag->ip.frag_off) & IP_OFFMASK) * UNIT_BYTES;
	frag->more = ntohs(frag->ip.frag_off) & IP_MF;
	frag->len = total - frag->header_len;
	*ret_len = total;
	return true;
}

/* Does the fragment agree with its kind and with what came before? */
static bool
fits(const struct defrag_datagram *datagram, const struct fragment *frag)
{
	size_t end = frag->offset + frag->len;

	if (frag->len == 0 || (frag->more && frag->len % UNIT_BYTES) ||
	    end > MAX_PACKET_BYTES - MAX_HEADER_BYTES)
		return false;
	if (datagram->total &&
	    (frag->more ? end >= datagram->total : end != datagram->total))
		return false;
	for (size_t at = frag->offset; at < end; at += UNIT_BYTES)
		if (datagram->units[at / UNIT_BYTES])
			return false;
	return frag->more || end >= datagram->end;
}

static void
store(struct defrag_datagram *datagram, const uint8_t *packet,
      const struct fragment *frag)
{
	size_t end = frag->offset + frag->len;

	if (frag->offset == 0) {
		datagram->header_len = frag->header_len;
		(void)memcpy(datagram->bytes + MAX_HEADER_BYTES -
				     frag->header_len,
			     packet, frag->header_len);
	}
	if (!frag->more)
		datagram->total = end;
	(void)memcpy(datagram->bytes + MAX_HEADER_BYTES + frag->offset,
		     packet + frag->header_len, frag->len);
	for (size_t at = frag->offset; at < end; at += UNIT_BYTES)
		datagram->units[at / UNIT_BYTES] = 1;
	datagram->got += frag->len;
	if (end > datagram->end)
		datagram->end = end;
}

/* Make the header that of a whole packet; returns the packet. */
static const uint8_t *
finish(struct defrag_datagram *datagram, size_t *ret_len)
{
	uint8_t *packet =
		datagram->bytes + MAX_HEADER_BYTES - datagram->header_len;
	struct iphdr ip;

	(void)memcpy(&ip, packet, sizeof(ip));
	*ret_len = datagram->header_len + datagram->total;
	ip.tot_len = htons((uint16_t)*ret_len);
	ip.frag_off = 0;
	ip.check = 0;
	(void)memcpy(packet, &ip, sizeof(ip));
	ip.check = header_checksum(packet, datagram->header_len);
	(void)memcpy(packet, &ip, sizeof(ip));
	datagram->joined = true;
	return packet;
}

enum defrag_verdict
defrag_input(struct defrag *defrag, const uint8_t *packet, size_t len,
	     int64_t now_ns, const uint8_t **ret_packet, size_t *ret_len)
{
	struct fragment frag;
	struct defrag_datagram **slot;

	if (!read_header(packet, len, &frag, ret_len))
		return DEFRAG_INVALID;
	if (frag.offset == 0 && !frag.more) {
		*ret_packet = packet;
		return DEFRAG_WHOLE;
	}
	if (header_checksum(packet, frag.header_len) != 0)
		return DEFRAG_INVALID;
	forget_old(defrag, now_ns);
	slot = find_slot(defrag, &frag.ip, now_ns);
	if (!fits(*slot, &frag)) {
		forget(slot);
		return DEFRAG_INVALID;
	}
	store(*slot, packet, &frag);
	if (!(*slot)->header_len || !(*slot)->total ||
	    (*slot)->got != (*slot)->total)
		return DEFRAG_KEPT;
	*ret_packet = finish(*slot, ret_len);
	return DEFRAG_JOINED;
}

void
defrag_release(struct defrag *defrag)
{
	for (int i = 0; i < DEFRAG_MAX_DATAGRAMS; i++)
		forget(&defrag->datagrams[i]);
}
