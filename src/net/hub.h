/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub.h - who is on which network: the control side of dhow-net.
 *
 * It lives inside the fabric's network namespace, serves the control socket,
 * and keeps everything a container has (address, leg, ports) tied to the
 * connection of the program that watches over it: end of file gives it all
 * back. When the last connection ends, so does the hub.
 */
#ifndef DHOW_NET_HUB_H
#define DHOW_NET_HUB_H

#include "base/err.h"
#include "net/fabric.h"
#include "net/resolv_conf.h"

#define HUB_MAX_NETWORKS 256

struct hub_setup {
	int listenfd; /* the control socket, listening */
	int outerfd;  /* towards the process with the way out */
	int runfd;    /* the directory of control, lock and pid */
	int tunfd;    /* the way out */
	int askfd;    /* towards the outer half: bypass.h */
	struct fabric fabric;
	struct resolv_watch watch;
	struct netlink_addr subnet; /* of the default network */
	bool ipv6;                  /* the host has a way out by it */
};

/*
 * Serve until the last connection ends; then the names in runfd are gone.
 * Returns 0 or -errno.
 */
int hub_run(struct hub_setup *setup, struct err *err);

/* Names in the run directory. */
#define HUB_CONTROL "control"
#define HUB_LOCK "lock"
#define HUB_PID "pid"

/*
 * Remove the names, under the lock. Returns 0, or -EBUSY while a program
 * that may be connecting holds the lock.
 */
int hub_remove_names(int runfd);

/* Tell those who wait on the control socket why there is no network. */
void hub_refuse(int listenfd, const struct err *err);

#endif
