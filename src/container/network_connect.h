/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/network_connect.h - a container's networks, changed afterwards.
 *
 * The record (config.json) is changed in any case; a running container gets
 * or loses its interface at once.
 */
#ifndef DHOW_CONTAINER_NETWORK_CONNECT_H
#define DHOW_CONTAINER_NETWORK_CONNECT_H

#include "session/session.h"
#include "spec/network_spec.h"
#include "store/netdef.h"

/*
 * @def:       the network
 * @container: its name or id
 * @asked:     aliases and addresses there; its name is set here
 *
 * Returns 0; -EEXIST when it is on that network; -EINVAL for a container that
 * shares a namespace or is on none; -ENOENT.
 */
int network_connect(struct session *session, const struct netdef *def,
		    const char *container, struct network_spec *asked,
		    struct err *err);

/* @force: also when the container does not run, or its network is gone. */
int network_disconnect(struct session *session, const struct netdef *def,
		       const char *container, bool force, struct err *err);

#endif
