/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/mount_hints.h - which repositories of a registry have which blobs.
 *
 * An image that was pulled from a registry, or pushed to it, left its blobs
 * there: another repository of the same registry can take them over.
 */
#ifndef DHOW_IMAGE_MOUNT_HINTS_H
#define DHOW_IMAGE_MOUNT_HINTS_H

#include "base/map.h"
#include "store/image.h"

#define MOUNT_HINTS_MAX_REPOSITORIES 4
#define MOUNT_HINTS_MAX_IMAGES 64

struct mount_hints {
	struct map blobs;    /* digest → path in .paths */
	struct strvec paths; /* of the repositories */
	const char *any;     /* has every blob; or NULL */
};

#define MOUNT_HINTS_INIT             \
	{                            \
		.paths = STRVEC_INIT \
	}
#define cleanup_mount_hints cleanup_release(mount_hints_release)
void mount_hints_release(struct mount_hints *hints);

/* Find who else at @ref's registry has layers of @manifest. */
int mount_hints_find(struct store *store, const struct ref *ref,
		     const struct manifest *manifest, struct mount_hints *hints,
		     struct err *err);

/* The repository @path has all of them. */
void mount_hints_use(struct mount_hints *hints, const char *path);

/* A repository's path, or NULL; borrowed. */
const char *mount_hints_get(const struct mount_hints *hints,
			    const struct digest *digest);

#endif
