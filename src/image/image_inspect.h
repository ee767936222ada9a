/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_inspect.h - an image as docker inspect shows it.
 */
#ifndef DHOW_IMAGE_IMAGE_INSPECT_H
#define DHOW_IMAGE_IMAGE_INSPECT_H

#include "store/image.h"

/*
 * Build the object for the image of @row. @table: all rows, for its names.
 * Returns 0, or what reading its config failed of.
 */
int image_inspect(struct store *store, const struct image_table *table,
		  const struct image_row *row, struct node **ret_node,
		  struct err *err);

#endif
