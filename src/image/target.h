/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/target.h - where an image is copied to.
 *
 * A registry, or files in a directory or an archive. Blobs come before the
 * manifests that name them, manifests before an index, and the image itself
 * comes last.
 */
#ifndef DHOW_IMAGE_TARGET_H
#define DHOW_IMAGE_TARGET_H

#include "image/mount_hints.h"
#include "image/origin.h"

struct target;

/* A blob to be written; @fd is given by origin or by who made the bytes. */
struct target_blob {
	const struct descriptor *desc;
	int fd;         /* borrowed; -EBADF: ask the origin */
	bool is_config; /* small, and not worth a line */
};

struct target_doc {
	const char *media_type;
	struct span bytes;
	struct digest digest;
	bool is_root;                    /* the image itself */
	const struct manifest *manifest; /* NULL: it is an index */
};

struct target_ops {
	int (*blobs)(struct target *target, struct origin *from,
		     const struct target_blob *blobs, size_t count,
		     struct err *err);
	int (*document)(struct target *target, const struct target_doc *doc,
			struct err *err);
	/* May be NULL: is it known that the image is there, whole? */
	bool (*has)(struct target *target, const struct digest *root);
	/* All images are written. */
	int (*finish)(struct target *target, struct err *err);
	void (*free)(struct target *target);
};

/* The first member of each kind. */
struct target {
	const struct target_ops *ops;
	struct engine *engine;
	bool wants_oci;   /* only OCI media types belong there */
	bool wants_gzip;  /* layers are to be compressed */
	const char *name; /* of the image that comes next: canonical, or NULL;
			   * borrowed */
};

void target_free(struct target *target);
DEFINE_CLEANUP(struct target *, target_free);

/*
 * The repository that @remote is open for.
 *
 * @hints: repositories there that have some of the blobs; may be NULL
 */
struct target *target_of_registry(struct engine *engine, struct remote *remote,
				  const struct mount_hints *hints);

/* The store: images are unpacked there, and named by target->name. */
struct target *target_of_store(struct engine *engine);

/*
 * Files at @transport, or on @fd when that is not -1 (an archive).
 * Returns 0; -EEXIST when there is something else.
 */
int target_of_files(struct engine *engine, const struct transport *transport,
		    int fd, struct target **ret_target, struct err *err);

#endif
