/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/transit.h - both ends of a copy, as the request's texts name them.
 */
#ifndef DHOW_IMAGE_TRANSIT_H
#define DHOW_IMAGE_TRANSIT_H

#include "image/target.h"

struct transit {
	struct engine *engine;
	struct transport src;
	struct transport dst;
	struct remote from;
	struct remote to;
	struct mount_hints hints;
	struct image_row row;
	struct origin *origin;
	struct target *target;
	char *name; /* of the image: canonical, or NULL */
};

#define TRANSIT_INIT                                                \
	{                                                           \
		.from = REMOTE_INIT, .to = REMOTE_INIT,             \
		.hints = MOUNT_HINTS_INIT, .row = { .line = NULL }, \
	}
#define cleanup_transit cleanup_release(transit_release)
void transit_release(struct transit *transit);

/* In this order: what is asked on the host's side, engine_enter(), the ends. */
int transit_open_remotes(struct transit *transit, struct err *err);
int transit_open_origin(struct transit *transit, struct err *err);
int transit_open_target(struct transit *transit, struct err *err);

#endif
