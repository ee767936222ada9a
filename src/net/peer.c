/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/peer.c - sockets to a container that bear its client's address.
 */
#include "net/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

bool
peer_is_loopback(const struct sockaddr_storage *client)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)client;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)client;

	if (client->ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return client->ss_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static bool
has_bearable_address(const struct sockaddr_storage *client)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)client;

	if (client->ss_family == AF_INET)
		return !peer_is_loopback(client);
	return client->ss_family == AF_INET6 && !peer_is_loopback(client) &&
	       !IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) &&
	       !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
}

static socklen_t
address_bytes(int family)
{
	return family == AF_INET ? sizeof(struct sockaddr_in)
				 : sizeof(struct sockaddr_in6);
}

static void
set_port(struct sockaddr_storage *addr, uint16_t port)
{
	if (addr->ss_family == AF_INET)
		((struct sockaddr_in *)addr)->sin_port = htons(port);
	else
		((struct sockaddr_in6 *)addr)->sin6_port = htons(port);
}

/* Bind to the client's address, and to its port where that is free. */
static int
bind_as(int fd, const struct sockaddr_storage *client)
{
	struct sockaddr_storage addr = *client;
	socklen_t len = address_bytes(addr.ss_family);
	int one = 1, r;

	r = addr.ss_family == AF_INET
		    ? setsockopt(fd, SOL_IP, IP_TRANSPARENT, &one, sizeof(one))
		    : setsockopt(fd, SOL_IPV6, IPV6_TRANSPARENT, &one,
				 sizeof(one));
	if (r < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (addr.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&addr)->sin6_scope_id = 0;
	if (bind(fd, (struct sockaddr *)&addr, len) == 0)
		return 0;
	set_port(&addr, 0);
	return bind(fd, (struct sockaddr *)&addr, len) < 0 ? -errno : 0;
}

static struct sockaddr_storage
target_address(const struct peer_target *target, int family)
{
	struct sockaddr_storage addr = { .ss_family = (sa_family_t)family };

	if (family == AF_INET)
		((struct sockaddr_in *)&addr)->sin_addr = target->ip;
	else
		((struct sockaddr_in6 *)&addr)->sin6_addr = target->ip6;
	set_port(&addr, target->port);
	return addr;
}

static int
connect_once(int type, const struct sockaddr_storage *bear, int family,
	     const struct peer_target *target)
{
	struct sockaddr_storage addr = target_address(target, family);
	cleanup_close int fd = -EBADF;
	int r;

	fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	r = bear ? bind_as(fd, bear) : 0;
	if (r < 0)
		return r;
	r = connect(fd, (struct sockaddr *)&addr, address_bytes(family));
	if (r < 0 && errno != EINPROGRESS)
		return -errno;
	return take_fd(fd);
}

int
peer_connect(int type, const struct sockaddr_storage *client,
	     const struct peer_target *target)
{
	int family = client->ss_family == AF_INET6 && target->ipv6 ? AF_INET6
								   : AF_INET;
	bool bears =
		client->ss_family == family && has_bearable_address(client);
	int fd = connect_once(type, bears ? client : NULL, family, target);

	/* The client's port is taken towards this very server: any other. */
	if (fd == -EADDRNOTAVAIL && bears) {
		struct sockaddr_storage any = *client;

		set_port(&any, 0);
		fd = connect_once(type, &any, family, target);
	}
	return fd;
}
