/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/disk_images.h - what images take: layers and blobs that they share.
 */
#ifndef DHOW_CLI_DISK_IMAGES_H
#define DHOW_CLI_DISK_IMAGES_H

#include "cli/disk_usage.h"
#include "container/lookup.h"

/*
 * Fill totals and rows of DISK_IMAGES. Every layer and every blob counts
 * once; what only images have that no container was made of is reclaimable.
 */
int disk_images_read(struct store *store, const struct container_vec *all,
		     struct disk_usage *usage, struct err *err);

#endif
