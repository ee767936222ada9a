/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/make_layer.h - a tree of the store becomes a layer's blob and tree.
 */
#ifndef DHOW_IMAGE_MAKE_LAYER_H
#define DHOW_IMAGE_MAKE_LAYER_H

#include "image/engine.h"
#include "store/layer.h"

struct made_layer {
	struct digest diff_id;
	struct descriptor blob;
	/* Until it has its name: */
	struct store *store;
	char *blob_path; /* below the store; NULL: the blob is there */
	const struct transfer_layer *layer;
	uint64_t file_bytes;
	struct layer_draft draft; /* of the tree, when that is taken */
};

/* Drops what has no name yet. */
void made_layer_release(struct made_layer *made);

/*
 * Pack the layer that @layer describes, with the request's settings, unless
 * it is there. What is written lies in tmp/ until made_layer_stage() has
 * taken the tree, for a request with take_trees, one syncfs() has made all of
 * several layers certain, and made_layer_name() named it.
 *
 * Returns 0; -ENOENT when neither a tree nor the layer is there; or what
 * reading and writing failed of.
 */
int make_layer(struct engine *engine, const struct transfer_layer *layer,
	       struct made_layer *ret_made, struct err *err);
int made_layer_stage(struct engine *engine, struct made_layer *made,
		     struct err *err);
int made_layer_name(struct made_layer *made, struct err *err);

#endif
