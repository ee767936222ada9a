/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/make.c - an image of trees and layers that are in the store.
 *
 * What commit and build end with: layers are packed, the config learns their
 * diff ids, the manifest names their blobs, the image table gets its rows.
 */
#include "image/engine.h"

#include "archive/comp.h"
#include "base/alloc.h"
#include "image/layer_set.h"
#include "image/make_layer.h"
#include "store/blob.h"

struct make {
	struct engine *engine;
	struct strvec names; /* canonical */
	struct made_layer *layers;
	size_t count; /* made so far */
};

static void
make_release(struct make *make)
{
	for (size_t i = 0; i < make->count; i++)
		made_layer_release(&make->layers[i]);
	free(make->layers);
	strvec_release(&make->names);
}

/* Refuse bad names before anything is made. */
static int
make_check(struct make *make, struct err *err)
{
	const struct transfer_request *request = &make->engine->request;

	if (request->format < 0 || request->format >= COMP_COUNT)
		return err_set(err, EINVAL, "a layer format that is unknown");
	for (size_t i = 0; i < request->names.len; i++) {
		cleanup_ref struct ref ref = REF_INIT;
		cleanup_strbuf struct strbuf name = STRBUF_INIT;
		int r = ref_parse(request->names.v[i], &ref, err);

		if (r < 0)
			return r;
		if (ref.digest.text[0])
			return err_set(err, EINVAL,
				       "'%s' has a digest: a name is wanted",
				       request->names.v[i]);
		ref_add_canonical(&name, &ref);
		strvec_add(&make->names, name.buf);
	}
	return 0;
}

/* All of them are made certain at once, and only then get their names. */
static int
make_names(struct make *make, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < make->count; i++)
		r = made_layer_stage(make->engine, &make->layers[i], err);
	if (r == 0 && syncfs(make->engine->store->dirfd) < 0)
		r = err_sys(err, "write the layers to disk");
	for (size_t i = 0; r == 0 && i < make->count; i++)
		r = made_layer_name(&make->layers[i], err);
	return r;
}

static int
make_layers(struct make *make, struct err *err)
{
	const struct transfer_request *request = &make->engine->request;
	int r = 0;

	make->layers = xcalloc(request->layer_count + 1, sizeof(*make->layers));
	for (size_t i = 0; r == 0 && i < request->layer_count; i++) {
		r = make_layer(make->engine, &request->layers[i],
			       &make->layers[i], err);
		if (r == 0)
			make->count++;
	}
	if (r == 0)
		r = make_names(make, err);
	for (size_t i = 0; r == 0 && i < make->count; i++)
		engine_layer(make->engine, i, &make->layers[i].diff_id,
			     &make->layers[i].blob);
	return r;
}

static void
make_config_bytes(const struct make *make, struct strbuf *sb)
{
	cleanup_node struct node *doc =
		node_clone(make->engine->request.config);
	struct node *rootfs = node_set(doc, "rootfs", node_new_obj());
	struct node *ids;

	node_set_str(rootfs, "type", "layers");
	ids = node_need_arr(rootfs, "diff_ids");
	for (size_t i = 0; i < make->count; i++)
		node_push_str(ids, make->layers[i].diff_id.text);
	node_write_json(sb, doc, NODE_COMPACT);
}

/* The manifest borrows the descriptors of the layers. */
static struct node *
make_manifest(const struct make *make, const struct digest *config,
	      size_t config_len)
{
	const struct transfer_request *request = &make->engine->request;
	bool docker = request->docker;
	struct descriptor desc = {
		.media_type = xstrdup(docker ? MEDIA_DOCKER_CONFIG
					     : MEDIA_OCI_CONFIG),
		.digest = *config,
		.size_bytes = (int64_t)config_len,
	};
	struct node *doc = node_new_obj();
	struct node *layers;

	node_set_int(doc, "schemaVersion", 2);
	node_set_str(doc, "mediaType",
		     docker ? MEDIA_DOCKER_MANIFEST : MEDIA_OCI_MANIFEST);
	(void)node_set(doc, "config", descriptor_to_node(&desc));
	layers = node_need_arr(doc, "layers");
	for (size_t i = 0; i < make->count; i++)
		(void)node_push(layers,
				descriptor_to_node(&make->layers[i].blob));
	if (request->annotations && node_len(request->annotations))
		(void)node_set(doc, "annotations",
			       node_clone(request->annotations));
	descriptor_release(&desc);
	return doc;
}

/* Trees that were not taken: the blobs are unpacked as if they were pulled. */
static int
make_trees(struct make *make, const struct node *doc,
	   const struct image_config *config, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	int r;

	node_write_json(&bytes, doc, NODE_COMPACT);
	r = manifest_parse(span_new(bytes.buf, bytes.len), NULL, &manifest,
			   err);
	return r < 0 ? r
		     : layer_set_get(make->engine, NULL, &manifest, config,
				     err);
}

static int
make_record(struct make *make, const struct engine_image *image,
	    struct err *err)
{
	int r = 0;

	if (!make->names.len)
		return engine_record(make->engine, image, NULL, err);
	for (size_t i = 0; r == 0 && i < make->names.len; i++)
		r = engine_record(make->engine, image, make->names.v[i], err);
	return r;
}

static int
make_image(struct make *make, struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf config_bytes = STRBUF_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *manifest = NULL;
	struct engine_image image = {
		.media_type = make->engine->request.docker
				      ? MEDIA_DOCKER_MANIFEST
				      : MEDIA_OCI_MANIFEST,
		.config = &config,
	};
	int r;

	make_config_bytes(make, &config_bytes);
	r = image_config_parse(span_new(config_bytes.buf, config_bytes.len),
			       &config, err);
	if (r == 0)
		r = blob_put(make->engine->store, config_bytes.buf,
			     config_bytes.len, &image.id, err);
	if (r < 0)
		return r;
	manifest = make_manifest(make, &image.id, config_bytes.len);
	r = make_trees(make, manifest, &config, err);
	if (r < 0)
		return r;
	node_write_json(&text, manifest, NODE_COMPACT);
	image.manifest = text.buf;
	image.manifest_len = text.len;
	return make_record(make, &image, err);
}

int
engine_make(struct engine *engine, struct err *err)
{
	cleanup_release(make_release) struct make make = { .engine = engine };
	int r;

	r = make_check(&make, err);
	if (r == 0)
		r = engine_enter(engine, err);
	if (r == 0)
		r = make_layers(&make, err);
	if (r == 0 && engine->request.config)
		r = make_image(&make, err);
	return r;
}
