/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_member.h - what one connected container holds.
 *
 * States: connected → published sockets received (none or more messages) →
 * joined (address, leg, relays) → silent (nothing is relayed any more; see
 * hub_departed.h) → gone. Whatever the state, release gives everything back.
 */
#ifndef DHOW_NET_HUB_MEMBER_H
#define DHOW_NET_HUB_MEMBER_H

#include "base/loop.h"
#include "net/hub_network.h"
#include "net/net_msg.h"
#include "net/relay.h"

#define HUB_MEMBER_MAX_LEGS 16
#define HUB_MEMBER_MAX_PORTS 8192

struct hub_publish {
	int proto;
	uint16_t port; /* in the container */
	int hostfd;    /* until joined; then the relay's */
	struct relay *relay;
	bool is_open; /* replies find their way: see fabric_open_port() */
};

struct hub_leg {
	struct hub_network *network;
	struct fabric_leg leg;
};

struct hub_member {
	struct hub_publish *published;
	size_t published_len;
	size_t published_cap;
	struct hub_leg legs[HUB_MEMBER_MAX_LEGS];
	size_t leg_count;
};

/* Note the host sockets of a "publish" message; -EPROTO. */
int hub_member_publish(struct hub_member *member, struct net_msg *msg,
		       struct err *err);

/* Carry out a "join" message; @reply is filled on success. */
int hub_member_join(struct hub_member *member, struct hub_networks *networks,
		    struct loop *loop, struct net_msg *msg,
		    struct net_msg *reply, struct err *err);

/* End all connections to published ports; addresses and legs stay. */
void hub_member_silence(struct hub_member *member);
void hub_member_release(struct hub_member *member, struct fabric *fabric);
/* The same where the fabric ends too: only memory and sockets. */
void hub_member_forget(struct hub_member *member);

#endif
