/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/images_tree.h - images --tree: each image with its platform below it.
 */
#ifndef DHOW_CLI_IMAGES_TREE_H
#define DHOW_CLI_IMAGES_TREE_H

#include "base/strbuf.h"
#include "store/image.h"

struct images_tree_line {
	const struct image_row *row;
	const char *name; /* as shown */
	bool in_use;      /* a container is made of it */
};

/* Append the tree of @lines as docker prints it. */
void images_tree_add(struct strbuf *out, struct store *store,
		     const struct images_tree_line *lines, size_t count);

#endif
