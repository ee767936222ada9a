/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_member.h - what one connected container holds.
 *
 * States: connected → published sockets received (none or more messages) →
 * joined (addresses, legs, relays; networks come and go) → silent (nothing is
 * relayed any more, nobody finds it by name; see hub_departed.h) → gone.
 * Whatever the state, release gives everything back.
 */
#ifndef DHOW_NET_HUB_MEMBER_H
#define DHOW_NET_HUB_MEMBER_H

#include "base/loop.h"
#include "net/hub_network.h"
#include "net/net_msg.h"
#include "net/relay.h"

#define HUB_MEMBER_MAX_LEGS 32
#define HUB_MEMBER_MAX_PORTS 8192

struct hub_publish {
	int proto;
	uint16_t port; /* in the container */
	int hostfd;    /* until joined; then the relay's */
	struct relay *relay;
};

struct hub_leg {
	struct hub_network *network;
	struct fabric_leg leg;
	int64_t priority;                   /* who carries the default route */
	char endpoint_id[NET_DEF_ID_BYTES]; /* dhow's; only repeated */
};

struct hub_member {
	char id[NET_DEF_ID_BYTES];
	char name[NET_DEF_NAME_BYTES];
	struct hub_publish *published;
	size_t published_len;
	size_t published_cap;
	struct hub_leg legs[HUB_MEMBER_MAX_LEGS];
	size_t leg_count;
	size_t port_leg; /* published ports lead there; or none: NO_LEG */
	bool ports_open;
	bool served; /* it has a name server inside */
};

#define HUB_MEMBER_NO_LEG SIZE_MAX
#define HUB_MEMBER_INIT                        \
	{                                      \
		.port_leg = HUB_MEMBER_NO_LEG, \
	}

/* What a member's messages are carried out with. */
struct hub_place {
	struct hub_networks *networks;
	struct loop *loop;
};

/* Note the host sockets of a "publish" message; -EPROTO. */
int hub_member_publish(struct hub_member *member, struct net_msg *msg,
		       struct err *err);

/*
 * Carry out a "join" or "connect" message; @reply is filled on success.
 * -EEXIST when it is on that network or the address is taken.
 */
int hub_member_join(struct hub_member *member, struct hub_place *place,
		    struct net_msg *msg, struct net_msg *reply,
		    struct err *err);

/* Carry out a "disconnect" message; -ENOENT when it is not there. */
int hub_member_leave(struct hub_member *member, struct hub_place *place,
		     const struct net_msg *msg, struct err *err);

/* Carry out a "rename" message; -EPROTO. */
int hub_member_rename(struct hub_member *member,
		      const struct hub_networks *networks,
		      const struct net_msg *msg, struct err *err);

/* Describe a leg as a reply to "join" does. */
void hub_member_describe(const struct hub_member *member,
			 const struct hub_leg *leg, const char *op,
			 struct net_msg *reply);

/* A leg in one "member" field of the answer to "list". */
void hub_member_summarize(const struct hub_member *member,
			  const struct hub_leg *leg, struct net_msg *reply);

/* End all connections that are relayed; addresses and legs stay. */
void hub_member_silence(struct hub_member *member,
			const struct hub_networks *networks);
void hub_member_release(struct hub_member *member, struct fabric *fabric);
/* The same where the fabric ends too: only memory and sockets. */
void hub_member_forget(struct hub_member *member);

#endif
