/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/name_table.h - which names stand for which container, network by
 * network.
 *
 * Whoever asks is a container: it is found by the address it asks from, or by
 * the door it asks at, and sees the names of the networks it is on.
 */
#ifndef DHOW_NET_NAME_TABLE_H
#define DHOW_NET_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strvec.h"
#include "net/dns_msg.h"
#include "net/net_def.h"

/* One container on one network. */
struct name_entry {
	char id[NET_DEF_ID_BYTES];
	char network[NET_DEF_NAME_BYTES];
	char own[NET_DEF_NAME_BYTES]; /* its name */
	bool internal;                /* the network has no way out */
	struct dns_addr ip, ip6;      /* ip6: family 0 when there is none */
	struct strvec names;          /* lower case */
};

struct name_table {
	struct name_entry *entries;
	size_t len;
	size_t cap;
	/* Which of several comes first: one for each kind of question, as
	 * programs ask for both at once. */
	unsigned int turns[2];
};

#define NAME_TABLE_INIT         \
	{                       \
		.entries = NULL \
	}

void name_table_release(struct name_table *table);

/* Carry out "name" and "forget" messages (hub_names.h); bad ones do nothing. */
void name_table_add(struct name_table *table, const struct net_msg *msg);
void name_table_forget(struct name_table *table, const char *id,
		       const char *network);

/* The container that asks from @ip on @network, or NULL. */
const char *name_table_who(const struct name_table *table, const char *network,
			   const struct dns_addr *ip);
/* Is one of its networks not internal? */
bool name_table_may_leave(const struct name_table *table, const char *id);

/*
 * The addresses that the name has for the container @id: "web", or "web.net"
 * for one network. Every call starts with another one of several.
 * Returns how many of @addrs, which has room for @max, were filled.
 */
size_t name_table_find(struct name_table *table, const char *id,
		       const struct dns_question *question,
		       struct dns_addr *addrs, size_t max);

/*
 * Append "name.network" of the container with this address that @id can see.
 * Returns false when there is none.
 */
bool name_table_reverse(const struct name_table *table, const char *id,
			const struct dns_addr *addr, struct strbuf *sb);

#endif
