/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_network.c - flags of run about the network, names and ports.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/run_spec.h"
#include "spec/host_spec.h"
#include "spec/name_spec.h"
#include "spec/network_spec.h"

static int
use_network(struct container_spec *spec, const struct network_spec *network,
	    struct err *err)
{
	switch (network->mode) {
	case NETWORK_NONE:
		spec->net_mode = NET_MODE_NONE;
		break;
	case NETWORK_HOST:
		spec->net_mode = NET_MODE_HOST;
		break;
	case NETWORK_BRIDGE:
		spec->net_mode = NET_MODE_BRIDGE;
		break;
	case NETWORK_CONTAINER:
	case NETWORK_PATH:
		return err_set(err, EOPNOTSUPP,
			       "sharing a network namespace is not supported");
	case NETWORK_NAMED:
	case NETWORK_MODE_COUNT:
		(void)err_set(err, ENOENT, "network '%s' not found",
			      network->name);
		err_hint(err, "there are bridge, host and none");
		return -ENOENT;
	}
	strvec_add_all(&spec->net_aliases, &network->aliases);
	spec->ip = xstrdup_null(network->ip4);
	spec->ip6 = xstrdup_null(network->ip6);
	spec->mac = xstrdup_null(network->mac);
	return 0;
}

static int
fill_networks(struct container_spec *spec, const struct args *args,
	      struct err *err)
{
	const struct strvec *given = args_list(args, "network");
	int r = 0;

	if (given->len > 1) {
		(void)err_set(err, EOPNOTSUPP, "--network may be given once");
		err_hint(err,
			 "several networks come with networks of your own");
		return -EOPNOTSUPP;
	}
	for (size_t i = 0; r == 0 && i < given->len; i++) {
		struct network_spec network = NETWORK_SPEC_INIT;

		r = network_spec_parse(given->v[i], &network, err);
		if (r == 0)
			r = use_network(spec, &network, err);
		network_spec_release(&network);
	}
	return r;
}

static int
fill_addresses(struct container_spec *spec, const struct args *args,
	       struct err *err)
{
	struct network_spec wanted = NETWORK_SPEC_INIT;
	const char *ip = args_str(args, "ip"), *ip6 = args_str(args, "ip6");
	const char *mac = args_str(args, "mac-address");
	int r = 0;

	if ((ip || ip6 || mac) && spec->net_mode != NET_MODE_BRIDGE)
		return err_set(
			err, EINVAL,
			"--ip, --ip6 and --mac-address need a network of the container's own");
	if (ip)
		r = network_spec_set_ip(&wanted, ip, err);
	if (r == 0 && ip6)
		r = network_spec_set_ip(&wanted, ip6, err);
	if (r == 0 && mac)
		r = network_spec_set_mac(&wanted, mac, err);
	if (r == 0) {
		char **const from[] = { &wanted.ip4, &wanted.ip6, &wanted.mac };
		char **const to[] = { &spec->ip, &spec->ip6, &spec->mac };

		for (size_t i = 0; i < ARRAY_LEN(to); i++) {
			if (!*from[i])
				continue;
			free(*to[i]);
			*to[i] = take_ptr(*from[i]);
		}
	}
	network_spec_release(&wanted);
	strvec_add_all(&spec->net_aliases, args_list(args, "network-alias"));
	return r;
}

static int
fill_hosts(struct container_spec *spec, const struct args *args,
	   struct err *err)
{
	const struct strvec *given = args_list(args, "add-host");

	spec->no_hosts = args_bool(args, "no-hosts");
	if (spec->net_mode == NET_MODE_BRIDGE)
		strvec_add(&spec->hosts, "host.docker.internal:host-gateway");
	for (size_t i = 0; i < given->len; i++) {
		int r = host_spec_parse(given->v[i], &spec->hosts, err);

		if (r < 0)
			return run_spec_bad(err, r, "add-host", given->v[i]);
	}
	return 0;
}

static int
fill_ports(struct container_spec *spec, const struct args *args,
	   struct err *err)
{
	const struct strvec *published = args_list(args, "publish");
	const struct strvec *exposed = args_list(args, "expose");
	const struct strvec *image = &spec->image_config->exposed_ports;
	int r = 0;

	spec->publish_all = args_bool(args, "publish-all");
	for (size_t i = 0; r == 0 && i < published->len; i++) {
		r = port_list_publish(&spec->ports, published->v[i], err);
		if (r < 0)
			return run_spec_bad(err, r, "publish", published->v[i]);
	}
	for (size_t i = 0; r == 0 && i < exposed->len; i++)
		r = port_list_expose(&spec->exposed, exposed->v[i], err);
	for (size_t i = 0; r == 0 && i < image->len; i++)
		r = port_list_expose(&spec->exposed, image->v[i], err);
	if (r < 0)
		return err_wrap(err, r, "exposed port");
	for (size_t i = 0;
	     args_bool(args, "publish-all") && i < spec->exposed.len; i++) {
		const struct port_spec *port = &spec->exposed.items[i];

		if (!port_list_has(&spec->ports, port->container_port,
				   port->proto))
			array_push(spec->ports.items, spec->ports.len,
				   spec->ports.cap, *port);
	}
	/* As Docker: without a network of its own nothing is published. */
	if (spec->net_mode != NET_MODE_BRIDGE)
		port_list_release(&spec->ports);
	return 0;
}

static int
fill_names(struct container_spec *spec, const struct args *args,
	   struct err *err)
{
	const char *hostname = args_str(args, "hostname");
	const char *domain = args_str(args, "domainname");
	int r = 0;

	spec->host_uts = !strcmp(args_str(args, "uts"), "host");
	if (hostname && spec->host_uts)
		return err_set(err, EINVAL,
			       "--hostname cannot be set with --uts host");
	if (hostname)
		r = name_spec_check_hostname(hostname, err);
	if (r == 0 && domain)
		r = name_spec_check_domainname(domain, err);
	if (r < 0)
		return r;
	spec->domainname = xstrdup_null(domain);
	if (!hostname && spec->net_mode == NET_MODE_HOST) {
		char name[256] = "localhost";

		(void)gethostname(name, sizeof(name) - 1);
		spec->hostname = xstrdup(name);
	} else {
		spec->hostname =
			hostname ? xstrdup(hostname) : xstrndup(spec->id, 12);
	}
	return 0;
}

int
run_spec_network(struct container_spec *spec, const struct args *args,
		 struct err *err)
{
	int r;

	r = fill_networks(spec, args, err);
	if (r == 0)
		r = fill_addresses(spec, args, err);
	if (r == 0)
		r = fill_hosts(spec, args, err);
	if (r == 0)
		r = fill_ports(spec, args, err);
	strvec_add_all(&spec->dns, args_list(args, "dns"));
	strvec_add_all(&spec->dns_search, args_list(args, "dns-search"));
	strvec_add_all(&spec->dns_options, args_list(args, "dns-option"));
	return r < 0 ? r : fill_names(spec, args, err);
}
