/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/manifest.c - what kind of document this is, and image manifests.
 *
 * The kind is decided once, by the members the document has; its own
 * mediaType and what the transport said must both agree (CVE-2021-41190).
 */
#include "spec/manifest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "spec/manifest_kind.h"
#include "spec/node_check.h"

#define MANIFEST_SCHEMA1 "application/vnd.docker.distribution.manifest.v1+"

/* "type/sub; charset=x" without its parameters and blanks. */
static struct span
manifest_bare_type(const char *media_type)
{
	struct span all = span_of(media_type);

	return span_trim(span_new(all.ptr, span_find(all, ';')));
}

/* What a media type says of a document; GENERIC says nothing. */
static enum manifest_kind
manifest_kind_of_type(const char *media_type)
{
	static const char *const generic[] = {
		"",           "application/json",    "application/octet-stream",
		"text/plain", "binary/octet-stream",
	};
	struct span type = manifest_bare_type(media_type ?: "");

	if (span_is(type, MEDIA_OCI_MANIFEST) ||
	    span_is(type, MEDIA_DOCKER_MANIFEST))
		return MANIFEST_KIND_MANIFEST;
	if (span_is(type, MEDIA_OCI_INDEX) || span_is(type, MEDIA_DOCKER_LIST))
		return MANIFEST_KIND_INDEX;
	if (span_starts(type, MANIFEST_SCHEMA1))
		return MANIFEST_KIND_SCHEMA1;
	for (size_t i = 0; i < ARRAY_LEN(generic); i++)
		if (span_is(type, generic[i]))
			return MANIFEST_KIND_GENERIC;
	return MANIFEST_KIND_OTHER;
}

static int
manifest_refuse_schema1(struct err *err)
{
	(void)err_set(err, EOPNOTSUPP,
		      "image has an obsolete manifest (Docker schema 1)");
	err_hint(err, "have it pushed again by a current tool");
	return -EOPNOTSUPP;
}

/* By the members alone. */
static int
manifest_kind_of_doc(const struct node *doc, enum manifest_kind *ret_kind,
		     struct err *err)
{
	bool is_manifest = node_get(doc, "layers") || node_get(doc, "config");
	bool is_index = node_get(doc, "manifests");
	bool is_schema1 = node_get(doc, "fsLayers");

	if (is_manifest + is_index + is_schema1 > 1)
		return err_set(
			err, EBADMSG,
			"document can be read as a manifest and as an index");
	if (is_schema1 || node_get_int(doc, "schemaVersion", 2) == 1)
		return manifest_refuse_schema1(err);
	if (!is_manifest && !is_index)
		return err_set(
			err, EBADMSG,
			"document is neither an image manifest nor an index");
	*ret_kind = is_index ? MANIFEST_KIND_INDEX : MANIFEST_KIND_MANIFEST;
	return 0;
}

/* Does @media_type agree with what the document is? */
static int
manifest_check_type(const char *media_type, enum manifest_kind kind,
		    const char *who, struct err *err)
{
	enum manifest_kind said = manifest_kind_of_type(media_type);

	if (said == kind || said == MANIFEST_KIND_GENERIC)
		return 0;
	if (said == MANIFEST_KIND_SCHEMA1)
		return manifest_refuse_schema1(err);
	return err_set(err, EBADMSG, "%s calls the document '%.100s', it is %s",
		       who, media_type,
		       kind == MANIFEST_KIND_INDEX ? "an index"
						   : "an image manifest");
}

/* OCI's or Docker's: of one kind, and still not the same. */
static bool
manifest_types_disagree(const char *own, const char *media_type)
{
	enum manifest_kind said = manifest_kind_of_type(media_type);

	return said != MANIFEST_KIND_GENERIC &&
	       said == manifest_kind_of_type(own) &&
	       !span_eq(manifest_bare_type(own),
			manifest_bare_type(media_type));
}

int
manifest_kind_read(struct span bytes, const char *media_type,
		   struct manifest_doc *ret_doc, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	enum manifest_kind kind = MANIFEST_KIND_OTHER;
	const char *own;
	int r;

	r = node_parse_json(bytes, "manifest", &doc, err);
	if (r < 0)
		return r;
	if (node_kind(doc) != NODE_OBJ)
		return err_set(err, EBADMSG, "manifest is not a JSON object");
	r = manifest_kind_of_doc(doc, &kind, err);
	if (r < 0)
		return r;
	if (node_int_or(node_get(doc, "schemaVersion"), 0) != 2)
		return err_set(err, EBADMSG, "manifest has no schemaVersion 2");
	r = node_check_str(doc, "mediaType", &own, err);
	if (r >= 0 && own)
		r = manifest_check_type(own, kind, "its mediaType", err);
	if (r >= 0)
		r = manifest_check_type(media_type, kind, "the sender", err);
	if (r < 0)
		return r;
	if (!own || !*own)
		own = NULL;
	if (own && media_type && manifest_types_disagree(own, media_type))
		return err_set(err, EBADMSG,
			       "the sender calls the document '%.100s', its "
			       "mediaType is '%.100s'",
			       media_type, own);
	if (!own && media_type && manifest_kind_of_type(media_type) == kind)
		ret_doc->media_type = span_dup(manifest_bare_type(media_type));
	else if (own)
		ret_doc->media_type = xstrdup(own);
	else
		ret_doc->media_type = xstrdup(kind == MANIFEST_KIND_INDEX
						      ? MEDIA_OCI_INDEX
						      : MEDIA_OCI_MANIFEST);
	ret_doc->kind = kind;
	ret_doc->doc = take_ptr(doc);
	return 0;
}

