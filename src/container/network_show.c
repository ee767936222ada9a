/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/network_show.c - networks of one's own, shown and removed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "container/network_make.h"
#include "net/net_client.h"
#include "net/subnet_pool.h"

struct census {
	const char *network;
	struct node *containers; /* or NULL: count only */
	size_t count;
};

static void
note_member(const struct net_join_reply *member, void *data)
{
	struct census *census = data;
	cleanup_free char *ip = NULL, *ip6 = NULL;
	struct node *node;

	if (strcmp(member->network, census->network) != 0)
		return;
	census->count++;
	if (!census->containers)
		return;
	ip = xasprintf("%s/%u", member->ip, member->prefix);
	ip6 = member->ip6[0] ? xasprintf("%s/%u", member->ip6, member->prefix6)
			     : xstrdup("");
	node = node_need_obj(census->containers, member->id);
	node_set_str(node, "Name", member->name);
	node_set_str(node, "EndpointID", member->endpoint_id);
	node_set_str(node, "MacAddress", member->mac);
	node_set_str(node, "IPv4Address", ip);
	node_set_str(node, "IPv6Address", ip6);
}

static int
take_census(struct session *session, struct census *census, struct err *err)
{
	int rundirfd = paths_open_run(&session->paths, err);

	return rundirfd < 0
		       ? rundirfd
		       : net_each_member(rundirfd, note_member, census, err);
}

int
network_is_used(struct session *session, const struct netdef *def,
		bool *ret_used, struct err *err)
{
	struct census census = { .network = def->name };
	int r = take_census(session, &census, err);

	if (r == 0)
		*ret_used = census.count > 0;
	return r;
}

int
network_unmake(struct session *session, const struct netdef *def,
	       struct err *err)
{
	struct census census = { .network = def->name };
	struct store *store;
	int r;

	if (def->predefined)
		return err_set(
			err, EACCES,
			"%s is a pre-defined network and cannot be removed",
			def->name);
	r = session_store(session, &store, err);
	if (r == 0)
		r = take_census(session, &census, err);
	if (r < 0)
		return r;
	if (census.count) {
		(void)err_set(err, EBUSY,
			      "network %s has active endpoints: %zu", def->name,
			      census.count);
		err_hint(err, "'network inspect %s' lists its containers",
			 def->name);
		return -EBUSY;
	}
	r = netdef_remove(store, def->name, err);
	if (r == 0)
		network_event(store, def, "destroy", NULL);
	return r;
}

/* Chosen by the host's routes every time that the first container comes. */
static int
add_default_addresses(struct node *doc, struct err *err)
{
	struct node *config =
		node_need_arr(node_need_obj(doc, "IPAM"), "Config");
	struct subnet_pool pool;
	struct netlink_addr subnet;
	cleanup_free char *text = NULL;
	char ip[INET_ADDRSTRLEN];
	struct node *node;
	int r = subnet_pool_survey(&pool, err);

	if (r < 0)
		return r;
	subnet = subnet_pool_default(&pool);
	text = xasprintf("%s/%u",
			 inet_ntop(AF_INET, &subnet.v4, ip, sizeof(ip)),
			 subnet.prefix);
	subnet.v4.s_addr = htonl(ntohl(subnet.v4.s_addr) + 1);
	node = node_push(config, node_new_obj());
	node_set_str(node, "Subnet", text);
	node_set_str(node, "Gateway",
		     inet_ntop(AF_INET, &subnet.v4, ip, sizeof(ip)));
	return 0;
}

int
network_show(struct session *session, const struct netdef *def,
	     struct node **ret_node, struct err *err)
{
	struct node *doc = node_clone(def->doc);
	struct census census = {
		.network = def->name,
		.containers = node_need_obj(doc, "Containers"),
	};
	int r = 0;

	if (strcmp(def->driver, "bridge") == 0)
		r = take_census(session, &census, err);
	if (r == 0 && def->predefined && strcmp(def->driver, "bridge") == 0)
		r = add_default_addresses(doc, err);
	if (r < 0)
		node_free(doc);
	else
		*ret_node = doc;
	return r;
}
