/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_network.c - flags of run about the network, names and ports.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/span.h"
#include "cli/run_spec.h"
#include "spec/abs_path.h"
#include "spec/host_spec.h"
#include "spec/name_spec.h"
#include "spec/network_spec.h"

/* "a,b" are two networks; with options the commas are theirs. */
static int
add_networks(struct network_list *list, const char *text, struct err *err)
{
	struct span rest = span_of(text), piece;
	int r = 0;

	if (strpbrk(text, "=:") || !*text)
		return network_list_add(list, text, err);
	while (r == 0 && span_next(&rest, ',', &piece)) {
		cleanup_free char *name = span_dup(piece);

		r = network_list_add(list, name, err);
	}
	return r;
}

static int
use_mode(struct container_spec *spec, const struct network_spec *first,
	 struct err *err)
{
	switch (first->mode) {
	case NETWORK_NONE:
		spec->net_mode = NET_MODE_NONE;
		break;
	case NETWORK_HOST:
		spec->net_mode = NET_MODE_HOST;
		break;
	case NETWORK_CONTAINER:
		spec->net_mode = NET_MODE_CONTAINER;
		spec->net_container = xstrdup(first->name);
		break;
	case NETWORK_PATH:
		(void)err_set(
			err, EOPNOTSUPP,
			"a network namespace cannot be named by its path");
		err_hint(err, "--network container:NAME shares a container's");
		return -EOPNOTSUPP;
	case NETWORK_BRIDGE:
	case NETWORK_NAMED:
	case NETWORK_MODE_COUNT:
		spec->net_mode = NET_MODE_BRIDGE;
		return 0;
	}
	network_list_release(&spec->networks);
	return 0;
}

static int
fill_networks(struct container_spec *spec, const struct args *args,
	      struct err *err)
{
	const struct strvec *given = args_list(args, "network");
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->len; i++)
		r = add_networks(&spec->networks, given->v[i], err);
	if (r == 0 && !spec->networks.len)
		r = network_list_add(&spec->networks, NETWORK_SPEC_BRIDGE, err);
	if (r == 0)
		r = network_list_check(&spec->networks, err);
	return r < 0 ? r : use_mode(spec, &spec->networks.items[0], err);
}

/* --ip, --mac-address and --network-alias speak of the first network. */
static int
fill_addresses(struct container_spec *spec, const struct args *args,
	       struct err *err)
{
	const char *ip = args_str(args, "ip"), *ip6 = args_str(args, "ip6");
	const char *mac = args_str(args, "mac-address");
	const struct strvec *aliases = args_list(args, "network-alias");
	struct network_spec *first = spec->networks.items;
	int r = 0;

	if (spec->net_mode != NET_MODE_BRIDGE) {
		if (!ip && !ip6 && !mac && !aliases->len)
			return 0;
		return err_set(
			err, EINVAL,
			"--ip, --ip6, --mac-address and --network-alias need a network of the container's own");
	}
	if (aliases->len && first->mode == NETWORK_BRIDGE) {
		(void)err_set(
			err, EINVAL,
			"network-scoped aliases are only supported for user-defined networks");
		err_hint(err, "make one with 'network create' and use that");
		return -EINVAL;
	}
	if (ip)
		r = network_spec_set_ip(first, ip, err);
	if (r == 0 && ip6)
		r = network_spec_set_ip(first, ip6, err);
	if (r == 0 && mac)
		r = network_spec_set_mac(first, mac, err);
	strvec_add_all(&first->aliases, aliases);
	return r;
}

/* A path is that of the caller's directory, and there now. */
static int
fill_hosts_file(struct container_spec *spec, const struct args *args,
		struct err *err)
{
	const char *given = args_str(args, "hosts-file");
	cleanup_free char *here = given ? getcwd(NULL, 0) : NULL;

	if (!given)
		return 0;
	if (!strcmp(given, "image") || !strcmp(given, "none")) {
		spec->hosts_file = xstrdup(given);
		return 0;
	}
	spec->hosts_file = abs_path_join(here ?: "/", given);
	return access(spec->hosts_file, R_OK) == 0
		       ? 0
		       : run_spec_bad(err, err_sys(err, "open '%s'", given),
				      "hosts-file", given);
}

static int
fill_hosts(struct container_spec *spec, const struct args *args,
	   struct err *err)
{
	const struct strvec *given = args_list(args, "add-host");

	spec->no_hosts = args_bool(args, "no-hosts");
	spec->no_host_loopback = !args_bool(args, "host-loopback");
	strvec_add_all(&spec->links, args_list(args, "link"));
	if (spec->net_mode == NET_MODE_BRIDGE)
		strvec_add(&spec->hosts, "host.docker.internal:host-gateway");
	for (size_t i = 0; i < given->len; i++) {
		int r = host_spec_parse(given->v[i], &spec->hosts, err);

		if (r < 0)
			return run_spec_bad(err, r, "add-host", given->v[i]);
	}
	return fill_hosts_file(spec, args, err);
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

		/* Port 0 can be exposed, but nobody is reached there. */
		if (port->container_port &&
		    !port_list_has(&spec->ports, port->container_port,
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

/* What belongs to the container whose network is shared. */
static int
check_shared(const struct container_spec *spec, const struct args *args,
	     struct err *err)
{
	static const char *const flags[] = { "add-host", "dns",
					     "hostname", "link",
					     "publish",  "publish-all" };

	for (size_t i = 0;
	     spec->net_mode == NET_MODE_CONTAINER && i < ARRAY_LEN(flags); i++)
		if (args_given(args, flags[i]))
			return err_set(
				err, EINVAL,
				"conflicting options: --%s and --network container:%s",
				flags[i], spec->net_container);
	return 0;
}

int
run_spec_network(struct container_spec *spec, const struct args *args,
		 struct err *err)
{
	int r;

	r = fill_networks(spec, args, err);
	if (r == 0)
		r = check_shared(spec, args, err);
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
