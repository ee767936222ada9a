/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image.h - finding, naming and reading the images of a store.
 */
#ifndef DHOW_STORE_IMAGE_H
#define DHOW_STORE_IMAGE_H

#include "base/strvec.h"
#include "spec/image_config.h"
#include "spec/manifest.h"
#include "spec/ref.h"
#include "store/image_table.h"

enum image_match {
	IMAGE_BY_NAME,   /* a tag */
	IMAGE_BY_DIGEST, /* name@sha256:… */
	IMAGE_BY_ID,     /* image id, whole or the start of one */
	IMAGE_MATCH_COUNT,
};

/*
 * Find an image by what a person types, in this order: "sha256:…" or 64 hex
 * digits (image id, manifest or repository digest); name[:tag][@digest], also
 * as localhost/NAME; the unique start of an image id.
 *
 * @ret_row:   complete; the caller releases it
 * @ret_match: may be NULL
 *
 * Returns 0; -ENOENT; -EEXIST when the start of an id is ambiguous, with the
 * candidates; -EINVAL when @text can be no reference.
 */
int image_find(struct store *store, const char *text, struct image_row *ret_row,
	       enum image_match *ret_match, struct err *err);

/* As image_find() in a loaded table; @ret_row is borrowed from it. */
int image_find_in(const struct image_table *table, const char *text,
		  const struct image_row **ret_row, enum image_match *ret_match,
		  struct err *err);

/*
 * The table with every row complete: what rows of other tools lack is read
 * from their manifest and config. Rows that cannot be completed are left out.
 */
int image_list(struct store *store, struct image_table *table, struct err *err);

/* Complete what can be completed and keep every row. */
void image_table_complete(struct store *store, struct image_table *table);

/* The platform's manifest and the config of an image. */
int image_read_manifest(struct store *store, const struct image_row *row,
			struct manifest *ret_manifest, struct err *err);
int image_read_config(struct store *store, const struct image_row *row,
		      struct image_config *ret_config, struct err *err);

/* Bytes of all layers unpacked; those not unpacked count 0. */
int64_t image_layers_bytes(struct store *store,
			   const struct image_config *config);

/*
 * What a new image is recorded with.
 *
 * @repo_digest: as pulled; NULL or empty: none
 */
struct image_facts {
	const char *media_type; /* of the manifest */
	struct digest manifest;
	int64_t manifest_bytes;
	struct digest id;
	const char *created; /* RFC 3339 or NULL */
	struct platform platform;
	int64_t size_bytes;
	const struct digest *repo_digest;
};
void image_row_make(const struct image_facts *facts, struct image_row *ret_row);

/*
 * Record @row under the canonical @name (NULL: without one). An image that
 * had the name keeps only its digest reference, or becomes dangling.
 *
 * @ret_changed: the name means another image than before; may be NULL
 */
int image_put(struct store *store, const struct image_row *row,
	      const char *name, bool *ret_changed, struct err *err);

/* What image_put() does to a table at hand. */
bool image_put_in(struct image_table *table, const struct image_row *row,
		  const char *name);

/*
 * Append the canonical names of every tag of the repository @name.
 * Returns 0; -ENOENT for none; -EINVAL when @name has a tag or a digest.
 */
int image_tags_of(struct store *store, const char *name, struct strvec *names,
		  struct err *err);

/*
 * Every familiar "repo:tag" and "repo@digest" of the image @id; each may be
 * NULL.
 */
void image_names(const struct image_table *table, const struct digest *id,
		 struct strvec *tags, struct strvec *digests);

#endif
