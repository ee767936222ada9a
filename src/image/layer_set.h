/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/layer_set.h - all layers of one image, fetched and unpacked.
 *
 * What the store has is left out. The rest is downloaded a few at a time and
 * unpacked while it arrives; a blob that is there already is unpacked from
 * disk. A layer that another process works on is waited for at the end, when
 * this one holds no lock: two pulls cannot wait for each other.
 */
#ifndef DHOW_IMAGE_LAYER_SET_H
#define DHOW_IMAGE_LAYER_SET_H

#include "image/engine.h"
#include "registry/registry.h"

/*
 * Bring every layer of @manifest into the store, as blob and as tree.
 *
 * @reg: where blobs come from; NULL: all of them must be here
 *
 * The first failure ends it; finished blobs and layers stay.
 * Returns 0; -EBADMSG when bytes are not what they claim; -ENOSPC; -ENOENT
 * for a missing blob without @reg; or what download and unpacking failed of.
 */
int layer_set_get(struct engine *engine, struct registry *reg,
		  const struct manifest *manifest,
		  const struct image_config *config, struct err *err);

#endif
