/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_process.h - the network process, dhow-net, from start to end.
 */
#ifndef DHOW_NET_NET_PROCESS_H
#define DHOW_NET_NET_PROCESS_H

#include "base/err.h"

/*
 * Be the network process: two halves, one each side of the tun device.
 *
 * @listenfd: the control socket, listening; its clients may wait already
 * @runfd:    the run directory that has its name
 *
 * The caller is single-threaded, in the user namespace U with all
 * capabilities, in the host's network and mount namespaces. Returns 0 when
 * the last container has left.
 */
int net_process_run(int listenfd, int runfd, struct err *err);

#endif
