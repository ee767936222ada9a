/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/defrag.h - IPv4 fragments put together before libslirp sees them.
 *
 * libslirp 4.7 dies of a last fragment that comes alone, and any container
 * may send one. So it gets whole packets only. Fragments are rare (our MTU is
 * 65520), so this need not be fast; it must be strict: what overlaps or does
 * not fit is forgotten. Spec: RFC 791, 3.2; RFC 5722 for the strictness.
 */
#ifndef DHOW_NET_DEFRAG_H
#define DHOW_NET_DEFRAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEFRAG_MAX_DATAGRAMS 16
#define DEFRAG_TIMEOUT_NS (15 * INT64_C(1000000000))

struct defrag_datagram;

struct defrag {
	struct defrag_datagram *datagrams[DEFRAG_MAX_DATAGRAMS];
};

enum defrag_verdict {
	DEFRAG_WHOLE,   /* the packet is no fragment: pass it on */
	DEFRAG_KEPT,    /* a fragment: more of it is to come */
	DEFRAG_JOINED,  /* the last missing one: pass *ret_packet on */
	DEFRAG_INVALID, /* no IPv4 packet, or a fragment that cannot be */
};

/*
 * Look at one IPv4 packet.
 *
 * @ret_packet, @ret_len: DEFRAG_JOINED: the datagram, valid until the next
 *                        call; DEFRAG_WHOLE: @packet without trailing bytes
 */
enum defrag_verdict defrag_input(struct defrag *defrag, const uint8_t *packet,
				 size_t len, int64_t now_ns,
				 const uint8_t **ret_packet, size_t *ret_len);

void defrag_release(struct defrag *defrag);

#endif
