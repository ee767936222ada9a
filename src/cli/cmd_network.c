/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_network.c - dhow network connect, disconnect, inspect, prune, rm.
 */
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/confirm.h"
#include "cli/inspect_objects.h"
#include "cli/prune.h"
#include "cli/say.h"
#include "container/network_connect.h"
#include "container/network_make.h"
#include "spec/filter.h"

/* connect */

static const struct flag connect_flags[] = {
	{ .name = "alias",
	  .meta = "NAME",
	  .kind = FLAG_CSV,
	  .help = "a further name of the container on the network" },
	{ .name = "driver-opt",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_CSV,
	  .refuse = "no option of a connection is known",
	  .hidden = true },
	{ .name = "gw-priority",
	  .meta = "N",
	  .kind = FLAG_INT,
	  .min = INT32_MIN,
	  .max = INT32_MAX,
	  .fallback = "0",
	  .help = "the network with the highest one has the way out" },
	{ .name = "ip",
	  .meta = "IP",
	  .kind = FLAG_STR,
	  .help = "IPv4 address" },
	{ .name = "ip6",
	  .meta = "IP",
	  .kind = FLAG_STR,
	  .help = "IPv6 address" },
	{ .name = "link",
	  .meta = "CONTAINER",
	  .kind = FLAG_LIST,
	  .refuse = "give the other container an --alias instead",
	  .hidden = true },
	{ .name = "link-local-ip",
	  .meta = "IP",
	  .kind = FLAG_CSV,
	  .refuse = "a container has one address of each family",
	  .hidden = true },
	{ .name = "mac-address",
	  .meta = "MAC",
	  .kind = FLAG_STR,
	  .help = "hardware address" },
};

static int
read_asked(const struct args *args, struct network_spec *asked, struct err *err)
{
	const char *ip = args_str(args, "ip"), *ip6 = args_str(args, "ip6");
	const char *mac = args_str(args, "mac-address");
	int r = 0;

	if (ip)
		r = network_spec_set_ip(asked, ip, err);
	if (r == 0 && ip6)
		r = network_spec_set_ip(asked, ip6, err);
	if (r == 0 && mac)
		r = network_spec_set_mac(asked, mac, err);
	strvec_add_all(&asked->aliases, args_list(args, "alias"));
	asked->gw_priority = (int)args_int(args, "gw-priority");
	return r;
}

static int
run_connect(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_network_spec struct network_spec asked = NETWORK_SPEC_INIT;
	cleanup_netdef struct netdef def = NETDEF_INIT;
	struct store *store;
	int r = read_asked(ctx->args, &asked, ctx->err);

	if (r == 0)
		r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = netdef_find(store, args_operand(ctx->args, 0), &def,
				ctx->err);
	return r < 0 ? r
		     : network_connect(&session, &def,
				       args_operand(ctx->args, 1), &asked,
				       ctx->err);
}

static const struct cmd_example connect_examples[] = {
	{ "let a running container be found as db on one more network",
	  "dhow network connect --alias db backend web" },
};

const struct cmd cmd_network_connect = {
	.path = "network connect",
	.summary = "put a container on one more network",
	.operands = "NETWORK CONTAINER",
	.about =
		"A running container gets the interface at once. The container stays on the network when it is started again.",
	CMD_FLAGS(connect_flags),
	CMD_EXAMPLES(connect_examples),
	.min_operands = 2,
	.max_operands = 2,
	.offer = OFFER_NETWORK,
	.run = run_connect,
};

/* disconnect */

static const struct flag disconnect_flags[] = {
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "forget the network also when the container cannot be reached" },
};

static int
run_disconnect(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_netdef struct netdef def = NETDEF_INIT;
	struct store *store;
	int r = cmd_store(ctx, &session, &store);

	if (r == 0)
		r = netdef_find(store, args_operand(ctx->args, 0), &def,
				ctx->err);
	return r < 0 ? r
		     : network_disconnect(&session, &def,
					  args_operand(ctx->args, 1),
					  args_bool(ctx->args, "force"),
					  ctx->err);
}

