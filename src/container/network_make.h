/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/network_make.h - networks of one's own, made and removed.
 */
#ifndef DHOW_CONTAINER_NETWORK_MAKE_H
#define DHOW_CONTAINER_NETWORK_MAKE_H

#include "session/session.h"
#include "store/netdef.h"

/* What 'network create' is asked for; everything is borrowed. */
struct network_wish {
	const char *name;
	const char *driver; /* NULL: bridge */
	const struct strvec *subnets;
	const struct strvec *gateways; /* each in one of the subnets */
	const struct strvec *ranges;   /* likewise */
	const struct strvec *held;     /* "NAME=IP" */
	const struct strvec *labels;   /* "K=V" */
	const struct strvec *options;  /* likewise */
	bool internal;
	bool ipv6;
	bool attachable;
};

/*
 * Check the wish, choose what it leaves open, and record the network. Lists
 * may be NULL.
 *
 * Returns 0; -EEXIST when the name is taken or the subnet is another one's;
 * -EINVAL; -EOPNOTSUPP for drivers that need privileges; -ENOSPC when no
 * subnet is left.
 */
int network_make(struct session *session, const struct network_wish *wish,
		 struct netdef *ret_def, struct err *err);

/*
 * Remove it: -EBUSY while a running container is on it, -EACCES for one that
 * is always there.
 */
int network_unmake(struct session *session, const struct netdef *def,
		   struct err *err);

/*
 * What network inspect shows: the document with the containers that are on it
 * now, and with the default network's addresses.
 */
int network_show(struct session *session, const struct netdef *def,
		 struct node **ret_node, struct err *err);

/* Note for "dhow events" that "connect" or the like happened. */
void network_event(struct store *store, const struct netdef *def,
		   const char *action, const char *container_id);

/* Is a running container on it? */
int network_is_used(struct session *session, const struct netdef *def,
		    bool *ret_used, struct err *err);

#endif
