/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/origin.h - where an image is copied from.
 *
 * The store, a registry, or the files of an archive or a directory: each
 * gives manifests as they are, byte for byte, and blobs as files. What an
 * origin gives, it has verified against its digest.
 */
#ifndef DHOW_IMAGE_ORIGIN_H
#define DHOW_IMAGE_ORIGIN_H

#include "image/engine.h"
#include "image/remote.h"
#include "spec/transport.h"

struct origin;

struct origin_ops {
	/* The document @digest; NULL: the image itself, index or manifest. */
	int (*manifest)(struct origin *origin, const struct digest *digest,
			struct registry_manifest *ret_doc, struct err *err);
	/* An fd of the blob's bytes, at its start, readable at any offset. */
	int (*blob)(struct origin *origin, const struct descriptor *desc,
		    int *ret_fd, struct err *err);
	void (*free)(struct origin *origin);
};

/* The first member of each kind. */
struct origin {
	const struct origin_ops *ops;
	struct engine *engine;
};

void origin_free(struct origin *origin);
DEFINE_CLEANUP(struct origin *, origin_free);

/* The image of @row, which is in the store. */
struct origin *origin_of_store(struct engine *engine,
			       const struct image_row *row);

/* What @remote, open and borrowed, names. */
struct origin *origin_of_registry(struct engine *engine, struct remote *remote);

/*
 * The image that @transport (an archive or a directory) names. Large files of
 * an archive become blobs of the store, for the time being.
 */
int origin_of_files(struct engine *engine, const struct transport *transport,
		    struct origin **ret_origin, struct err *err);

#endif
