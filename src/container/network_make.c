/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/network_make.c - networks of one's own, made.
 */
#include "container/network_make.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "net/net_def.h"
#include "net/subnet_pool.h"
#include "spec/name_spec.h"
#include "store/event_log.h"

static const char *const known_options[] = {
	NETDEF_OPTION_ICC,
	NETDEF_OPTION_MTU,
	NETDEF_OPTION_NAME,
	"com.docker.network.bridge.enable_ip_masquerade",
	NULL,
};

void
network_event(struct store *store, const struct netdef *def, const char *action,
	      const char *container_id)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;
	struct event event = {
		.type = "network",
		.action = action,
		.id = def->id,
		.attributes = &attributes,
	};

	if (container_id)
		strvec_addf(&attributes, "container=%s", container_id);
	strvec_addf(&attributes, "name=%s", def->name);
	strvec_addf(&attributes, "type=%s", def->driver);
	event_log_add(store, &event);
}

/* One family's addresses while they are put together. */
struct pool_wish {
	const char *subnet, *range, *gateway;
	char text[INET6_ADDRSTRLEN + 8]; /* of a chosen subnet */
};

struct making {
	const struct network_wish *wish;
	struct pool_wish v4, v6;
	struct net_def def; /* checked */
	struct netdef_vec others;
};

static int
check_option(const char *option, struct err *err)
{
	cleanup_free char *key = xstrndup(option, strcspn(option, "="));
	const char *value = option[strlen(key)] ? option + strlen(key) + 1 : "";
	const char *near;

	for (size_t i = 0; known_options[i]; i++)
		if (strcmp(key, known_options[i]) == 0) {
			if (!text_ends(key, "masquerade") ||
			    strcmp(value, "true") == 0)
				return 0;
			return err_set(
				err, EOPNOTSUPP,
				"option '%s' cannot be off: packets leave through sockets of yours",
				key);
		}
	near = text_nearest(key, known_options);
	(void)err_set(err, EINVAL, "network option '%s' is unknown", key);
	err_hint(err, "'%s' is known", near ?: NETDEF_OPTION_MTU);
	return -EINVAL;
}

static int
check_wish(const struct network_wish *wish, struct err *err)
{
	int r = name_spec_check_network(wish->name, err);

	if (r == 0 && wish->driver && strcmp(wish->driver, "bridge") != 0) {
		(void)err_set(
			err, EOPNOTSUPP,
			"network driver '%s' needs privileges of the host",
			wish->driver);
		err_hint(err, "driver 'bridge' works for everybody");
		return -EOPNOTSUPP;
	}
	for (size_t i = 0; r == 0 && wish->options && i < wish->options->len;
	     i++)
		r = check_option(wish->options->v[i], err);
	return r;
}

static bool
is_v6(const char *text)
{
	return strchr(text, ':') != NULL;
}

/* Sort subnets, ranges and gateways by family: one each. */
static int
sort_out(struct making *making, const struct strvec *texts, size_t offset,
	 const char *what, struct err *err)
{
	for (size_t i = 0; texts && i < texts->len; i++) {
		struct pool_wish *pool =
			is_v6(texts->v[i]) ? &making->v6 : &making->v4;
		const char **at = (const char **)((char *)pool + offset);

		if (*at)
			return err_set(err, EINVAL,
				       "a network has one %s of each family",
				       what);
		*at = texts->v[i];
	}
	return 0;
}

static int
collect_wish(struct making *making, struct err *err)
{
	const struct network_wish *wish = making->wish;
	int r = sort_out(making, wish->subnets,
			 offsetof(struct pool_wish, subnet), "subnet", err);

	if (r == 0)
		r = sort_out(making, wish->ranges,
			     offsetof(struct pool_wish, range), "range", err);
	if (r == 0)
		r = sort_out(making, wish->gateways,
			     offsetof(struct pool_wish, gateway), "gateway",
			     err);
	if (r < 0)
		return r;
	if ((!making->v4.subnet && (making->v4.range || making->v4.gateway)) ||
	    (!making->v6.subnet && (making->v6.range || making->v6.gateway)))
		return err_set(err, EINVAL,
			       "a range or gateway needs a --subnet");
	return 0;
}

