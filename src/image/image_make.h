/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_make.h - have dhow-transfer make an image of trees and layers.
 */
#ifndef DHOW_IMAGE_IMAGE_MAKE_H
#define DHOW_IMAGE_IMAGE_MAKE_H

#include "image/transfer_client.h"
#include "spec/digest.h"

struct image_made {
	struct digest id;              /* empty: only layers were made */
	struct digest manifest;        /* of the image; empty as above */
	struct transfer_layer *layers; /* as many as asked for: diff_id, digest,
					  size, media_type */
	size_t layer_count;
};

void image_made_release(struct image_made *made);

/*
 * Carry out @request, whose op is set here: layers, config and the settings
 * that transfer.h has for "make".
 *
 * @sink: told every event too; may be NULL
 *
 * The caller may be inside the user namespace or outside.
 * Returns 0, or what packing and recording failed of.
 */
int image_make(struct session *session, struct transfer_request *request,
	       const struct transfer_sink *sink, struct image_made *ret_made,
	       struct err *err);

#endif
