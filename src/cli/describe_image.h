/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/describe_image.h - the documents of an image, here or at a registry.
 */
#ifndef DHOW_CLI_DESCRIBE_IMAGE_H
#define DHOW_CLI_DESCRIBE_IMAGE_H

#include "cli/cmd.h"
#include "data/node.h"
#include "session/session.h"

struct image_document {
	char *name; /* canonical, or NULL */
	char *digest;
	char *media_type;
	int64_t size_bytes;
	char *platform; /* "linux/amd64", "" of an index */
	char *text;
};

struct image_documents {
	struct image_document *items; /* the image's own first */
	size_t len;
	size_t cap;
};

#define IMAGE_DOCUMENTS_INIT  \
	{                     \
		.items = NULL \
	}
#define cleanup_image_documents cleanup_release(image_documents_release)
void image_documents_release(struct image_documents *docs);

/*
 * Ask for what @input names: a transport's text, an image of the store, or
 * else of a registry. The flags of @ctx as pull_request_from_args() reads
 * them, and --insecure.
 *
 * @all:        the manifests of an index, too
 * @ret_source: where it is, as a transport or a name of the store; the caller
 *              frees it; may be NULL
 */
int describe_image(struct cmd_ctx *ctx, struct session *session,
		   const char *input, bool all, char **ret_source,
		   struct image_documents *docs);

/* {"mediaType", "digest", "size", "platform"} of a manifest. */
struct node *describe_descriptor(const struct image_document *doc);
/* {"os", "architecture"[, "variant"]} of "os/arch[/variant]". */
struct node *describe_platform(const char *text);

#endif