static void
strike_others(const struct making *making, struct subnet_pool *pool)
{
	for (size_t i = 0; i < making->others.len; i++) {
		const char *subnet = making->others.items[i].v4.subnet;
		struct netlink_addr taken;

		if (subnet && ipam_parse_subnet(subnet, &taken, NULL) == 0)
			subnet_pool_strike(pool, &taken);
	}
}

/* Docker's next one: the default network has the first. */
static int
choose_v4(struct making *making, struct err *err)
{
	struct subnet_pool pool;
	struct netlink_addr first;
	char text[INET_ADDRSTRLEN];
	int r;

	if (making->v4.subnet)
		return 0;
	r = subnet_pool_survey(&pool, err);
	if (r < 0)
		return r;
	first = subnet_pool_default(&pool);
	subnet_pool_strike(&pool, &first);
	strike_others(making, &pool);
	if (!pool.count) {
		(void)err_set(err, ENOSPC, "no subnet is left to choose from");
		err_hint(err, "name one with --subnet, or remove networks");
		return -ENOSPC;
	}
	(void)snprintf(making->v4.text, sizeof(making->v4.text), "%s/%u",
		       inet_ntop(AF_INET, &pool.free[0].v4, text, sizeof(text)),
		       pool.free[0].prefix);
	making->v4.subnet = making->v4.text;
	return 0;
}

/* A unique local one of RFC 4193. */
static void
choose_v6(struct making *making)
{
	struct in6_addr net = { .s6_addr = { 0xfd } };
	char text[INET6_ADDRSTRLEN];

	if (making->v6.subnet || !making->wish->ipv6)
		return;
	(void)!getrandom(&net.s6_addr[1], 7, 0);
	(void)snprintf(making->v6.text, sizeof(making->v6.text), "%s/64",
		       inet_ntop(AF_INET6, &net, text, sizeof(text)));
	making->v6.subnet = making->v6.text;
}

static int
check_addresses(struct making *making, struct err *err)
{
	const struct strvec *held = making->wish->held;
	struct net_def *def = &making->def;
	int r = net_def_set4(def, making->v4.subnet, making->v4.range,
			     making->v4.gateway, err);

	if (r == 0 && making->v6.subnet)
		r = net_def_set6(def, making->v6.subnet, making->v6.range,
				 making->v6.gateway, err);
	for (size_t i = 0; r == 0 && held && i < held->len; i++) {
		const char *equals = strchr(held->v[i], '=');

		r = net_def_hold(def, equals ? equals + 1 : held->v[i], err);
	}
	return r;
}

static int
overlaps(const char *subnet, const char *whose, struct err *err)
{
	(void)err_set(err, EEXIST, "subnet '%s' overlaps with %s", subnet,
		      whose);
	err_hint(err, "choose another one, or leave --subnet out");
	return -EEXIST;
}

static int
check_free(const struct making *making, const struct netlink_addr *subnet,
	   const char *text, struct err *err)
{
	int r;

	for (size_t i = 0; i < making->others.len; i++) {
		const struct netdef *other = &making->others.items[i];
		const char *theirs = subnet->family == AF_INET
					     ? other->v4.subnet
					     : other->v6.subnet;
		struct netlink_addr taken;
		cleanup_free char *whose =
			xasprintf("network '%s'", other->name);

		if (theirs && ipam_parse_subnet(theirs, &taken, NULL) == 0 &&
		    ipam_overlap(&taken, subnet))
			return overlaps(text, whose, err);
	}
	r = subnet_pool_is_routed(subnet, err);
	return r > 0 ? overlaps(text, "a route of the host", err) : r;
}

static struct node *
pairs_node(const struct strvec *pairs)
{
	struct node *node = node_new_obj();

	for (size_t i = 0; pairs && i < pairs->len; i++) {
		cleanup_free char *key = xstrdup(pairs->v[i]);
		char *equals = strchr(key, '=');

		if (equals)
			*equals = '\0';
		node_set_str(node, key, equals ? equals + 1 : "");
	}
	return node;
}

