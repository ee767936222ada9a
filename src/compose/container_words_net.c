/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/container_words_net.c - networks and ports of a service.
 */
#include <string.h>

#include "base/alloc.h"
#include "compose/container_words_priv.h"
#include "compose/schema.h"

void
words_csv(struct strbuf *sb, const char *key, const char *value)
{
	bool quoted = strpbrk(value, ",\"\n") != NULL;

	if (sb->len)
		strbuf_addch(sb, ',');
	if (quoted)
		strbuf_addch(sb, '"');
	strbuf_addf(sb, "%s=", key);
	for (; *value; value++) {
		if (*value == '"')
			strbuf_addch(sb, '"');
		strbuf_addch(sb, *value);
	}
	if (quoted)
		strbuf_addch(sb, '"');
}

static double
priority_of(const struct node *networks, size_t i)
{
	double value = 0;

	(void)schema_number(node_get(node_value_at(networks, i), "priority"),
			    &value);
	return value;
}

/* Positions: higher priority first, then by name. */
static void
order_networks(const struct node *networks, size_t *order)
{
	size_t count = node_len(networks);

	for (size_t i = 0; i < count; i++) {
		size_t at = i;

		for (; at; at--) {
			size_t other = order[at - 1];
			double a = priority_of(networks, i);
			double b = priority_of(networks, other);

			if (a < b || (a <= b &&
				      strcmp(node_key_at(networks, i),
					     node_key_at(networks, other)) > 0))
				break;
			order[at] = other;
		}
		order[at] = i;
	}
}

static void
add_endpoint(struct words *w, const char *key, const struct node *endpoint)
{
	static const char *const fields[][2] = {
		{ "ipv4_address", "ip" },
		{ "ipv6_address", "ip6" },
		{ "mac_address", "mac-address" },
		{ "interface_name", "interface_name" },
	};
	const struct node *network =
		node_get(node_get(w->from->project->model, "networks"), key);
	const struct node *aliases = node_get(endpoint, "aliases");
	const struct node *ips = node_get(endpoint, "link_local_ips");
	const struct node *opts = node_get(endpoint, "driver_opts");
	const char *own_mac = node_get_str(w->body, "mac_address");
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *priority =
		schema_text(node_get(endpoint, "gw_priority"));

	words_csv(&sb, "name", node_str_or(node_get(network, "name"), key));
	if (!w->from->no_aliases) {
		words_csv(&sb, "alias", w->from->service);
		for (size_t i = 0; i < node_len(aliases); i++)
			words_csv(&sb, "alias",
				  node_str_or(node_at(aliases, i), ""));
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (node_get_str(endpoint, fields[i][0]))
			words_csv(&sb, fields[i][1],
				  node_get_str(endpoint, fields[i][0]));
	for (size_t i = 0; i < node_len(ips); i++)
		words_csv(&sb, "link-local-ip",
			  node_str_or(node_at(ips, i), ""));
	for (size_t i = 0; i < node_len(opts); i++) {
		cleanup_free char *pair =
			xasprintf("%s=%s", node_key_at(opts, i),
				  node_str_or(node_value_at(opts, i), ""));

		words_csv(&sb, "driver-opt", pair);
	}
	if (own_mac && !node_get(endpoint, "mac_address"))
		words_csv(&sb, "mac-address", own_mac);
	if (priority)
		words_csv(&sb, "gw-priority", priority);
	words_flag(w, "network", sb.buf);
}

static void
add_networks(struct words *w)
{
	const struct node *networks = node_get(w->body, "networks");
	cleanup_free size_t *order =
		xcalloc(node_len(networks) + 1, sizeof(*order));

	order_networks(networks, order);
	for (size_t i = 0; i < node_len(networks); i++)
		add_endpoint(w, node_key_at(networks, order[i]),
			     node_value_at(networks, order[i]));
}

/* "SERVICE:ALIAS" names a container here. */
static void
add_links(struct words *w)
{
	const struct node *links = node_get(w->body, "links");

	for (size_t i = 0; i < node_len(links); i++) {
		const char *text = node_str_or(node_at(links, i), "");
		const char *colon = strchr(text, ':');
		cleanup_free char *service = xstrndup(
			text, colon ? (size_t)(colon - text) : strlen(text));
		cleanup_free char *mode = xasprintf("service:%s", service);
		cleanup_free char *name = words_shared(w, mode);
		cleanup_free char *link = NULL;

		/* By its own name it is found on the network anyway. */
		if (!colon || !strcmp(colon + 1, service))
			continue;
		link = xasprintf("%s:%s", name + strlen("container:"),
				 colon + 1);
		words_flag(w, "link", link);
	}
}

static void
add_port(struct words *w, const struct node *port)
{
	const char *ip = node_get_str(port, "host_ip");
	const char *published = node_get_str(port, "published");
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (ip && strchr(ip, ':'))
		strbuf_addf(&sb, "[%s]:", ip);
	else if (ip && *ip)
		strbuf_addf(&sb, "%s:", ip);
	if (published)
		strbuf_addstr(&sb, published);
	if (sb.len)
		strbuf_addch(&sb, ':');
	strbuf_addf(&sb, "%ld/%s", (long)node_get_int(port, "target", 0),
		    node_str_or(node_get(port, "protocol"), "tcp"));
	words_flag(w, "publish", sb.buf);
}

void
words_add_network(struct words *w)
{
	const struct node *ports = node_get(w->body, "ports");
	cleanup_free char *mode =
		words_shared(w, node_get_str(w->body, "network_mode"));

	if (mode)
		words_flag(w, "network", mode);
	else
		add_networks(w);
	add_links(w);
	for (size_t i = 0; !w->from->no_ports && i < node_len(ports); i++)
		add_port(w, node_at(ports, i));
}
