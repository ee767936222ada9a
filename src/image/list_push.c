/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/list_push.c - an index that was put together here goes to a registry,
 * with what it lists, wherever that is.
 */
#include "archive/sha256.h"
#include "base/alloc.h"
#include "image/engine.h"
#include "image/image_copy.h"
#include "image/origin.h"
#include "image/target.h"
#include "store/blob.h"
#include "store/index_list.h"

#define LIST_MAX_SOURCES 64

/* A repository that an entry lies in. */
struct list_source {
	char *text; /* "docker://…" */
	struct remote remote;
	struct origin *origin;
};

struct origin_list {
	struct origin base;
	struct registry_manifest root;
	struct map entries; /* digest → struct list_source *; NULL: the store */
	struct list_source sources[LIST_MAX_SOURCES];
	size_t source_count;
	struct list_source *current; /* of the manifest that was asked last */
};

static int
list_manifest(struct origin *origin, const struct digest *digest,
	      struct registry_manifest *ret_doc, struct err *err)
{
	struct origin_list *self = (void *)origin;
	struct registry_manifest doc = REGISTRY_MANIFEST_INIT;
	int r;

	if (!digest) {
		strbuf_add(&doc.bytes, self->root.bytes.buf,
			   self->root.bytes.len);
		doc.media_type = xstrdup(self->root.media_type);
		doc.digest = self->root.digest;
		*ret_doc = doc;
		return 0;
	}
	self->current = map_get(&self->entries, digest->text);
	if (self->current)
		return self->current->origin->ops->manifest(
			self->current->origin, digest, ret_doc, err);
	doc.digest = *digest;
	r = blob_read(origin->engine->store, digest, MANIFEST_MAX_BYTES,
		      &doc.bytes, err);
	if (r < 0)
		registry_manifest_release(&doc);
	else
		*ret_doc = doc;
	return r;
}

static int
list_blob(struct origin *origin, const struct descriptor *desc, int *ret_fd,
	  struct err *err)
{
	struct origin_list *self = (void *)origin;

	if (!self->current ||
	    blob_exists(origin->engine->store, &desc->digest, desc->size_bytes))
		return blob_open(origin->engine->store, &desc->digest, ret_fd,
				 NULL, err);
	return self->current->origin->ops->blob(self->current->origin, desc,
						ret_fd, err);
}

static void
list_free(struct origin *origin)
{
	struct origin_list *self = (void *)origin;

	for (size_t i = 0; i < self->source_count; i++) {
		origin_free(self->sources[i].origin);
		remote_release(&self->sources[i].remote);
		free(self->sources[i].text);
	}
	map_release(&self->entries);
	registry_manifest_release(&self->root);
	free(self);
}

static const struct origin_ops list_ops = {
	.manifest = list_manifest,
	.blob = list_blob,
	.free = list_free,
};

static int
list_add_source(struct origin_list *self, const char *text,
		struct list_source **ret_source, struct err *err)
{
	cleanup_transport struct transport transport = TRANSPORT_INIT;
	struct engine *engine = self->base.engine;
	struct list_source *source;
	int r;

	for (size_t i = 0; i < self->source_count; i++) {
		if (strcmp(self->sources[i].text, text) == 0) {
			*ret_source = &self->sources[i];
			return 0;
		}
	}
	if (self->source_count == LIST_MAX_SOURCES)
		return err_set(err, E2BIG,
			       "the list's entries lie in more than %d places",
			       LIST_MAX_SOURCES);
	r = transport_parse(text, &transport, err);
	if (r < 0)
		return r;
	source = &self->sources[self->source_count++];
	*source = (struct list_source){ .text = xstrdup(text),
					.remote = REMOTE_INIT };
	r = remote_resolve(&source->remote, engine, transport.name, err);
	if (r == 0)
		r = remote_open(&source->remote, engine, false, NULL, err);
	if (r < 0)
		return r;
	source->origin = origin_of_registry(engine, &source->remote);
	*ret_source = source;
	return 0;
}

