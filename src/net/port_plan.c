/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port_plan.c - the host sockets of published ports.
 */
#include "net/port_plan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "net/port_holder.h"

#define BACKLOG 4096
#define RANDOM_TRIES 16

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t
make_address(const char *ip, uint16_t port, union address *addr)
{
	(void)memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, ip, &addr->v4.sin_addr) == 1) {
		addr->v4.sin_family = AF_INET;
		addr->v4.sin_port = htons(port);
		return sizeof(addr->v4);
	}
	(void)inet_pton(AF_INET6, ip, &addr->v6.sin6_addr);
	addr->v6.sin6_family = AF_INET6;
	addr->v6.sin6_port = htons(port);
	return sizeof(addr->v6);
}

/* A socket bound to @ip and @port, listening when TCP; or -errno. */
static int
open_one(enum port_proto proto, const char *ip, uint16_t port)
{
	int type = proto == PORT_PROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
	union address addr;
	socklen_t len = make_address(ip, port, &addr);
	cleanup_close int fd = -EBADF;
	int one = 1;

	fd = socket(addr.any.sa_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (addr.any.sa_family == AF_INET6)
		(void)setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (type == SOCK_STREAM)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one,
				 sizeof(one));
	if (bind(fd, &addr.any, len) < 0)
		return -errno;
	if (type == SOCK_STREAM && listen(fd, BACKLOG) < 0)
		return -errno;
	return take_fd(fd);
}

static uint16_t
port_of(int fd)
{
	union address addr = { 0 };
	socklen_t len = sizeof(addr);

	if (getsockname(fd, &addr.any, &len) < 0)
		return 0;
	return ntohs(addr.any.sa_family == AF_INET ? addr.v4.sin_port
						   : addr.v6.sin6_port);
}

/* Sockets on 0.0.0.0 and, where the host has IPv6, on [::], on one port. */
static int
open_both(struct port_binding *binding, uint16_t port)
{
	cleanup_close int v4 = open_one(binding->spec.proto, "0.0.0.0", port);
	int v6;

	if (v4 < 0)
		return v4;
	port = port_of(v4);
	v6 = open_one(binding->spec.proto, "::", port);
	if (v6 < 0 && v6 != -EAFNOSUPPORT && v6 != -EADDRNOTAVAIL)
		return v6;
	binding->both = v6 >= 0;
	binding->spec.host_first = port;
	binding->fds[0] = take_fd(v4);
	binding->fds[1] = v6;
	return 0;
}

static int
open_port(struct port_binding *binding, const char *ip, uint16_t port)
{
	int fd;

	if (!ip[0])
		return open_both(binding, port);
	fd = open_one(binding->spec.proto, ip, port);
	if (fd < 0)
		return fd;
	binding->spec.host_first = port_of(fd);
	binding->fds[0] = fd;
	return 0;
}

/* The first port of the binding's range, or any, that can be had. */
static int
open_binding(struct port_binding *binding, const char *ip)
{
	const struct port_spec want = binding->spec;
	int r = -EADDRINUSE;

	if (!want.host_first) {
		for (int i = 0; i < RANDOM_TRIES && r == -EADDRINUSE; i++)
			r = open_port(binding, ip, 0);
		return r;
	}
	r = open_port(binding, ip, want.host_first);
	for (unsigned int port = want.host_first + 1U;
	     port <= want.host_last && r == -EADDRINUSE; port++)
		r = open_port(binding, ip, (uint16_t)port);
	return r;
}

static int
explain(const struct port_spec *port, const char *ip, int r, struct err *err)
{
	cleanup_strbuf struct strbuf holder = STRBUF_INIT;
	const char *proto = port_proto_name(port->proto);

	if (!ip[0])
		ip = "0.0.0.0";
	if (r == -EADDRINUSE) {
		(void)err_set(err, EADDRINUSE,
			      "publish %s:%u/%s: port is already allocated", ip,
			      port->host_first, proto);
		if (port_holder_find(port->proto, port->host_first, &holder))
			err_hint(
				err,
				"%s has it: end that, or choose another host port",
				holder.buf);
		else
			err_hint(
				err,
				"another user's process has it: choose another host port");
		return r;
	}
	(void)err_code(err, -r, "publish %s:%u/%s", ip, port->host_first,
		       proto);
	if (r == -EACCES)
		err_hint(
			err,
			"publish a port from 1024 on, or ask for 'sysctl net.ipv4.ip_unprivileged_port_start=%u'",
			port->host_first);
	return r;
}

static int
add_binding(struct port_plan *plan, const struct port_spec *port,
	    const char *every_ip, struct err *err)
{
	struct port_binding binding = {
		.spec = *port,
		.fds = { -EBADF, -EBADF },
	};
	const char *ip = port->host_ip;
	int r;

	if (port->proto == PORT_PROTO_SCTP)
		return err_set(
			err, EOPNOTSUPP,
			"publish %u/sctp: it cannot be done without root",
			port->container_port);
	if (!ip[0] && every_ip)
		ip = every_ip;
	r = open_binding(&binding, ip);
	if (r < 0)
		return explain(port, ip, r, err);
	if (ip != port->host_ip)
		(void)snprintf(binding.spec.host_ip,
			       sizeof(binding.spec.host_ip), "%s", ip);
	array_push(plan->bindings, plan->len, plan->cap, binding);
	return 0;
}

int
port_plan_open(const struct port_list *ports, const char *every_ip,
	       struct port_plan *ret_plan, struct err *err)
{
	cleanup_port_plan struct port_plan plan = PORT_PLAN_INIT;

	for (size_t i = 0; i < ports->len; i++) {
		int r = add_binding(&plan, &ports->items[i], every_ip, err);

		if (r < 0)
			return r;
	}
	*ret_plan = plan;
	plan = (struct port_plan)PORT_PLAN_INIT;
	return 0;
}

void
port_plan_close(struct port_plan *plan)
{
	for (size_t i = 0; i < plan->len; i++) {
		for (int k = 0; k < 2; k++) {
			if (plan->bindings[i].fds[k] >= 0)
				(void)close(plan->bindings[i].fds[k]);
			plan->bindings[i].fds[k] = -EBADF;
		}
	}
}

void
port_plan_release(struct port_plan *plan)
{
	port_plan_close(plan);
	free(plan->bindings);
	*plan = (struct port_plan)PORT_PLAN_INIT;
}

static void
add_one(struct strbuf *sb, const struct port_spec *port, const char *ip)
{
	bool is_v6 = strchr(ip, ':') != NULL;

	strbuf_addf(sb, "%s%s%s:%u->%u/%s", is_v6 ? "[" : "", ip,
		    is_v6 ? "]" : "", port->host_first, port->container_port,
		    port_proto_name(port->proto));
}

void
port_plan_add_text(struct strbuf *sb, const struct port_binding *binding)
{
	const struct port_spec *port = &binding->spec;

	add_one(sb, port, port->host_ip[0] ? port->host_ip : "0.0.0.0");
	if (!binding->both)
		return;
	strbuf_addstr(sb, ", ");
	add_one(sb, port, "::");
}
