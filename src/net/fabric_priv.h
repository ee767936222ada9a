/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/fabric_priv.h - what the files behind net/fabric.h share.
 */
#ifndef DHOW_NET_FABRIC_PRIV_H
#define DHOW_NET_FABRIC_PRIV_H

/* The table whose only route delivers everything here. */
#define FABRIC_LOCAL_TABLE 100

#endif