/* Our own note is nobody else's business. */
static void
entry_forget_source(struct node *entry)
{
	struct node *notes = node_get(entry, "annotations");

	(void)node_del(notes, INDEX_LIST_SOURCE);
	if (notes && !node_len(notes))
		(void)node_del(entry, "annotations");
}

static int
list_open_entries(struct origin_list *self, struct node *index, struct err *err)
{
	struct node *manifests = node_get(index, "manifests");
	int r = 0;

	for (size_t i = 0; i < node_len(manifests) && r == 0; i++) {
		struct node *entry = node_at(manifests, i);
		const char *source = node_get_str(
			node_get(entry, "annotations"), INDEX_LIST_SOURCE);
		struct list_source *found = NULL;

		if (source && strncmp(source, "docker://", 9) == 0)
			r = list_add_source(self, source, &found, err);
		if (found)
			map_set(&self->entries, node_get_str(entry, "digest"),
				found);
		entry_forget_source(entry);
	}
	return r;
}

static int
origin_of_list(struct engine *engine, struct origin **ret_origin,
	       struct err *err)
{
	cleanup_with(origin_free) struct origin *base = NULL;
	cleanup_node struct node *index = node_clone(engine->request.config);
	struct origin_list *self = xcalloc(1, sizeof(*self));
	char hex[SHA256_HEX_BYTES];
	int r;

	base = &self->base;
	*base = (struct origin){ .ops = &list_ops, .engine = engine };
	self->root = (struct registry_manifest)REGISTRY_MANIFEST_INIT;
	r = list_open_entries(self, index, err);
	if (r < 0)
		return r;
	node_write_json(&self->root.bytes, index, NODE_COMPACT);
	self->root.media_type = xstrdup_null(node_get_str(index, "mediaType"));
	sha256_hex_of(self->root.bytes.buf, self->root.bytes.len, hex);
	self->root.digest = digest_of_hex(hex);
	*ret_origin = take_ptr(base);
	return 0;
}

static int
list_copy(struct engine *engine, struct origin *origin, struct target *target,
	  const char *name, struct err *err)
{
	cleanup_image_copy_result struct image_copy_result result =
		IMAGE_COPY_RESULT_INIT;
	const struct transfer_request *request = &engine->request;
	struct platform platform;
	struct image_copy_opts opts = {
		.all = true,
		.platform = &platform,
		.convert = (enum image_copy_convert)request->convert,
		.compress = (enum comp_format)request->compress,
		.level = (int)request->level,
		.force = request->force_compress,
	};
	int r;

	platform_host(&platform);
	r = image_copy(origin, target, &opts, &result, err);
	if (r == 0)
		r = target->ops->finish(target, err);
	if (r == 0)
		engine_copied(engine, name, &result.root.digest,
			      result.root.bytes.len);
	return r;
}

int
engine_push_list(struct engine *engine, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	cleanup_transport struct transport transport = TRANSPORT_INIT;
	cleanup_with(origin_free) struct origin *origin = NULL;
	cleanup_with(target_free) struct target *target = NULL;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_remote struct remote remote = REMOTE_INIT;
	bool is_files;
	int r = transport_parse(request->target ?: "", &transport, err);

	if (r < 0)
		return r;
	is_files = transport.kind > TRANSPORT_REGISTRY;
	if (!is_files)
		r = remote_resolve(&remote, engine, transport.name, err);
	if (r == 0 && !is_files)
		r = remote_open(&remote, engine, true, NULL, err);
	if (r == 0)
		r = origin_of_list(engine, &origin, err);
	if (r == 0)
		r = engine_enter(engine, err);
	if (r == 0 && is_files)
		r = target_of_files(engine, &transport, -1, &target, err);
	if (r < 0)
		return r;
	if (!is_files) {
		ref_add_canonical(&name, &remote.ref);
		target = target_of_registry(engine, &remote, NULL);
	}
	engine_begin(engine, name.buf);
	r = list_copy(engine, origin, target, name.buf, err);
	return r < 0 ? err_wrap(err, r, "push '%s'", request->target) : 0;
}
