/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inspect_network.c - NetworkSettings: addresses and ports.
 *
 * The members at the top repeat the first network: docker left them out in
 * version 29, scripts still read them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "container/inspect_parts.h"
#include "container/networks.h"
#include "spec/network_spec.h"
#include "spec/port_spec.h"

static void
push_binding(struct node *arr, const char *ip, uint16_t port)
{
	struct node *binding = node_push(arr, node_new_obj());
	cleanup_free char *text = xasprintf("%u", port);

	node_set_str(binding, "HostIp", ip);
	node_set_str(binding, "HostPort", text);
}

/* Published ports with their addresses; exposed ones are null. */
static struct node *
inspect_ports(const struct container *container,
	      const struct container_spec *spec)
{
	const struct port_list *bound = &container->state.ports;
	struct node *ports = node_new_obj();

	if (!container_status_is_live(container->state.status))
		return ports;
	for (size_t i = 0; i < bound->len; i++) {
		const struct port_spec *port = &bound->items[i];
		cleanup_strbuf struct strbuf key = STRBUF_INIT;
		struct node *arr;

		port_spec_add_key(&key, port);
		arr = node_need_arr(ports, key.buf);
		push_binding(arr, port->host_ip[0] ? port->host_ip : "0.0.0.0",
			     port->host_first);
		if (!port->host_ip[0])
			push_binding(arr, "::", port->host_first);
	}
	for (size_t i = 0; i < spec->exposed.len; i++) {
		cleanup_strbuf struct strbuf key = STRBUF_INIT;

		port_spec_add_key(&key, &spec->exposed.items[i]);
		if (!node_get(ports, key.buf))
			node_set(ports, key.buf,
				 inspect_list(&(struct strvec){ 0 }));
	}
	return ports;
}

static const struct container_endpoint *
find_endpoint(const struct container_state *state, const char *name)
{
	for (size_t i = 0; i < state->endpoint_count; i++)
		if (!strcmp(state->endpoints[i].network ?: "", name))
			return &state->endpoints[i];
	return NULL;
}

/* Addresses that were asked for, or null. */
static struct node *
inspect_ipam(const struct network_spec *asked)
{
	struct node *ipam;

	if (!asked || (!asked->ip4 && !asked->ip6))
		return node_new_null();
	ipam = node_new_obj();
	if (asked->ip4)
		node_set_str(ipam, "IPv4Address", asked->ip4);
	if (asked->ip6)
		node_set_str(ipam, "IPv6Address", asked->ip6);
	return ipam;
}

static void
add_addresses(struct node *obj, const struct container_endpoint *endpoint)
{
	node_set_str(obj, "EndpointID", endpoint->endpoint_id ?: "");
	node_set_str(obj, "Gateway", endpoint->gateway);
	node_set_str(obj, "IPAddress", endpoint->ip);
	node_set_str(obj, "MacAddress", endpoint->mac);
	node_set_int(obj, "IPPrefixLen", endpoint->prefix);
	node_set_str(obj, "IPv6Gateway", endpoint->gateway6);
	node_set_str(obj, "GlobalIPv6Address", endpoint->ip6);
	node_set_int(obj, "GlobalIPv6PrefixLen", endpoint->prefix6);
}

static struct node *
inspect_endpoint(const struct container_endpoint *endpoint,
		 const struct network_spec *asked,
		 const struct container *container)
{
	static const struct container_endpoint none;
	const struct container_endpoint *it = endpoint ?: &none;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct node *obj = node_new_obj();

	node_set(obj, "IPAMConfig", inspect_ipam(asked));
	node_set(obj, "Links", inspect_list(&names));
	node_set(obj, "Aliases",
		 inspect_list(asked ? &asked->aliases : &it->aliases));
	node_set(obj, "DriverOpts",
		 asked && asked->driver_opts.len
			 ? inspect_pairs(&asked->driver_opts)
			 : inspect_no_map());
	node_set_int(obj, "GwPriority", asked ? asked->gw_priority : 0);
	node_set_str(obj, "NetworkID", it->network_id ?: "");
	add_addresses(obj, it);
	if (endpoint) {
		strvec_add(&names, container->name);
		strvec_add_all(&names, &it->aliases);
		strvec_add_take(&names, xstrndup(container->id, 12));
	}
	node_set(obj, "DNSNames", inspect_list(&names));
	return obj;
}

/* What was asked of the network called @name. */
static const struct network_spec *
find_asked(const struct container_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->networks.len; i++) {
		cleanup_strbuf struct strbuf mode = STRBUF_INIT;

		network_spec_add_mode(&mode, &spec->networks.items[i]);
		if (!strcmp(mode.buf, name))
			return &spec->networks.items[i];
	}
	return NULL;
}

static struct node *
inspect_networks(const struct container *container,
		 const struct container_spec *spec)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct node *networks = node_new_obj();

	container_network_names(container, &names);
	for (size_t i = 0; i < names.len; i++)
		node_set(networks, names.v[i],
			 inspect_endpoint(
				 find_endpoint(&container->state, names.v[i]),
				 find_asked(spec, names.v[i]), container));
	return networks;
}

static void
add_legacy(struct node *settings, const struct container_state *state)
{
	static const struct container_endpoint none;

	node_set_str(settings, "Bridge", "");
	node_set_bool(settings, "HairpinMode", false);
	node_set_str(settings, "LinkLocalIPv6Address", "");
	node_set_int(settings, "LinkLocalIPv6PrefixLen", 0);
	node_set(settings, "SecondaryIPAddresses",
		 inspect_list(&(struct strvec){ 0 }));
	node_set(settings, "SecondaryIPv6Addresses",
		 inspect_list(&(struct strvec){ 0 }));
	add_addresses(settings,
		      state->endpoint_count ? &state->endpoints[0] : &none);
}

struct node *
inspect_network_settings(const struct container *container,
			 const struct container_spec *spec)
{
	const struct container_state *state = &container->state;
	bool is_live = container_status_is_live(state->status);
	struct node *settings = node_new_obj();
	cleanup_free char *key = xasprintf("/proc/%d/ns/net", (int)state->pid);

	node_set_str(settings, "SandboxID", is_live ? container->id : "");
	node_set_str(settings, "SandboxKey", is_live ? key : "");
	node_set(settings, "Ports", inspect_ports(container, spec));
	add_legacy(settings, state);
	node_set(settings, "Networks", inspect_networks(container, spec));
	return settings;
}
