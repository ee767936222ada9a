/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_halves.h - the two processes of dhow-net.
 *
 *	outer (host's network namespace)	inner (the fabric's)
 *	libslirp, DNS towards the host		control socket, bridges, legs,
 *	no capability, no files			published ports
 *	       └────────── tun device ──────────┘
 *
 * They start side by side and talk by one socket pair (net_msg.h):
 *
 *	to the inner half		to the outer half
 *	host subnet= ipv6=		uplink + tun device
 *	error code= text=		resolvers text=
 *					serve, unserve, name, forget:
 *hub_names.h
 */
#ifndef DHOW_NET_NET_HALVES_H
#define DHOW_NET_NET_HALVES_H

#include "base/err.h"

/*
 * Survey the host, load libslirp, tell the inner half, then carry packets and
 * questions until @innerfd ends. Returns 0 or -errno; the inner half was told
 * why.
 */
int net_outer_run(int innerfd, struct err *err);

/*
 * Make the fabric and serve the control socket until the last container has
 * left or @outerfd ends. The working directory is @runfd's: it follows into
 * the new mount namespace. Clients were told why when this fails.
 */
int net_inner_run(int listenfd, int runfd, int outerfd, struct err *err);

#endif