static void
push_pool(struct node *config, const struct pool_wish *pool, int family,
	  const void *gateway, const struct strvec *held)
{
	struct node *node;
	char text[INET6_ADDRSTRLEN];

	if (!pool->subnet)
		return;
	node = node_push(config, node_new_obj());
	node_set_str(node, "Subnet", pool->subnet);
	if (pool->range)
		node_set_str(node, "IPRange", pool->range);
	node_set_str(node, "Gateway",
		     inet_ntop(family, gateway, text, sizeof(text)));
	if (held && held->len)
		node_set(node, "AuxiliaryAddresses", pairs_node(held));
}

static struct node *
make_doc(const struct making *making)
{
	const struct network_wish *wish = making->wish;
	cleanup_strbuf struct strbuf now = STRBUF_INIT;
	struct node *doc = node_new_obj(), *ipam, *config;
	char id[NETDEF_ID_BYTES];

	text_random_hex(id, NETDEF_ID_BYTES - 1);
	units_add_rfc3339(&now, units_now_ns());
	node_set_str(doc, "Name", wish->name);
	node_set_str(doc, "Id", id);
	node_set_str(doc, "Created", now.buf);
	node_set_str(doc, "Scope", "local");
	node_set_str(doc, "Driver", "bridge");
	node_set_bool(doc, "EnableIPv4", true);
	node_set_bool(doc, "EnableIPv6", making->v6.subnet != NULL);
	ipam = node_need_obj(doc, "IPAM");
	node_set_str(ipam, "Driver", "default");
	(void)node_need_obj(ipam, "Options");
	config = node_need_arr(ipam, "Config");
	push_pool(config, &making->v4, AF_INET, &making->def.v4.gateway,
		  wish->held);
	push_pool(config, &making->v6, AF_INET6, &making->def.gateway6, NULL);
	node_set_bool(doc, "Internal", wish->internal);
	node_set_bool(doc, "Attachable", wish->attachable);
	node_set_bool(doc, "Ingress", false);
	node_set_str(node_need_obj(doc, "ConfigFrom"), "Network", "");
	node_set_bool(doc, "ConfigOnly", false);
	(void)node_need_obj(doc, "Containers");
	node_set(doc, "Options", pairs_node(wish->options));
	node_set(doc, "Labels", pairs_node(wish->labels));
	return doc;
}

static int
make(struct making *making, struct store *store, struct netdef *ret_def,
     struct err *err)
{
	struct node *doc;
	int r = collect_wish(making, err);

	if (r == 0)
		r = choose_v4(making, err);
	if (r < 0)
		return r;
	choose_v6(making);
	r = check_addresses(making, err);
	if (r == 0)
		r = check_free(making, &making->def.v4.subnet,
			       making->v4.subnet, err);
	if (r == 0 && making->v6.subnet)
		r = check_free(making, &making->def.subnet6, making->v6.subnet,
			       err);
	if (r < 0)
		return r;
	doc = make_doc(making);
	r = netdef_create(store, doc, err);
	if (r < 0) {
		node_free(doc);
		return r;
	}
	r = netdef_from_doc(doc, ret_def, err);
	if (r == 0)
		network_event(store, ret_def, "create", NULL);
	return r;
}

int
network_make(struct session *session, const struct network_wish *wish,
	     struct netdef *ret_def, struct err *err)
{
	struct making making = { .wish = wish };
	cleanup_netdef struct netdef old = NETDEF_INIT;
	struct store *store;
	int r = check_wish(wish, err);

	if (r == 0)
		r = session_store(session, &store, err);
	if (r < 0)
		return r;
	if (netdef_open(store, wish->name, &old, NULL) == 0)
		return err_set(err, EEXIST,
			       "network with name %s already exists",
			       wish->name);
	r = netdef_list(store, &making.others, err);
	if (r == 0)
		r = make(&making, store, ret_def, err);
	netdef_vec_release(&making.others);
	return r;
}
