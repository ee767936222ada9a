/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_port.c - dhow port: where a container's ports are on the host.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/lookup.h"

#define SHORT_ID 12

/* One address of a port: "80/tcp -> 0.0.0.0:8080", or the address alone. */
static void
add_line(struct strbuf *out, const struct port_spec *port, const char *ip,
	 bool alone)
{
	if (!alone) {
		port_spec_add_key(out, port);
		strbuf_addstr(out, " -> ");
	}
	strbuf_addf(out, strchr(ip, ':') ? "[%s]:%u\n" : "%s:%u\n", ip,
		    port->host_first);
}

static void
add_port(struct strbuf *out, const struct port_spec *port, bool alone)
{
	if (port->host_ip[0]) {
		add_line(out, port, port->host_ip, alone);
		return;
	}
	add_line(out, port, "0.0.0.0", alone);
	add_line(out, port, "::", alone);
}

static int
compare_ports(const void *a, const void *b)
{
	const struct port_spec *x = a, *y = b;

	if (x->container_port != y->container_port)
		return x->container_port < y->container_port ? -1 : 1;
	return strcmp(port_proto_name(x->proto), port_proto_name(y->proto));
}

static int
print_one(const struct container *container, const char *wanted,
	  struct strbuf *out, struct err *err)
{
	const struct port_list *bound = &container->state.ports;
	struct port_list list = PORT_LIST_INIT;
	int r = port_list_expose(&list, wanted, err);
	bool found = false;

	for (size_t i = 0; r == 0 && i < bound->len; i++) {
		const struct port_spec *port = &bound->items[i];

		if (!port_list_has(&list, port->container_port, port->proto))
			continue;
		add_port(out, port, true);
		found = true;
	}
	port_list_release(&list);
	if (r == 0 && !found) {
		(void)err_set(err, ENOENT,
			      "no public port '%s' published for '%s'", wanted,
			      container->name);
		return -ENOENT;
	}
	return r;
}

/* What has ended has no ports. */
static void
sort_ports(struct container *container)
{
	struct port_list *bound = &container->state.ports;

	if (!container_status_is_live(container->state.status))
		port_list_release(bound);
	if (bound->len)
		qsort(bound->items, bound->len, sizeof(*bound->items),
		      compare_ports);
}

/* A line for each port of each container, its id first. */
static int
print_all(struct cmd_ctx *ctx, struct session *session, struct strbuf *out)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	int r;

	if (ctx->args->operands.len)
		return err_set(ctx->err, EINVAL,
			       "a name and --all exclude each other");
	r = container_list(session, &all, ctx->err);
	for (size_t i = 0; r == 0 && i < all.len; i++) {
		cleanup_strbuf struct strbuf ports = STRBUF_INIT;
		const struct port_list *bound = &all.items[i].state.ports;
		struct span rest, line;

		sort_ports(&all.items[i]);
		for (size_t k = 0; k < bound->len; k++)
			add_port(&ports, &bound->items[k], false);
		rest = span_new(ports.buf, ports.len);
		while (span_next(&rest, '\n', &line))
			if (line.len)
				strbuf_addf(out, "%.*s\t%.*s\n", SHORT_ID,
					    all.items[i].id, (int)line.len,
					    line.ptr);
	}
	return r;
}

static int
print_named(struct cmd_ctx *ctx, struct session *session, struct strbuf *out)
{
	cleanup_container struct container container = CONTAINER_INIT;
	const struct port_list *bound = &container.state.ports;
	const char *wanted;
	size_t used;
	int r = targets_find_one(ctx, session, &container, &used);

	if (r < 0)
		return r;
	sort_ports(&container);
	wanted = args_operand(ctx->args, used);
	if (wanted)
		return print_one(&container, wanted, out, ctx->err);
	for (size_t i = 0; i < bound->len; i++)
		add_port(out, &bound->items[i], false);
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = args_bool(ctx->args, "all")
			    ? print_all(ctx, &session, &out)
			    : print_named(ctx, &session, &out);
	if (r == 0)
		say_text(&out);
	return r;
}

static const struct flag flags[] = {
	TARGETS_ALL("show the ports of every container"),
	TARGETS_LATEST,
};

static const struct cmd_example examples[] = {
	{ "every port of a container", "dhow port web" },
};

const struct cmd cmd_port = {
	.path = "port",
	.aliases = "container port",
	.summary = "show where the ports of a container are on the host",
	.operands = "CONTAINER [PORT[/PROTO]]",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = 2,
	.offer = OFFER_CONTAINER,
	.run = run,
};
