/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_network_create.c - dhow network create.
 */
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "container/network_make.h"

#define NEEDS_CLUSTER "it is for clusters of daemons"

static const struct flag flags[] = {
	{ .name = "attachable",
	  .kind = FLAG_BOOL,
	  .help = "let containers be connected by hand (they always may)" },
	{ .name = "aux-address",
	  .meta = "NAME=IP",
	  .kind = FLAG_LIST,
	  .help = "an address that no container gets" },
	{ .name = "config-from",
	  .meta = "NETWORK",
	  .kind = FLAG_STR,
	  .refuse = NEEDS_CLUSTER,
	  .hidden = true },
	{ .name = "config-only",
	  .kind = FLAG_BOOL,
	  .refuse = NEEDS_CLUSTER,
	  .harmless = "false",
	  .hidden = true },
	{ .name = "disable-dns",
	  .kind = FLAG_BOOL,
	  .refuse = "names are always resolved",
	  .harmless = "false",
	  .hidden = true },
	{ .name = "dns",
	  .meta = "IP",
	  .kind = FLAG_CSV,
	  .refuse = "give name servers to containers, by run --dns",
	  .hidden = true },
	{ .name = "driver",
	  .letter = 'd',
	  .meta = "DRIVER",
	  .kind = FLAG_STR,
	  .fallback = "bridge",
	  .values = "bridge",
	  .help = "kind of network; others need privileges of the host" },
	{ .name = "gateway",
	  .meta = "IP",
	  .kind = FLAG_CSV,
	  .help = "address of the way out, one for each --subnet" },
	{ .name = "ignore",
	  .kind = FLAG_BOOL,
	  .help = "a network that is there already is no failure" },
	{ .name = "ingress",
	  .kind = FLAG_BOOL,
	  .refuse = NEEDS_CLUSTER,
	  .harmless = "false",
	  .hidden = true },
	{ .name = "interface-name",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .ignore = "the bridge is not seen on the host",
	  .hidden = true },
	{ .name = "internal",
	  .kind = FLAG_BOOL,
	  .help = "let nothing out of the network" },
	{ .name = "ip-range",
	  .meta = "SUBNET",
	  .kind = FLAG_CSV,
	  .help = "the part of --subnet that containers get addresses of" },
	{ .name = "ipam-driver",
	  .meta = "DRIVER",
	  .kind = FLAG_ENUM,
	  .values = "default|host-local",
	  .fallback = "default",
	  .ignore = "",
	  .help = "who gives addresses: dhow does" },
	{ .name = "ipam-opt",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .ignore = "no option of address management is known",
	  .hidden = true },
	{ .name = "ipv4",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .hidden = true },
	{ .name = "ipv6",
	  .kind = FLAG_BOOL,
	  .help = "IPv6 too; without a --subnet of its own, a private one" },
	{ .name = "label",
	  .meta = "KEY[=VALUE]",
	  .kind = FLAG_LIST,
	  .help = "a label of the network" },
	{ .name = "opt",
	  .letter = 'o',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "an option of the driver: com.docker.network.driver.mtu, com.docker.network.bridge.enable_icc and others" },
	{ .name = "route",
	  .meta = "ROUTE",
	  .kind = FLAG_LIST,
	  .refuse = "containers have one route, to the way out",
	  .hidden = true },
	{ .name = "scope",
	  .meta = "SCOPE",
	  .kind = FLAG_STR,
	  .refuse = NEEDS_CLUSTER,
	  .harmless = "local",
	  .hidden = true },
	{ .name = "subnet",
	  .meta = "SUBNET",
	  .kind = FLAG_CSV,
	  .help = "its addresses, as 10.5.0.0/24; one of each family" },
};

static int
run(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_session struct session session = SESSION_INIT;
	cleanup_netdef struct netdef def = NETDEF_INIT;
	struct network_wish wish = {
		.name = args_operand(args, 0),
		.driver = args_str(args, "driver"),
		.subnets = args_list(args, "subnet"),
		.gateways = args_list(args, "gateway"),
		.ranges = args_list(args, "ip-range"),
		.held = args_list(args, "aux-address"),
		.labels = args_list(args, "label"),
		.options = args_list(args, "opt"),
		.internal = args_bool(args, "internal"),
		.ipv6 = args_bool(args, "ipv6"),
		.attachable = args_bool(args, "attachable"),
	};
	struct store *store;
	int r;

	if (!args_bool(args, "ipv4"))
		return err_set(ctx->err, EOPNOTSUPP,
			       "a network without IPv4 is not supported");
	r = cmd_store(ctx, &session, &store);
	if (r < 0)
		return r;
	r = network_make(&session, &wish, &def, ctx->err);
	if (r == -EEXIST && args_bool(args, "ignore") &&
	    netdef_open(store, wish.name, &def, NULL) == 0)
		r = 0;
	if (r == 0)
		(void)printf("%s\n", def.id);
	return r;
}

static const struct cmd_example examples[] = {
	{ "a network whose containers find each other by name",
	  "dhow network create backend" },
	{ "one with addresses of your choice and no way out",
	  "dhow network create --internal --subnet 10.89.0.0/24 vault" },
};

const struct cmd cmd_network_create = {
	.path = "network create",
	.summary = "make a network",
	.operands = "NETWORK",
	.about =
		"Containers on one network reach each other, by name too; those of different networks do not. Prints the id.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.run = run,
};
