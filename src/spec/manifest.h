/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/manifest.h - manifests and indexes, OCI and Docker schema 2.
 *
 * One document is either a manifest or an index: one that has both `layers`
 * and `manifests`, or whose mediaType disagrees, is refused (CVE-2021-41190).
 * Spec: OCI image-spec, manifest.md, image-index.md, descriptor.md.
 */
#ifndef DHOW_SPEC_MANIFEST_H
#define DHOW_SPEC_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "data/node.h"
#include "spec/digest.h"
#include "spec/platform.h"

#define MANIFEST_MAX_BYTES (4U << 20)
#define MANIFEST_MAX_LAYERS 1024
#define IMAGE_INDEX_MAX_BYTES (64U << 20)
#define IMAGE_CONFIG_MAX_BYTES (8U << 20)

#define MEDIA_OCI_INDEX "application/vnd.oci.image.index.v1+json"
#define MEDIA_OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define MEDIA_OCI_CONFIG "application/vnd.oci.image.config.v1+json"
#define MEDIA_OCI_LAYER "application/vnd.oci.image.layer.v1.tar"
#define MEDIA_OCI_LAYER_GZIP "application/vnd.oci.image.layer.v1.tar+gzip"
#define MEDIA_OCI_LAYER_ZSTD "application/vnd.oci.image.layer.v1.tar+zstd"
#define MEDIA_DOCKER_LIST \
	"application/vnd.docker.distribution.manifest.list.v2+json"
#define MEDIA_DOCKER_MANIFEST \
	"application/vnd.docker.distribution.manifest.v2+json"
#define MEDIA_DOCKER_CONFIG "application/vnd.docker.container.image.v1+json"
#define MEDIA_DOCKER_LAYER_GZIP \
	"application/vnd.docker.image.rootfs.diff.tar.gzip"
#define MEDIA_DOCKER_LAYER "application/vnd.docker.image.rootfs.diff.tar"

struct descriptor {
	char *media_type; /* never NULL after parsing */
	struct digest digest;
	int64_t size_bytes;
	bool has_platform;
	struct platform platform;
	struct node *annotations; /* NULL or an object of strings */
	struct strvec urls;       /* foreign layers; not followed by default */
};

struct manifest {
	char *media_type;
	struct descriptor config;
	struct descriptor *layers; /* base first */
	size_t layer_count;
	struct node *annotations;
};

struct image_index {
	char *media_type;
	struct descriptor *manifests;
	size_t manifest_count;
	struct node *annotations;
};

void descriptor_release(struct descriptor *desc);
int descriptor_from_node(const struct node *node, struct descriptor *ret_desc,
			 struct err *err);
struct node *descriptor_to_node(const struct descriptor *desc);

/*
 * Parse a manifest's bytes. @media_type: what the transport said (NULL when
 * it said nothing); it must agree with the document's own.
 * Returns 0, -EBADMSG with a story, -EOPNOTSUPP (schema 1).
 */
int manifest_parse(struct span bytes, const char *media_type,
		   struct manifest *ret_manifest, struct err *err);
/*
 * Is it an image of containers, whose layers are archives of files, and no
 * other artifact? Returns 0 or -EBADMSG with what it is.
 */
int manifest_check_image(const struct manifest *manifest, struct err *err);
struct node *manifest_to_node(const struct manifest *manifest);
void manifest_release(struct manifest *manifest);

int image_index_parse(struct span bytes, const char *media_type,
		      struct image_index *ret_index, struct err *err);
struct node *image_index_to_node(const struct image_index *index);
void image_index_release(struct image_index *index);

/*
 * Is this document an index? Returns 1, 0, or -EBADMSG when it is both or
 * neither.
 */
int manifest_bytes_are_index(struct span bytes, const char *media_type,
			     struct err *err);

/*
 * The best entry of @index for @want. Returns its position, or -ENOENT with
 * the platforms that exist. Attestation entries (unknown/unknown) never match.
 */
int image_index_select(const struct image_index *index,
		       const struct platform *want, struct err *err);

#endif
