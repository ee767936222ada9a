/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/usage.h - what a container takes on disk.
 */
#ifndef DHOW_CONTAINER_USAGE_H
#define DHOW_CONTAINER_USAGE_H

#include "container/lookup.h"

struct container_usage {
	int64_t written_bytes; /* its own files: what differs from the image */
	int64_t image_bytes;   /* its image's layers, unpacked */
};

/*
 * The caller is a member of U afterwards, whose ids own the files. A container
 * that ends or goes meanwhile counts as far as it was seen.
 */
int container_usage(struct session *session, const struct container *container,
		    struct container_usage *ret_usage, struct err *err);

#endif
