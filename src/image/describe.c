/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/describe.c - which documents an image is made of, wherever it is.
 */
#include "base/alloc.h"
#include "base/io.h"
#include "image/engine.h"
#include "image/transit.h"

/*
 * An image without an index says its platform in its config only. What the
 * origin did not say of the type, the document does.
 */
static int
describe_platform(struct origin *origin, struct registry_manifest *doc,
		  struct strbuf *platform, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_close int fd = -EBADF;
	int r;

	r = manifest_parse(span_new(doc->bytes.buf, doc->bytes.len),
			   doc->media_type, &manifest, err);
	if (r < 0)
		return r;
	if (!doc->media_type)
		doc->media_type = xstrdup(manifest.media_type);
	if (manifest.config.size_bytes > IMAGE_CONFIG_MAX_BYTES)
		return 0;
	r = origin->ops->blob(origin, &manifest.config, &fd, err);
	if (r == 0)
		r = io_read_all(fd, IMAGE_CONFIG_MAX_BYTES, &text, err);
	/* An artifact has a config that is none. */
	if (r == 0 && image_config_parse(span_new(text.buf, text.len), &config,
					 NULL) == 0)
		platform_add(platform, &config.platform);
	return r;
}

static int
describe_document(struct transit *transit, struct registry_manifest *doc,
		  bool is_index, struct err *err)
{
	cleanup_strbuf struct strbuf platform = STRBUF_INIT;
	int r = 0;

	if (!is_index)
		r = describe_platform(transit->origin, doc, &platform, err);
	if (r == 0)
		engine_document(transit->engine, transit->name, doc,
				platform.buf);
	return r;
}

static int
describe_entries(struct transit *transit, const struct registry_manifest *doc,
		 struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	int r = image_index_parse(span_new(doc->bytes.buf, doc->bytes.len),
				  doc->media_type, &index, err);

	for (size_t i = 0; i < index.manifest_count && r == 0; i++) {
		cleanup_registry_manifest struct registry_manifest entry =
			REGISTRY_MANIFEST_INIT;

		r = transit->origin->ops->manifest(transit->origin,
						   &index.manifests[i].digest,
						   &entry, err);
		if (r == 0)
			r = describe_document(transit, &entry, false, err);
	}
	return r;
}

int
engine_describe(struct engine *engine, struct err *err)
{
	cleanup_transit struct transit transit = TRANSIT_INIT;
	cleanup_registry_manifest struct registry_manifest doc =
		REGISTRY_MANIFEST_INIT;
	int is_index;
	int r;

	transit.engine = engine;
	r = transport_parse(engine->request.input ?: "", &transit.src, err);
	if (r == 0)
		r = transit_open_remotes(&transit, err);
	if (r == 0)
		r = engine_enter(engine, err);
	if (r == 0)
		r = transit_open_origin(&transit, err);
	if (r == 0)
		r = transit.origin->ops->manifest(transit.origin, NULL, &doc,
						  err);
	if (r < 0)
		return r;
	is_index = manifest_bytes_are_index(
		span_new(doc.bytes.buf, doc.bytes.len), doc.media_type, err);
	if (is_index < 0)
		return is_index;
	r = describe_document(&transit, &doc, is_index > 0, err);
	if (r == 0 && is_index > 0 && engine->request.all)
		r = describe_entries(&transit, &doc, err);
	return r;
}
