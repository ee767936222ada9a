/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image_remove.h - taking names and images away, and what they leave.
 *
 * Nothing counts references: what is still needed is read from the image
 * table and the containers' records whenever something is removed.
 */
#ifndef DHOW_STORE_IMAGE_REMOVE_H
#define DHOW_STORE_IMAGE_REMOVE_H

#include <stdbool.h>

#include "base/strvec.h"
#include "store/image.h"

struct image_removal {
	struct strvec untagged; /* familiar references */
	struct strvec deleted;  /* image ids, "sha256:…" */
};

void image_removal_release(struct image_removal *removal);

/*
 * Remove an image, or only the name when it has others. The image goes with
 * its last tag; by id, all its names go.
 *
 * @force: by id also when several repositories name it; also when a container
 *         uses it (which keeps its layers)
 *
 * Only the table changes here: store_gc() frees the space.
 * Returns 0; -ENOENT; -EBUSY with the reason; or as image_find().
 */
int image_remove(struct store *store, const char *text, bool force,
		 struct image_removal *removal, struct err *err);

/* Remove one name and keep the image. Returns 0 or -ENOENT. */
int image_untag(struct store *store, const char *text,
		struct image_removal *removal, struct err *err);

/*
 * Which container uses the image: its id (caller frees), or NULL.
 */
char *image_user(struct store *store, const struct digest *id);

/*
 * Remove blobs and layers that no image and no container needs, and what
 * crashed processes left. The caller is inside the user namespace whose ids
 * own the layers. While something is being pulled, nothing is removed.
 *
 * @ret_bytes: freed; may be NULL
 */
int store_gc(struct store *store, uint64_t *ret_bytes, struct err *err);

#endif
