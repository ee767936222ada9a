/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/bypass.h - TCP connections to the outside, carried past libslirp.
 *
 * The kernel's own TCP on both sides, and between them large reads (pair.h):
 *
 *	outer half			inner half
 *	a SYN comes out of the tun
 *	device: connect to its server
 *	connected: socket, SYN ───►	deliver this flow here; listen
 *					with the server's address;
 *					the SYN goes into the tun device
 *					accepted: a pair (pair.h)
 *			◄─── over	both streams ended
 *	failed: the client is told
 *
 * So a client is never connected before its server is. A flow's rule is there
 * as long as the flow: what the kernel remembers of a route is forgotten with
 * every change of rules. What cannot be carried goes to libslirp: too many at
 * once, odd packets, a kernel whose rules know no ports (before 4.17).
 */
#ifndef DHOW_NET_BYPASS_H
#define DHOW_NET_BYPASS_H

#include "base/cleanup.h"
#include "base/loop.h"
#include "net/fabric.h"
#include "net/tcp_syn.h"

#define BYPASS_MAX_FLOWS 256

/* To the inner half, with the socket that is connected to the server. */
struct bypass_ask {
	uint32_t id; /* below BYPASS_MAX_FLOWS */
	uint32_t syn_len;
	uint8_t syn[TCP_SYN_MAX_BYTES];
};

/* Back from it. */
struct bypass_over {
	uint32_t id;
	bool refused; /* the kernel cannot do this */
};

struct bypass_outer;
/* What libslirp is to have after all. */
typedef void (*bypass_decline_fn)(const void *packet, size_t len, void *data);

/* @tunfd, @askfd: towards the inner half, the caller's. */
struct bypass_outer *bypass_outer_new(struct loop *loop, int tunfd, int askfd,
				      bypass_decline_fn decline, void *data);
void bypass_outer_free(struct bypass_outer *outer);
DEFINE_CLEANUP(struct bypass_outer *, bypass_outer_free);
/* See a packet of a container first; true: libslirp shall not have it. */
bool bypass_outer_take(struct bypass_outer *outer, const uint8_t *packet,
		       size_t len);

struct bypass_inner;
/* @tunfd, @askfd: towards the outer half, from now on owned. */
struct bypass_inner *bypass_inner_new(struct loop *loop, struct fabric *fabric,
				      int tunfd, int askfd);
void bypass_inner_free(struct bypass_inner *inner);
DEFINE_CLEANUP(struct bypass_inner *, bypass_inner_free);
/* Reset the connections of a container that leaves its network. */
void bypass_inner_forget(struct bypass_inner *inner,
			 const struct fabric_leg *leg);

#endif
