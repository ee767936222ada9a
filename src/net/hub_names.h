/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_names.h - what the name server is told: whom to serve, who is who.
 *
 * The name server lives in the outer half (resolver.h); these are messages to
 * it, sent before whoever waits for their effect is answered.
 */
#ifndef DHOW_NET_HUB_NAMES_H
#define DHOW_NET_HUB_NAMES_H

#include "net/fabric.h"
#include "net/net_def.h"

/* Serve a network on its bridge's address. */
int hub_names_serve_network(int outerfd, const struct net_def *def,
			    const struct fabric_bridge *bridge,
			    struct err *err);
void hub_names_stop_network(int outerfd, const char *name);

/* Serve a container at HUB_NAMES_ADDRESS, inside its own namespace. */
#define HUB_NAMES_ADDRESS "127.0.0.11"
int hub_names_serve_container(int outerfd, const struct fabric *fabric,
			      const char *id, int netnsfd, struct err *err);

struct hub_names {
	const char *id;      /* of the container */
	const char *network; /* its name */
	bool internal;
	const struct fabric_leg *leg;
	bool ipv6;
	const char *own_name;           /* what reverse look-ups answer */
	const struct strvec *names;     /* what stands for it there; or none */
	const struct strvec *upstreams; /* instead of the host's resolvers */
};

int hub_names_add(int outerfd, const struct hub_names *names, struct err *err);
/* @network NULL: all that is known of the container. */
void hub_names_forget(int outerfd, const char *id, const char *network);

#endif
