/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_history.h - the steps an image was made in, newest first.
 */
#ifndef DHOW_IMAGE_IMAGE_HISTORY_H
#define DHOW_IMAGE_IMAGE_HISTORY_H

#include "store/image.h"

struct image_step {
	const char *created;    /* RFC 3339 or NULL; borrowed from the config */
	const char *created_by; /* never NULL */
	const char *comment;    /* never NULL */
	const struct digest *diff_id; /* NULL: it made no layer */
	int64_t size_bytes;           /* of the layer unpacked; 0 unknown */
};

struct image_history {
	struct image_config config;
	struct image_step *steps;
	size_t count;
};

#define IMAGE_HISTORY_INIT               \
	{                                \
		.config = {.doc = NULL } \
	}
#define cleanup_image_history cleanup_release(image_history_release)
void image_history_release(struct image_history *history);

/*
 * Read the steps of the image of @row. Layers that its history does not tell
 * of come as steps without words.
 */
int image_history_read(struct store *store, const struct image_row *row,
		       struct image_history *history, struct err *err);

#endif
