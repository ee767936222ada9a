/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port_open.c - the host sockets of published ports.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "net/port.h"

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
open_one(int proto, const char *ip, uint16_t port)
{
	int type = proto == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
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
	cleanup_close int v4 = open_one(binding->proto, "0.0.0.0", port);
	int v6;

	if (v4 < 0)
		return v4;
	port = port_of(v4);
	v6 = open_one(binding->proto, "::", port);
	if (v6 < 0 && v6 != -EAFNOSUPPORT && v6 != -EADDRNOTAVAIL)
		return v6;
	binding->both = v6 >= 0;
	binding->host_port = port;
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
	fd = open_one(binding->proto, ip, port);
	if (fd < 0)
		return fd;
	binding->host_port = port_of(fd);
	binding->fds[0] = fd;
	return 0;
}

/* The first port of the binding's range, or any, that can be had. */
static int
open_binding(struct port_binding *binding, const char *ip)
{
	int r = -EADDRINUSE;

	if (!binding->host_port) {
		for (int i = 0; i < RANDOM_TRIES && r == -EADDRINUSE; i++)
			r = open_port(binding, ip, 0);
		return r;
	}
	for (unsigned int port = binding->host_port;
	     port <= binding->host_port_end && r == -EADDRINUSE; port++)
		r = open_port(binding, ip, (uint16_t)port);
	return r;
}

static int
explain(const struct port_binding *binding, const char *ip, int r,
	struct err *err)
{
	const char *proto = port_proto_name(binding->proto);

	if (!ip[0])
		ip = "0.0.0.0";
	if (r == -EADDRINUSE) {
		(void)err_set(err, EADDRINUSE,
			      "publish %s:%u/%s: port is already allocated", ip,
			      binding->host_port, proto);
		err_hint(
			err,
			"choose another host port, or find its holder with 'ss -lnp'");
		return r;
	}
	(void)err_code(err, -r, "publish %s:%u/%s", ip, binding->host_port,
		       proto);
	if (r == -EACCES)
		err_hint(
			err,
			"publish a port from 1024 on, or ask for 'sysctl net.ipv4.ip_unprivileged_port_start=%u'",
			binding->host_port);
	return r;
}

int
port_plan_open(struct port_plan *plan, const char *every_ip, struct err *err)
{
	for (size_t i = 0; i < plan->len; i++) {
		struct port_binding *binding = &plan->bindings[i];
		const char *ip = binding->host_ip;
		int r;

		if (!ip[0] && every_ip)
			ip = every_ip;
		r = open_binding(binding, ip);
		if (r < 0) {
			r = explain(binding, ip, r, err);
			port_plan_close(plan);
			return r;
		}
		if (ip != binding->host_ip)
			(void)snprintf(binding->host_ip,
				       sizeof(binding->host_ip), "%s", ip);
	}
	return 0;
}
