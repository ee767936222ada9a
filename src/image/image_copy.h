/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_copy.h - an image goes from an origin to a target, never
 * unpacked.
 *
 * As far as nothing has to change, manifests are passed on byte for byte and
 * keep their digests.
 */
#ifndef DHOW_IMAGE_IMAGE_COPY_H
#define DHOW_IMAGE_IMAGE_COPY_H

#include "archive/comp.h"
#include "image/target.h"

enum image_copy_convert {
	IMAGE_COPY_AS_IT_IS,
	IMAGE_COPY_TO_OCI,    /* OCI's media types */
	IMAGE_COPY_TO_DOCKER, /* Docker's, schema 2 */
	IMAGE_COPY_CONVERT_COUNT,
};

struct image_copy_opts {
	bool all; /* every platform of an index, and the index */
	const struct platform *platform; /* else this one; never NULL */
	enum image_copy_convert convert;
	enum comp_format compress; /* of layers; COMP_NONE: as they are */
	int level;                 /* see comp_new_level() */
	bool force; /* also of layers that are compressed that way already */
};

struct image_copy_result {
	struct registry_manifest root; /* what was written */
	struct digest id;              /* of the config; empty for an index */
	bool changed;                  /* other bytes than the origin's */
};

#define IMAGE_COPY_RESULT_INIT                 \
	{                                      \
		.root = REGISTRY_MANIFEST_INIT \
	}
#define cleanup_image_copy_result cleanup_release(image_copy_result_release)
void image_copy_result_release(struct image_copy_result *result);

/*
 * Copy one image; target->ops->finish() is left to the caller.
 *
 * Returns 0; -ENOENT no such image or platform; -EBADMSG what the origin gave
 * is not what it claims; -EOPNOTSUPP what the target cannot hold; or what
 * origin and target failed of.
 */
int image_copy(struct origin *from, struct target *to,
	       const struct image_copy_opts *opts,
	       struct image_copy_result *ret_result, struct err *err);

#endif
