/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port.h - what -p publishes, and the host sockets behind it.
 *
 * A plan of bindings is parsed first (no sockets), then opened in the host's
 * network namespace, so that a taken or privileged port is refused before
 * anything of the container exists. The open sockets travel to the network
 * process with net_join().
 */
#ifndef DHOW_NET_PORT_H
#define DHOW_NET_PORT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strbuf.h"

#define PORT_MAX_BINDINGS 4096

struct port_binding {
	int proto;                      /* IPPROTO_TCP or IPPROTO_UDP */
	char host_ip[INET6_ADDRSTRLEN]; /* "": every address, IPv4 and 6 */
	uint16_t host_port;             /* 0: any; set by port_plan_open() */
	uint16_t host_port_end;         /* the first free one up to this */
	uint16_t container_port;
	bool both;  /* set by port_plan_open(): on 0.0.0.0 and on [::] */
	int fds[2]; /* host sockets by port_plan_open(), else -EBADF */
};

struct port_plan {
	struct port_binding *bindings;
	size_t len;
	size_t cap;
};

#define PORT_PLAN_INIT           \
	{                        \
		.bindings = NULL \
	}
#define cleanup_port_plan cleanup_release(port_plan_release)

/*
 * Add what one -p says: "[[ip:][hostport[-end]]:]port[-end][/tcp|/udp]",
 * "[::1]:80:80", or the long form "published=…,target=…,protocol=…,host_ip=".
 * Spec: surface/formats.md, "port publish".
 *
 * Returns 0, -EINVAL (syntax, ranges of unequal length), -ERANGE, or
 * -EOPNOTSUPP for sctp.
 */
int port_plan_parse(struct port_plan *plan, const char *text, struct err *err);

/* Add one binding to a random port on every address (-P, EXPOSE). */
void port_plan_add_random(struct port_plan *plan, int proto,
			  uint16_t container_port);

/*
 * Open the host sockets of all bindings and settle random ports. Before a user
 * namespace is entered: the host's root may bind low ports. @every_ip
 * stands for an empty host_ip (site policy publish_address), "" or NULL for
 * all addresses.
 *
 * Returns 0; -EADDRINUSE "port is already allocated", -EACCES for one below
 * the host's unprivileged limit, -EADDRNOTAVAIL. On failure none stays open.
 */
int port_plan_open(struct port_plan *plan, const char *every_ip,
		   struct err *err);

/* Close the host sockets: the network process has its own copies. */
void port_plan_close(struct port_plan *plan);

void port_plan_release(struct port_plan *plan);

/* "tcp" or "udp". */
const char *port_proto_name(int proto);

/* "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp" of one binding, as ps shows it. */
void port_add_text(struct strbuf *sb, const struct port_binding *binding);

#endif
