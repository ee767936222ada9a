/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/networks.h - which networks a found container is in.
 */
#ifndef DHOW_CONTAINER_NETWORKS_H
#define DHOW_CONTAINER_NETWORKS_H

#include "container/lookup.h"

/*
 * Append their names, sorted: those it has joined while it runs, else those
 * it asked for ("bridge", "none", "host", …).
 */
void container_network_names(const struct container *container,
			     struct strvec *names);

#endif
