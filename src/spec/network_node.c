/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/network_node.c - endpoints as config.json has them.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "spec/csv.h"
#include "spec/network_spec.h"
#include "spec/node_check.h"

static void
network_set_str(struct node *obj, const char *key, const char *value)
{
	if (value)
		node_set_str(obj, key, value);
}

struct node *
network_spec_to_node(const struct network_spec *spec)
{
	struct node *node = node_new_obj();

	if (spec->ip4 || spec->ip6 || spec->link_local_ips.len) {
		struct node *ipam = node_need_obj(node, "IPAMConfig");

		network_set_str(ipam, "IPv4Address", spec->ip4);
		network_set_str(ipam, "IPv6Address", spec->ip6);
		if (spec->link_local_ips.len)
			node_set_strvec(ipam, "LinkLocalIPs",
					&spec->link_local_ips);
	}
	if (spec->aliases.len)
		node_set_strvec(node, "Aliases", &spec->aliases);
	network_set_str(node, "MacAddress", spec->mac);
	network_set_str(node, "InterfaceName", spec->interface_name);
	for (size_t i = 0; i < spec->driver_opts.len; i++) {
		cleanup_free char *key = xstrdup(spec->driver_opts.v[i]);

		node_set_str(node_need_obj(node, "DriverOpts"), key,
			     csv_cut_value(key));
	}
	if (spec->gw_priority)
		node_set_int(node, "GwPriority", spec->gw_priority);
	return node;
}

static int
network_take_ips(const struct node *node, struct network_spec *spec,
		 struct err *err)
{
	static const char *const keys[] = { "IPv4Address", "IPv6Address" };
	const struct node *ipam = node_get(node, "IPAMConfig");
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_LEN(keys); i++) {
		const char *text = node_get_str(ipam, keys[i]);

		if (text && *text)
			r = network_spec_set_ip(spec, text, err);
	}
	node_get_strvec(ipam, "LinkLocalIPs", &spec->link_local_ips);
	return r;
}

static int
network_take(const struct node *node, struct network_spec *spec,
	     struct err *err)
{
	const struct node *opts = NULL;
	const char *mac = node_get_str(node, "MacAddress");
	const char *interface = node_get_str(node, "InterfaceName");
	int64_t priority = 0;
	int r = network_take_ips(node, spec, err);

	if (r >= 0 && mac && *mac)
		r = network_spec_set_mac(spec, mac, err);
	if (r >= 0)
		r = node_check_strvec(node, "Aliases", &spec->aliases, err);
	if (r >= 0)
		r = node_check_str_obj(node, "DriverOpts", &opts, err);
	if (r >= 0)
		r = node_check_int(node, "GwPriority", INT32_MIN, INT32_MAX,
				   &priority, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < node_len(opts); i++)
		strvec_addf(&spec->driver_opts, "%s=%s", node_key_at(opts, i),
			    node_str(node_value_at(opts, i)));
	spec->gw_priority = (int)priority;
	spec->interface_name = xstrdup_null(interface);
	return 0;
}

int
network_spec_from_node(const char *mode, const struct node *node,
		       struct network_spec *ret_spec, struct err *err)
{
	struct network_spec spec;
	int r = network_spec_parse(mode, &spec, err);

	if (r < 0)
		return r;
	r = network_take(node, &spec, err);
	if (r < 0) {
		network_spec_release(&spec);
		return err_wrap(err, r, "recorded network '%s'", mode);
	}
	*ret_spec = spec;
	return 0;
}
