/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port_plan.h - the host sockets of published ports.
 *
 * They are opened in the host's network namespace, so that a taken or
 * privileged port is refused before anything of the container exists, and
 * travel to the network process with net_join().
 */
#ifndef DHOW_NET_PORT_PLAN_H
#define DHOW_NET_PORT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "spec/port_spec.h"

struct port_binding {
	struct port_spec spec; /* host_ip and host_first are settled */
	bool both;             /* on 0.0.0.0 and on [::] */
	int fds[2];            /* one or two, else -EBADF */
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
 * Open the host sockets of all ports and settle random ones and ranges.
 * Before a user namespace is entered: the host's root may bind low ports.
 *
 * @every_ip: what an empty host_ip means (site policy publish_address); ""
 *            or NULL: all addresses, IPv4 and IPv6
 *
 * Returns 0; -EADDRINUSE "port is already allocated"; -EACCES for one below
 * the host's unprivileged limit; -EADDRNOTAVAIL; -EOPNOTSUPP for sctp. On
 * failure none stays open and @ret_plan is as it was.
 */
int port_plan_open(const struct port_list *ports, const char *every_ip,
		   struct port_plan *ret_plan, struct err *err);

/* Close the host sockets: the network process has its own copies. */
void port_plan_close(struct port_plan *plan);

void port_plan_release(struct port_plan *plan);

/* "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp" of one binding, as ps shows it. */
void port_plan_add_text(struct strbuf *sb, const struct port_binding *binding);

#endif
