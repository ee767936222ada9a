/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/consistency_net.c - addresses of networks, and of services on them.
 */
#include <string.h>

#include "base/alloc.h"
#include "compose/consistency.h"
#include "net/ipam.h"
#include "spec/host_spec.h"
#include "spec/network_spec.h"

struct net_check {
	bool raw; /* text with variables is not looked at */
	struct diag *diag;
};

static bool
is_ip(const char *text, char family)
{
	bool is_v6 = strchr(text, ':') != NULL;

	return host_spec_is_ip(text) && (!family || is_v6 == (family == '6'));
}

/* @family: '4', '6', or 0 for both */
static void
check_ip(const struct net_check *c, const struct node *node, char family)
{
	const char *text = node_str(node);

	if (!text || !*text || is_ip(text, family) ||
	    (c->raw && strchr(text, '$')))
		return;
	if (family)
		diag_at(c->diag, node, "'%s' is not an IPv%c address", text,
			family);
	else
		diag_at(c->diag, node, "'%s' is not an IP address", text);
}

static void
check_ips(const struct net_check *c, const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++)
		check_ip(c, node_value_at(list, i), 0);
}

static void
check_mac(const struct net_check *c, const struct node *node)
{
	struct network_spec spec = NETWORK_SPEC_INIT;
	const char *text = node_str(node);

	if (text && *text && !(c->raw && strchr(text, '$')) &&
	    network_spec_set_mac(&spec, text, NULL) < 0)
		diag_at(c->diag, node, "'%s' is not a MAC address", text);
	network_spec_release(&spec);
}

static void
check_subnet(const struct net_check *c, const struct node *node)
{
	struct netlink_addr subnet;
	const char *text = node_str(node);

	if (!text || (c->raw && strchr(text, '$')) ||
	    ipam_parse_subnet(text, &subnet, NULL) == 0)
		return;
	diag_at(c->diag, node, "'%s' is not a subnet", text);
	diag_hint(c->diag, "write ADDRESS/BITS, as 172.28.0.0/16");
}

static void
check_extra_hosts(const struct net_check *c, const struct node *hosts)
{
	for (size_t i = 0; i < node_len(hosts); i++) {
		const char *text = node_str_or(node_at(hosts, i), "");
		const char *ip = strchr(text, '=');

		if (ip && strcmp(ip + 1, HOST_SPEC_GATEWAY) != 0 &&
		    !host_spec_is_ip(ip + 1) && !c->raw)
			diag_at(c->diag, node_at(hosts, i),
				"'%s' is not an IP address", ip + 1);
	}
}

void
consistency_check_addresses(const struct node *service, bool raw,
			    struct diag *diag)
{
	const struct net_check c = { .raw = raw, .diag = diag };
	const struct node *networks = node_get(service, "networks");
	const struct node *ports = node_get(service, "ports");

	for (size_t i = 0; i < node_len(networks); i++) {
		const struct node *one = node_value_at(networks, i);

		check_ip(&c, node_get(one, "ipv4_address"), '4');
		check_ip(&c, node_get(one, "ipv6_address"), '6');
		check_ips(&c, node_get(one, "link_local_ips"));
		check_mac(&c, node_get(one, "mac_address"));
	}
	for (size_t i = 0; i < node_len(ports); i++)
		check_ip(&c, node_get(node_at(ports, i), "host_ip"), 0);
	check_mac(&c, node_get(service, "mac_address"));
	check_ips(&c, node_get(service, "dns"));
	check_extra_hosts(&c, node_get(service, "extra_hosts"));
	check_extra_hosts(&c,
			  node_get(node_get(service, "build"), "extra_hosts"));
}

void
consistency_check_pools(const struct node *networks, bool raw,
			struct diag *diag)
{
	const struct net_check c = { .raw = raw, .diag = diag };

	for (size_t i = 0; i < node_len(networks); i++) {
		const struct node *pools = node_get(
			node_get(node_value_at(networks, i), "ipam"), "config");

		for (size_t k = 0; k < node_len(pools); k++) {
			const struct node *pool = node_at(pools, k);

			check_subnet(&c, node_get(pool, "subnet"));
			check_subnet(&c, node_get(pool, "ip_range"));
			check_ip(&c, node_get(pool, "gateway"), 0);
			check_ips(&c, node_get(pool, "aux_addresses"));
		}
	}
}
