/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/uplink.h - the way out: IP packets of the containers to host sockets.
 *
 * libslirp in our own poll loop, between a tun device of the fabric's network
 * namespace and the sockets of the host's. It parses what containers send, so
 * the process around it is confined (net_confine.h).
 */
#ifndef DHOW_NET_UPLINK_H
#define DHOW_NET_UPLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/loop.h"

/*
 * libslirp's own little network. Nothing in it but the host: containers reach
 * servers on the host's loopback by this address (host.docker.internal).
 */
#define UPLINK_NETWORK "169.254.1.0"
#define UPLINK_NETMASK "255.255.255.0"
#define UPLINK_PREFIX 24
#define UPLINK_HOST "169.254.1.2"
#define UPLINK_UNUSED "169.254.1.3"
#define UPLINK_NETWORK6 "fd64:686f:7701::"
#define UPLINK_HOST6 "fd64:686f:7701::2"
#define UPLINK_UNUSED6 "fd64:686f:7701::3"

struct uplink;

/* Returns 0, or -EOPNOTSUPP when libslirp is too old. */
int uplink_new(bool ipv6, struct uplink **ret_uplink, struct err *err);
void uplink_free(struct uplink *uplink);
DEFINE_CLEANUP(struct uplink *, uplink_free);

/*
 * Carry packets from and to @tunfd and serve @loop beside, until a callback
 * of the loop returns < 0; returns that.
 */
int uplink_run(struct uplink *uplink, int tunfd, struct loop *loop);

/* A packet of a container, as if uplink_run() had read it. */
void uplink_input(struct uplink *uplink, const void *packet, size_t len);

/* Let @fn see whole packets first: libslirp has those it returns false for. */
typedef bool (*uplink_take_fn)(const uint8_t *packet, size_t len, void *data);
void uplink_set_take(struct uplink *uplink, uplink_take_fn fn, void *data);

#endif
