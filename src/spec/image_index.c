/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/image_index.c - lists of manifests, and the one that fits a platform.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "spec/manifest.h"
#include "spec/manifest_kind.h"
#include "spec/node_check.h"

#define IMAGE_INDEX_ATTESTATION "attestation-manifest"
#define IMAGE_INDEX_REFERENCE_TYPE "vnd.docker.reference.type"

int
image_index_parse(struct span bytes, const char *media_type,
		  struct image_index *ret_index, struct err *err)
{
	struct image_index index = { .media_type = NULL };
	const struct node *annotations = NULL;
	struct manifest_doc doc = { .doc = NULL };
	int r;

	if (bytes.len > IMAGE_INDEX_MAX_BYTES)
		return err_set(err, EBADMSG, "index is larger than %u bytes",
			       IMAGE_INDEX_MAX_BYTES);
	r = manifest_kind_read(bytes, media_type, &doc, err);
	if (r >= 0 && doc.kind != MANIFEST_KIND_INDEX)
		r = err_set(err, EBADMSG,
			    "document is an image manifest, not an index");
	if (r >= 0)
		r = manifest_read_descriptors(doc.doc, "manifests",
					      &index.manifests,
					      &index.manifest_count, err);
	if (r >= 0)
		r = node_check_str_obj(doc.doc, "annotations", &annotations,
				       err);
	if (r >= 0) {
		if (annotations)
			index.annotations = node_clone(annotations);
		index.media_type = take_ptr(doc.media_type);
		*ret_index = index;
	} else {
		image_index_release(&index);
	}
	manifest_doc_release(&doc);
	return r;
}

struct node *
image_index_to_node(const struct image_index *index)
{
	struct node *doc = node_new_obj();
	struct node *manifests;

	node_set_int(doc, "schemaVersion", 2);
	node_set_str(doc, "mediaType", index->media_type);
	manifests = node_set(doc, "manifests", node_new_arr());
	for (size_t i = 0; i < index->manifest_count; i++)
		(void)node_push(manifests,
				descriptor_to_node(&index->manifests[i]));
	if (index->annotations)
		(void)node_set(doc, "annotations",
			       node_clone(index->annotations));
	return doc;
}

void
image_index_release(struct image_index *index)
{
	free(index->media_type);
	manifest_free_descriptors(index->manifests, index->manifest_count);
	node_free(index->annotations);
	*index = (struct image_index){ .media_type = NULL };
}

/* Signatures and provenance travel as further entries of the index. */
static bool
image_index_is_attestation(const struct descriptor *desc)
{
	const char *type =
		node_get_str(desc->annotations, IMAGE_INDEX_REFERENCE_TYPE);

	return (type && !strcmp(type, IMAGE_INDEX_ATTESTATION)) ||
	       (desc->has_platform && !strcmp(desc->platform.os, "unknown"));
}

/* An entry that names no platform may be anything: it serves as the last. */
static int
image_index_score(const struct descriptor *desc, const struct platform *want)
{
	if (image_index_is_attestation(desc))
		return 0;
	return desc->has_platform ? platform_match(want, &desc->platform) : 1;
}

static int
image_index_complain(const struct image_index *index,
		     const struct platform *want, struct err *err)
{
	cleanup_strbuf struct strbuf wanted = STRBUF_INIT;
	cleanup_strbuf struct strbuf list = STRBUF_INIT;

	platform_add(&wanted, want);
	for (size_t i = 0; i < index->manifest_count; i++) {
		const struct descriptor *desc = &index->manifests[i];

		if (!desc->has_platform || image_index_is_attestation(desc))
			continue;
		strbuf_addstr(&list, list.len ? ", " : "");
		platform_add(&list, &desc->platform);
	}
	(void)err_set(err, ENOENT, "image has no variant for %s", wanted.buf);
	if (list.len)
		err_hint(err, "--platform takes one of: %s", list.buf);
	return -ENOENT;
}

int
image_index_select(const struct image_index *index, const struct platform *want,
		   struct err *err)
{
	int best = 0;
	size_t best_at = 0;

	for (size_t i = 0; i < index->manifest_count; i++) {
		int score = image_index_score(&index->manifests[i], want);

		if (score > best) {
			best = score;
			best_at = i;
		}
	}
	return best ? (int)best_at : image_index_complain(index, want, err);
}