static const struct cmd_example disconnect_examples[] = {
	{ "take a running container from a network",
	  "dhow network disconnect backend web" },
};

const struct cmd cmd_network_disconnect = {
	.path = "network disconnect",
	.summary = "take a container from a network",
	.operands = "NETWORK CONTAINER",
	CMD_FLAGS(disconnect_flags),
	CMD_EXAMPLES(disconnect_examples),
	.min_operands = 2,
	.max_operands = 2,
	.offer = OFFER_NETWORK,
	.run = run_disconnect,
};

/* inspect */

static const struct flag inspect_flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .hidden = true },
};

static int
run_inspect(struct cmd_ctx *ctx)
{
	return inspect_objects(ctx, "network", false);
}

static const struct cmd_example inspect_examples[] = {
	{ "the addresses of a network",
	  "dhow network inspect -f '{{range .IPAM.Config}}{{.Subnet}} {{end}}' bridge" },
};

const struct cmd cmd_network_inspect = {
	.path = "network inspect",
	.summary = "show all that is known of networks",
	.operands = "NETWORK...",
	.about =
		"Containers lists those that run. What is missing is told on standard error, and the exit status is 1 then.",
	CMD_FLAGS(inspect_flags),
	CMD_EXAMPLES(inspect_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_NETWORK,
	.run = run_inspect,
};

/* rm */

static const struct flag rm_flags[] = {
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "a network that is not there is no failure" },
	{ .name = "time",
	  .letter = 't',
	  .meta = "SECONDS",
	  .kind = FLAG_INT,
	  .refuse = "containers are not ended with their network",
	  .hidden = true },
};

static int
remove_one(struct session *session, struct store *store, const char *ref,
	   struct err *err)
{
	cleanup_netdef struct netdef def = NETDEF_INIT;
	int r = netdef_find(store, ref, &def, err);

	return r < 0 ? r : network_unmake(session, &def, err);
}

static int
run_rm(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	struct store *store;
	int status = 0;
	int r = cmd_store(ctx, &session, &store);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ctx->args->operands.len; i++) {
		const char *ref = args_operand(ctx->args, i);
		struct err err = ERR_INIT;

		r = remove_one(&session, store, ref, &err);
		if (r == 0) {
			(void)printf("%s\n", ref);
		} else if (r != -ENOENT || !args_bool(ctx->args, "force")) {
			say_error(&err);
			status = 1;
		}
	}
	return status;
}

static const struct cmd_example rm_examples[] = {
	{ "remove a network", "dhow network rm backend" },
};

const struct cmd cmd_network_rm = {
	.path = "network rm",
	.aliases = "network remove",
	.summary = "remove networks that no running container is on",
	.operands = "NETWORK...",
	CMD_FLAGS(rm_flags),
	CMD_EXAMPLES(rm_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_NETWORK,
	.run = run_rm,
};

/* prune */

static const struct flag prune_flags[] = {
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "remove those that match: label, until" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
};

static int
run_prune(struct cmd_ctx *ctx)
{
	static const char *const keys[] = { "label", "label!", "until", NULL };
	cleanup_prune struct prune prune = PRUNE_INIT;
	int r = prune_open(&prune, ctx, keys);

	if (r < 0)
		return r;
	if (!args_bool(ctx->args, "force") &&
	    !confirm(
		    "This will remove all custom networks not used by at least one container."))
		return 0;
	return prune_networks(&prune);
}

static const struct cmd_example prune_examples[] = {
	{ "remove every network that is not in use, without asking",
	  "dhow network prune -f" },
};

const struct cmd cmd_network_prune = {
	.path = "network prune",
	.summary = "remove all networks that no running container is on",
	CMD_FLAGS(prune_flags),
	CMD_EXAMPLES(prune_examples),
	.run = run_prune,
};
