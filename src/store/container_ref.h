/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/container_ref.h - what the containers of a store need of it.
 *
 * Read from containers/<id>/config.json, whose members "Image" (image id) and
 * "Layers" (diff ids, with or without "sha256:") this room relies on, and on
 * "Layers" of its "Mounts": trees of images that are mounted.
 */
#ifndef DHOW_STORE_CONTAINER_REF_H
#define DHOW_STORE_CONTAINER_REF_H

#include "spec/digest.h"
#include "store/store.h"

struct container_ref {
	const char *id;      /* of the container */
	struct digest image; /* empty: none */
	const struct digest *layers;
	size_t layer_count;
};

typedef int (*container_ref_fn)(const struct container_ref *ref, void *data);

/*
 * Call @fn for every container that has a record. A record that cannot be
 * read is -EBADMSG: nobody may then decide what is unused.
 * Returns 0, or what @fn returned when that is not 0.
 */
int container_ref_each(struct store *store, container_ref_fn fn, void *data,
		       struct err *err);

#endif
