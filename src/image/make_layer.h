/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/make_layer.h - a tree of the store becomes a layer's blob and tree.
 */
#ifndef DHOW_IMAGE_MAKE_LAYER_H
#define DHOW_IMAGE_MAKE_LAYER_H

#include "image/engine.h"

struct made_layer {
	struct digest diff_id;
	struct descriptor blob;
};

void made_layer_release(struct made_layer *made);

/*
 * Make the layer that @layer describes, with the request's settings. With
 * take_trees the tree has its name in layers/ afterwards; else only the blob
 * is there.
 *
 * Returns 0; -ENOENT when neither a tree nor the layer is there; or what
 * reading and writing failed of.
 */
int make_layer(struct engine *engine, const struct transfer_layer *layer,
	       struct made_layer *ret_made, struct err *err);

#endif
