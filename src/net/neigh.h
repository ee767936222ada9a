/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/neigh.h - answers to libslirp's questions for a hardware address.
 *
 * libslirp believes that its guests share an Ethernet with it. Behind our tun
 * device there is none: every address has the same made-up hardware address.
 */
#ifndef DHOW_NET_NEIGH_H
#define DHOW_NET_NEIGH_H

#include <stddef.h>
#include <stdint.h>

#define NEIGH_ETH_BYTES 14
#define NEIGH_REPLY_BYTES 96

/* The hardware address of all containers, as libslirp is told it. */
extern const uint8_t neigh_mac[6];

enum neigh_kind {
	NEIGH_OTHER,    /* not for the containers: dropped */
	NEIGH_PACKET,   /* an IP packet behind the Ethernet header */
	NEIGH_QUESTION, /* ARP request or neighbour solicitation; answered */
};

/*
 * Look at a frame that libslirp sends.
 *
 * @reply:     NEIGH_REPLY_BYTES; the frame that answers a NEIGH_QUESTION
 * @ret_reply: its length
 */
enum neigh_kind neigh_look(const uint8_t *frame, size_t len, uint8_t *reply,
			   size_t *ret_reply);

#endif
