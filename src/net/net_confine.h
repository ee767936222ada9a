/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/net_confine.h - the walls around the two halves of dhow-net.
 *
 * Both see an empty, read-only root and know only the system calls of their
 * work. The outer half, which parses packets, has no capability at all; the
 * inner half keeps those with which it sets containers up.
 */
#ifndef DHOW_NET_NET_CONFINE_H
#define DHOW_NET_NET_CONFINE_H

#include "base/err.h"

int net_confine_outer(struct err *err);
int net_confine_inner(struct err *err);

#endif
