/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_def.h - what a network is: its addresses and rules.
 *
 * Checked where somebody makes a network, and carried to the network process
 * with every container that joins it: that process keeps nothing on disk.
 */
#ifndef DHOW_NET_NET_DEF_H
#define DHOW_NET_NET_DEF_H

#include <stdbool.h>

#include "base/err.h"
#include "net/ipam.h"
#include "net/net_msg.h"

#define NET_DEF_NAME_BYTES 256
#define NET_DEF_ID_BYTES 65
#define NET_DEF_MAX_HELD 64
#define NET_DEF_MIN_MTU 1280 /* IPv6's least */
#define NET_DEF_MAX_MTU 65520

struct net_def {
	char name[NET_DEF_NAME_BYTES];
	char id[NET_DEF_ID_BYTES]; /* a name may be given to another one */
	struct ipam_plan v4;
	struct in_addr held[NET_DEF_MAX_HELD]; /* never given to containers */
	size_t held_count;
	struct netlink_addr subnet6; /* family 0: no IPv6 */
	struct netlink_addr range6;  /* containers' addresses begin with it */
	struct in6_addr gateway6;
	bool internal; /* no way out */
	bool isolated; /* its containers do not reach each other */
	uint32_t mtu;  /* 0: the largest */
};

/*
 * Set one family's addresses. @range and @gateway may be NULL: the whole
 * subnet, its first address. Returns 0 or -EINVAL with a story.
 */
int net_def_set4(struct net_def *def, const char *subnet, const char *range,
		 const char *gateway, struct err *err);
/*
 * After net_def_set4(): an address is the range, and at its end the IPv4 one's
 * host part, which must have room there.
 */
int net_def_set6(struct net_def *def, const char *subnet, const char *range,
		 const char *gateway, struct err *err);
/* Keep an address of the subnet for something that is no container. */
int net_def_hold(struct net_def *def, const char *ip, struct err *err);
int net_def_set_mtu(struct net_def *def, const char *text, struct err *err);

/* Put it into a message, or take it out: 0, -EPROTO, -EINVAL. */
void net_def_write(const struct net_def *def, struct net_msg *msg);
int net_def_read(const struct net_msg *msg, struct net_def *ret_def,
		 struct err *err);

#endif
