/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/manifest_kind.h - what manifests and indexes read alike; room only.
 */
#ifndef DHOW_SPEC_MANIFEST_KIND_H
#define DHOW_SPEC_MANIFEST_KIND_H

#include "spec/manifest.h"

enum manifest_kind {
	MANIFEST_KIND_MANIFEST,
	MANIFEST_KIND_INDEX,
	MANIFEST_KIND_SCHEMA1,
	MANIFEST_KIND_GENERIC, /* a media type that says nothing */
	MANIFEST_KIND_OTHER,
	MANIFEST_KIND_COUNT,
};

struct manifest_doc {
	enum manifest_kind kind; /* MANIFEST or INDEX */
	struct node *doc;        /* owned */
	char *media_type;        /* its own, else the sender's, else OCI's */
};

/*
 * Parse @bytes and decide its kind. Returns 0, -EBADMSG, -EOPNOTSUPP for
 * schema 1.
 */
int manifest_kind_read(struct span bytes, const char *media_type,
		       struct manifest_doc *ret_doc, struct err *err);
void manifest_doc_release(struct manifest_doc *doc);

/* The array of descriptors @key, absent being empty; the caller frees it. */
int manifest_read_descriptors(const struct node *doc, const char *key,
			      struct descriptor **ret_descs, size_t *ret_count,
			      struct err *err);
void manifest_free_descriptors(struct descriptor *descs, size_t count);

#endif
