/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/extra_stores.h - other stores to take from, never to write to.
 *
 * additional-stores of config.yaml and DHOW_ADDITIONAL_STORES (with colons
 * between) name directories; what can be read there is usable, and what
 * cannot is passed over. Nothing there is believed: blobs are hashed as if
 * they came from a registry.
 */
#ifndef DHOW_IMAGE_EXTRA_STORES_H
#define DHOW_IMAGE_EXTRA_STORES_H

#include "spec/manifest.h"
#include "store/image.h"

struct extra_stores {
	int *dirfds;
	size_t count;
	size_t cap;
};

#define cleanup_extra_stores cleanup_release(extra_stores_release)
void extra_stores_release(struct extra_stores *stores);

/* Open those of @configured and of the environment that can be read. */
void extra_stores_open(struct extra_stores *stores,
		       const struct strvec *configured);

/*
 * Copy the blob of @desc to @fd, from whichever has one of its size; not
 * verified. Returns 1, 0 when none has it, or -errno of writing.
 */
int extra_stores_copy(const struct extra_stores *stores,
		      const struct descriptor *desc, int fd, struct err *err);

/*
 * Look an image up and read its manifest and config, verified.
 * Returns 0; -ENOENT when none has it, whole.
 */
struct extra_image {
	struct image_row row;
	struct strbuf manifest;
	struct strbuf config;
};
#define EXTRA_IMAGE_INIT                                        \
	{                                                       \
		.manifest = STRBUF_INIT, .config = STRBUF_INIT, \
	}
#define cleanup_extra_image cleanup_release(extra_image_release)
void extra_image_release(struct extra_image *image);
int extra_stores_find(const struct extra_stores *stores, const char *name,
		      struct extra_image *ret_image, struct err *err);

#endif
