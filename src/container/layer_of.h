/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/layer_of.h - what a container changed, as the tree of a layer.
 */
#ifndef DHOW_CONTAINER_LAYER_OF_H
#define DHOW_CONTAINER_LAYER_OF_H

#include "base/fsx.h"
#include "container/lookup.h"
#include "session/session.h"

struct layer_of {
	struct store *store;               /* borrowed */
	char path[96];                     /* of the tree, below the store */
	char made[FSX_TMP_NAME_BYTES + 8]; /* to be removed, or "" */
};

#define LAYER_OF_INIT         \
	{                     \
		.store = NULL \
	}
#define cleanup_layer_of cleanup_release(layer_of_release)

/*
 * Find the container's writable layer, or, where the storage driver made a
 * copy of the image, make a tree of what is different. In archive/layer_pack's
 * terms; changes_stubs are in it. The caller is a member of U afterwards.
 */
int layer_of_container(struct session *session,
		       const struct container *container,
		       struct layer_of *ret_layer, struct err *err);
/* Remove what was made. */
void layer_of_release(struct layer_of *layer);

#endif
