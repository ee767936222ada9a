/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/output_again.c - an image that was made before, of the same parts.
 *
 * build/made/<hash of all parts> names the image that came of them. When its
 * blobs and layers are still there, only its names are to be set: no other
 * program is started.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "build/output.h"
#include "store/blob.h"
#include "store/layer.h"

#define MADE_MAX_BYTES 65536

static char *
made_path(const struct transfer_request *request)
{
	struct transfer_request bare = *request;
	cleanup_node struct node *doc = NULL;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	char hex[BLAKE2_HEX_BYTES];
	struct blake2 hash;

	bare.names = (struct strvec)STRVEC_INIT;
	doc = decode_write(transfer_request_fields, &bare);
	node_write_json(&text, doc, NODE_COMPACT);
	blake2_init(&hash);
	blake2_add(&hash, text.buf, text.len);
	blake2_end_hex(&hash, hex);
	return xasprintf("build/made/%.32s", hex);
}

/* Every part is a layer that is here, as blob and as tree. */
static bool
has_parts(struct store *store, const struct transfer_request *request)
{
	for (size_t i = 0; i < request->layer_count; i++) {
		const struct transfer_layer *layer = &request->layers[i];
		struct digest diff_id, blob;

		if (layer->tree || !layer->digest ||
		    digest_parse(layer->diff_id ?: "", &diff_id, NULL) < 0 ||
		    digest_parse(layer->digest, &blob, NULL) < 0 ||
		    !layer_exists(store, &diff_id) ||
		    !blob_exists(store, &blob, layer->size))
			return false;
	}
	return true;
}

static int
put_names(struct build *build, const struct transfer_request *request,
	  const struct image_row *row, struct err *err)
{
	int r = 0;

	if (!request->names.len)
		return image_put(build->store, row, NULL, NULL, err);
	for (size_t i = 0; r == 0 && i < request->names.len; i++) {
		cleanup_ref struct ref ref = REF_INIT;
		cleanup_strbuf struct strbuf name = STRBUF_INIT;

		r = ref_parse(request->names.v[i], &ref, err);
		if (r < 0)
			break;
		ref_add_canonical(&name, &ref);
		r = image_put(build->store, row, name.buf, NULL, err);
	}
	return r;
}

int
output_again(struct build *build, const struct transfer_request *request,
	     struct image_made *ret_made, struct err *err)
{
	cleanup_free char *path = NULL;
	cleanup_node struct node *doc = NULL;
	struct image_row row = { .line = NULL };
	struct node *entry;
	int r;

	if (!has_parts(build->store, request))
		return 0;
	path = made_path(request);
	if (node_read_json_file(build->store->dirfd, path, MADE_MAX_BYTES, &doc,
				NULL) < 0)
		return 0;
	entry = node_get(doc, "row");
	if (!entry || image_row_from_node(entry, &row, NULL) < 0)
		return 0;
	if (!blob_exists(build->store, &row.id, -1) ||
	    !blob_exists(build->store, &row.manifest, row.manifest_bytes)) {
		image_row_release(&row);
		return 0;
	}
	r = put_names(build, request, &row, err);
	if (r == 0) {
		*ret_made = (struct image_made){ .id = row.id,
						 .manifest = row.manifest };
		r = 1;
	}
	image_row_release(&row);
	return r;
}

void
output_note(struct build *build, const struct transfer_request *request,
	    const struct image_made *made)
{
	cleanup_free char *path = NULL;
	cleanup_node struct node *doc = node_new_obj();
	struct image_row row = { .line = NULL }, bare;
	struct node *entry = NULL;
	struct err err = ERR_INIT;

	if (!has_parts(build->store, request) ||
	    image_find(build->store, made->id.text, &row, NULL, &err) < 0)
		return;
	image_row_renamed(&row, NULL, &bare);
	if (node_parse_json(span_of(bare.line), "row", &entry, &err) == 0) {
		(void)node_set(doc, "row", entry);
		path = made_path(request);
		if (node_write_json_file(build->store->dirfd, path, doc, 0600,
					 FSX_NOSYNC, &err) < 0)
			log_debug("build cache: %s", err.text);
	}
	image_row_release(&bare);
	image_row_release(&row);
}
