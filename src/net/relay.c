/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/relay.c - a published port: from a host socket to the container.
 */
#include "net/relay.h"

#include <fcntl.h>

#include "base/alloc.h"

struct relay {
	int hostfd;
	struct relay_tcp *tcp; /* one of the two */
	struct relay_udp *udp;
};

struct relay *
relay_new(struct loop *loop, int proto, int hostfd,
	  const struct peer_target *target)
{
	struct relay *relay = xcalloc(1, sizeof(*relay));

	relay->hostfd = hostfd;
	(void)fcntl(hostfd, F_SETFL, O_NONBLOCK);
	if (proto == IPPROTO_TCP)
		relay->tcp = relay_tcp_new(loop, hostfd, target);
	else
		relay->udp = relay_udp_new(loop, hostfd, target);
	return relay;
}

void
relay_set_target(struct relay *relay, const struct peer_target *target)
{
	if (relay->tcp)
		relay_tcp_set_target(relay->tcp, target);
	else
		relay_udp_set_target(relay->udp, target);
}

void
relay_free(struct relay *relay)
{
	if (!relay)
		return;
	relay_tcp_free(relay->tcp);
	relay_udp_free(relay->udp);
	(void)close(relay->hostfd);
	free(relay);
}
