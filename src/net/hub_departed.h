/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/hub_departed.h - what containers that have left still occupy.
 *
 * An interface vanishes with the container's network namespace, which the
 * kernel takes down in its own time. To delete it by hand costs the kernel
 * tens of milliseconds, in which nobody could join: so what a container had
 * is left alone for a while and taken back later, when next to nothing of it
 * is there any more, or at once when somebody wants its address.
 */
#ifndef DHOW_NET_HUB_DEPARTED_H
#define DHOW_NET_HUB_DEPARTED_H

#include "base/loop.h"
#include "net/hub_member.h"

struct hub_departed {
	struct hub_networks *networks;
	struct loop_source *timer;
	struct departure *first, **end;
};

void hub_departed_init(struct hub_departed *departed,
		       struct hub_networks *networks, struct loop *loop);
/* Take over what @member holds, which is empty afterwards. */
void hub_departed_add(struct hub_departed *departed, struct hub_member *member);
/* Take everything back now. Returns false when there was nothing. */
bool hub_departed_settle(struct hub_departed *departed);
/* The end of the network: what is left vanishes with it. */
void hub_departed_forget(struct hub_departed *departed);

#endif