void
manifest_doc_release(struct manifest_doc *doc)
{
	node_free(doc->doc);
	free(doc->media_type);
	*doc = (struct manifest_doc){ .doc = NULL };
}

int
manifest_read_descriptors(const struct node *doc, const char *key,
			  struct descriptor **ret_descs, size_t *ret_count,
			  struct err *err)
{
	const struct node *arr = node_get(doc, key);
	size_t count = node_len(arr);
	struct descriptor *descs;

	if (node_kind(arr) != NODE_ARR && node_kind(arr) != NODE_NULL)
		return err_set(err, EBADMSG, "'%s' is not an array", key);
	descs = xcalloc(count ?: 1, sizeof(*descs));
	for (size_t i = 0; i < count; i++) {
		int r = descriptor_from_node(node_at(arr, i), &descs[i], err);

		if (r < 0) {
			manifest_free_descriptors(descs, i);
			return err_wrap(err, r, "'%s' %zu", key, i);
		}
	}
	*ret_descs = descs;
	*ret_count = count;
	return 0;
}

void
manifest_free_descriptors(struct descriptor *descs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		descriptor_release(&descs[i]);
	free(descs);
}

static int
manifest_read(const struct node *doc, struct manifest *manifest,
	      struct err *err)
{
	const struct node *annotations = NULL;
	int r;

	if (node_len(node_get(doc, "layers")) > MANIFEST_MAX_LAYERS)
		return err_set(err, EBADMSG, "image has more than %d layers",
			       MANIFEST_MAX_LAYERS);
	r = descriptor_from_node(node_get(doc, "config"), &manifest->config,
				 err);
	if (r < 0)
		return err_wrap(err, r, "'config'");
	r = manifest_read_descriptors(doc, "layers", &manifest->layers,
				      &manifest->layer_count, err);
	if (r < 0)
		return r;
	r = node_check_str_obj(doc, "annotations", &annotations, err);
	if (r >= 0 && annotations)
		manifest->annotations = node_clone(annotations);
	return r;
}

int
manifest_parse(struct span bytes, const char *media_type,
	       struct manifest *ret_manifest, struct err *err)
{
	struct manifest manifest = { .media_type = NULL };
	struct manifest_doc doc = { .doc = NULL };
	int r;

	if (bytes.len > MANIFEST_MAX_BYTES)
		return err_set(err, EBADMSG, "manifest is larger than %u bytes",
			       MANIFEST_MAX_BYTES);
	r = manifest_kind_read(bytes, media_type, &doc, err);
	if (r >= 0 && doc.kind != MANIFEST_KIND_MANIFEST)
		r = err_set(err, EBADMSG,
			    "document is an index, not an image manifest");
	if (r >= 0)
		r = manifest_read(doc.doc, &manifest, err);
	if (r >= 0) {
		manifest.media_type = take_ptr(doc.media_type);
		*ret_manifest = manifest;
	} else {
		manifest_release(&manifest);
	}
	manifest_doc_release(&doc);
	return r;
}

static bool
manifest_is_config_type(const char *type)
{
	/* The last is what Docker before 1.10 pushed. */
	return strcmp(type, MEDIA_OCI_CONFIG) == 0 ||
	       strcmp(type, MEDIA_DOCKER_CONFIG) == 0 ||
	       strcmp(type, "application/octet-stream") == 0;
}

/* What compressed it the bytes tell better: only tar archives are layers. */
static bool
manifest_is_layer_type(const char *type)
{
	return (text_starts(type, "application/vnd.oci.image.layer.") ||
		text_starts(type, "application/vnd.docker.image.rootfs.")) &&
	       strstr(type, ".tar") && !strstr(type, "+encrypted");
}

int
manifest_check_image(const struct manifest *manifest, struct err *err)
{
	if (!manifest_is_config_type(manifest->config.media_type))
		return err_set(err, EBADMSG,
			       "this is no image of containers: its config is "
			       "of type '%.100s'",
			       manifest->config.media_type);
	for (size_t i = 0; i < manifest->layer_count; i++) {
		const char *type = manifest->layers[i].media_type;

		if (!manifest_is_layer_type(type))
			return err_set(err, EBADMSG,
				       "layer %zu is of type '%.100s', which "
				       "cannot be unpacked",
				       i, type);
	}
	return 0;
}

struct node *
manifest_to_node(const struct manifest *manifest)
{
	struct node *doc = node_new_obj();
	struct node *layers;

	node_set_int(doc, "schemaVersion", 2);
	node_set_str(doc, "mediaType", manifest->media_type);
	(void)node_set(doc, "config", descriptor_to_node(&manifest->config));
	layers = node_set(doc, "layers", node_new_arr());
	for (size_t i = 0; i < manifest->layer_count; i++)
		(void)node_push(layers,
				descriptor_to_node(&manifest->layers[i]));
	if (manifest->annotations)
		(void)node_set(doc, "annotations",
			       node_clone(manifest->annotations));
	return doc;
}

void
manifest_release(struct manifest *manifest)
{
	free(manifest->media_type);
	descriptor_release(&manifest->config);
	manifest_free_descriptors(manifest->layers, manifest->layer_count);
	node_free(manifest->annotations);
	*manifest = (struct manifest){ .media_type = NULL };
}

int
manifest_bytes_are_index(struct span bytes, const char *media_type,
			 struct err *err)
{
	struct manifest_doc doc = { .doc = NULL };
	int r = manifest_kind_read(bytes, media_type, &doc, err);

	if (r >= 0)
		r = doc.kind == MANIFEST_KIND_INDEX;
	manifest_doc_release(&doc);
	return r;
}
