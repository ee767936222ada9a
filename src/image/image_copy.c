/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_copy.c - an image goes from an origin to a target.
 */
#include "image/image_copy.h"

#include "archive/sha256.h"
#include "base/alloc.h"
#include "base/io.h"
#include "image/recompress.h"

struct copy {
	struct origin *from;
	struct target *to;
	const struct image_copy_opts *opts;
	struct image_copy_result *result;
};

/* One manifest under way. */
struct copy_part {
	struct copy *copy;
	struct manifest manifest; /* as it will be written */
	struct recompress_job *jobs;
	size_t job_count;
	size_t *job_layers; /* the layer of each job */
	bool changed;
};

void
image_copy_result_release(struct image_copy_result *result)
{
	registry_manifest_release(&result->root);
}

static void
copy_part_release(struct copy_part *part)
{
	for (size_t i = 0; i < part->job_count; i++) {
		if (part->jobs[i].in_fd >= 0)
			(void)close(part->jobs[i].in_fd);
		if (part->jobs[i].out_fd >= 0)
			(void)close(part->jobs[i].out_fd);
	}
	free(part->jobs);
	free(part->job_layers);
	manifest_release(&part->manifest);
}

/* --- layers in another compression --- */

/* What the layer is to become; -1: what it is. */
static int
layer_wants(const struct copy *copy, const struct descriptor *desc)
{
	const struct image_copy_opts *opts = copy->opts;
	int have = recompress_format_of(desc->media_type);

	if (have < 0)
		return -1;
	if (opts->compress != COMP_NONE)
		return have == (int)opts->compress && !opts->force
			       ? -1
			       : (int)opts->compress;
	return have == COMP_NONE && copy->to->wants_gzip ? COMP_GZIP : -1;
}

static int
part_read_config(struct copy_part *part, struct image_config *ret_config,
		 struct err *err)
{
	const struct descriptor *desc = &part->manifest.config;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_close int fd = -EBADF;
	int r = part->copy->from->ops->blob(part->copy->from, desc, &fd, err);

	if (r == 0)
		r = io_read_all(fd, IMAGE_CONFIG_MAX_BYTES, &text, err);
	if (r == 0)
		r = image_config_parse(span_new(text.buf, text.len), ret_config,
				       err);
	return r < 0 ? err_wrap(err, r, "config") : 0;
}

static int
part_add_job(struct copy_part *part, size_t layer,
	     const struct image_config *config, struct err *err)
{
	const struct descriptor *desc = &part->manifest.layers[layer];
	struct recompress_job *job = &part->jobs[part->job_count];

	*job = (struct recompress_job){ .in_fd = -EBADF,
					.out_fd = -EBADF,
					.diff_id = &config->diff_ids[layer] };
	part->job_layers[part->job_count++] = layer;
	return part->copy->from->ops->blob(part->copy->from, desc, &job->in_fd,
					   err);
}

static void
part_take_job(struct copy_part *part, size_t at, enum comp_format format)
{
	const struct recompress_job *job = &part->jobs[at];
	struct descriptor *desc = &part->manifest.layers[part->job_layers[at]];

	free(desc->media_type);
	desc->media_type = xstrdup(recompress_media_type(format));
	desc->digest = job->digest;
	desc->size_bytes = job->size_bytes;
	/* They describe the bytes that were. */
	node_free(take_ptr(desc->annotations));
	part->changed = true;
}

static int
part_recompress(struct copy_part *part, struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct manifest *manifest = &part->manifest;
	const struct image_copy_opts *opts = part->copy->opts;
	enum comp_format format = COMP_NONE;
	int r = 0;

	part->jobs = xcalloc(manifest->layer_count + 1, sizeof(*part->jobs));
	part->job_layers =
		xcalloc(manifest->layer_count + 1, sizeof(*part->job_layers));
	for (size_t i = 0; i < manifest->layer_count && r == 0; i++) {
		int wants = layer_wants(part->copy, &manifest->layers[i]);

		if (wants < 0)
			continue;
		format = (enum comp_format)wants;
		if (!config.doc)
			r = part_read_config(part, &config, err);
		if (r == 0 && config.diff_id_count != manifest->layer_count)
			r = err_set(err, EBADMSG,
				    "the manifest has %zu layers and the "
				    "config %zu",
				    manifest->layer_count,
				    config.diff_id_count);
		if (r == 0)
			r = part_add_job(part, i, &config, err);
	}
	if (r == 0 && part->job_count)
		r = recompress_run(part->copy->to->engine, part->jobs,
				   part->job_count, format, opts->level, err);
	for (size_t i = 0; i < part->job_count && r == 0; i++)
		part_take_job(part, i, format);
	return r;
}

/* --- media types --- */

static const struct {
	const char *oci;
	const char *docker; /* NULL: it has none */
} type_pairs[] = {
	{ MEDIA_OCI_MANIFEST, MEDIA_DOCKER_MANIFEST },
	{ MEDIA_OCI_INDEX, MEDIA_DOCKER_LIST },
	{ MEDIA_OCI_CONFIG, MEDIA_DOCKER_CONFIG },
	{ MEDIA_OCI_LAYER, MEDIA_DOCKER_LAYER },
	{ MEDIA_OCI_LAYER_GZIP, MEDIA_DOCKER_LAYER_GZIP },
	{ MEDIA_OCI_LAYER_ZSTD, NULL },
};

static int
type_convert(char **io_type, enum image_copy_convert convert, bool *io_changed,
	     struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(type_pairs); i++) {
		const char *oci = type_pairs[i].oci;
		const char *docker = type_pairs[i].docker;
		bool is_oci = strcmp(*io_type, oci) == 0;
		bool is_docker = docker && strcmp(*io_type, docker) == 0;
		const char *want = convert == IMAGE_COPY_TO_OCI ? oci : docker;

		if (!is_oci && !is_docker)
			continue;
		if (!want)
			return err_set(err, EOPNOTSUPP,
				       "Docker's format has no layers "
				       "compressed by zstd");
		if (strcmp(want, *io_type) != 0) {
			free(*io_type);
			*io_type = xstrdup(want);
			*io_changed = true;
		}
		return 0;
	}
	return 0;
}

/* One manifest speaks one language: a layer of the other one decides. */
static enum image_copy_convert
part_convert(const struct copy_part *part)
{
	if (part->copy->opts->convert != IMAGE_COPY_AS_IT_IS)
		return part->copy->opts->convert;
	if (part->copy->to->wants_oci ||
	    part->copy->opts->compress == COMP_ZSTD)
		return IMAGE_COPY_TO_OCI;
	if (!part->changed)
		return IMAGE_COPY_AS_IT_IS;
	return strcmp(part->manifest.media_type, MEDIA_DOCKER_MANIFEST)
		       ? IMAGE_COPY_TO_OCI
		       : IMAGE_COPY_TO_DOCKER;
}

static int
part_convert_types(struct copy_part *part, struct err *err)
{
	struct manifest *manifest = &part->manifest;
	enum image_copy_convert convert = part_convert(part);
	int r = 0;

	if (convert == IMAGE_COPY_AS_IT_IS)
		return 0;
	for (size_t i = 0; i < manifest->layer_count && r == 0; i++)
		r = type_convert(&manifest->layers[i].media_type, convert,
				 &part->changed, err);
	if (r == 0)
		r = type_convert(&manifest->config.media_type, convert,
				 &part->changed, err);
	if (r == 0)
		r = type_convert(&manifest->media_type, convert, &part->changed,
				 err);
	return r;
}

/* --- one manifest --- */

static struct digest
digest_of(struct span bytes)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex_of(bytes.ptr, bytes.len, hex);
	return digest_of_hex(hex);
}

/* Replace the document by @node. */
static void
doc_rewrite(struct registry_manifest *doc, const char *media_type,
	    const struct node *node)
{
	strbuf_reset(&doc->bytes);
	node_write_json(&doc->bytes, node, NODE_COMPACT);
	free(doc->media_type);
	doc->media_type = xstrdup(media_type);
	doc->digest = digest_of(span_new(doc->bytes.buf, doc->bytes.len));
}

static bool
desc_is_repeated(const struct manifest *manifest, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (digest_eq(&manifest->layers[i].digest,
			      &manifest->layers[at].digest))
			return true;
	return false;
}

static int
part_send_blobs(struct copy_part *part, struct err *err)
{
	const struct manifest *manifest = &part->manifest;
	cleanup_free struct target_blob *blobs =
		xcalloc(manifest->layer_count + 1, sizeof(*blobs));
	size_t count = 0;

	for (size_t i = 0; i < manifest->layer_count; i++) {
		struct target_blob *blob = &blobs[count];

		if (desc_is_repeated(manifest, i))
			continue;
		*blob = (struct target_blob){ .desc = &manifest->layers[i],
					      .fd = -EBADF };
		for (size_t j = 0; j < part->job_count; j++)
			if (part->job_layers[j] == i)
				blob->fd = part->jobs[j].out_fd;
		count++;
	}
	blobs[count++] = (struct target_blob){ .desc = &manifest->config,
					       .fd = -EBADF,
					       .is_config = true };
	return part->copy->to->ops->blobs(part->copy->to, part->copy->from,
					  blobs, count, err);
}

static int
part_send(struct copy_part *part, const struct registry_manifest *doc,
	  bool is_root, struct err *err)
{
	struct target *to = part->copy->to;
	struct target_doc out = {
		.media_type = part->manifest.media_type,
		.bytes = span_new(doc->bytes.buf, doc->bytes.len),
		.digest = doc->digest,
		.is_root = is_root,
		.manifest = &part->manifest,
	};
	int r;

	if (is_root && to->ops->has && to->ops->has(to, &doc->digest)) {
		for (size_t i = 0; i < part->manifest.layer_count; i++) {
			char id[13];

			(void)snprintf(
				id, sizeof(id), "%s",
				digest_hex(&part->manifest.layers[i].digest));
			engine_state(to->engine, id, "Layer already exists");
		}
		return 0;
	}
	r = part_send_blobs(part, err);
	return r < 0 ? r : to->ops->document(to, &out, err);
}

/* Copy the manifest in @doc, which becomes what was written. */
static int
copy_manifest(struct copy *copy, struct registry_manifest *doc, bool is_root,
	      struct err *err)
{
	cleanup_release(copy_part_release) struct copy_part part = {
		.copy = copy,
	};
	int r;

	r = manifest_parse(span_new(doc->bytes.buf, doc->bytes.len),
			   doc->media_type, &part.manifest, err);
	if (r == 0)
		r = part_recompress(&part, err);
	if (r == 0)
		r = part_convert_types(&part, err);
	if (r < 0)
		return r;
	if (part.changed) {
		cleanup_node struct node *node =
			manifest_to_node(&part.manifest);

		doc_rewrite(doc, part.manifest.media_type, node);
		copy->result->changed = true;
	} else if (!doc->media_type) {
		doc->media_type = xstrdup(part.manifest.media_type);
	}
	if (is_root)
		copy->result->id = part.manifest.config.digest;
	return part_send(&part, doc, is_root, err);
}

/* --- an index --- */

/* An entry of the index, brought over; its descriptor follows it. */
static int
copy_entry(struct copy *copy, struct descriptor *desc, bool *io_changed,
	   struct err *err)
{
	cleanup_registry_manifest struct registry_manifest doc =
		REGISTRY_MANIFEST_INIT;
	int r = copy->from->ops->manifest(copy->from, &desc->digest, &doc, err);

	if (r == 0)
		r = copy_manifest(copy, &doc, false, err);
	if (r < 0)
		return err_wrap(err, r, "manifest %s", desc->digest.text);
	if (digest_eq(&doc.digest, &desc->digest))
		return 0;
	desc->digest = doc.digest;
	desc->size_bytes = (int64_t)doc.bytes.len;
	free(desc->media_type);
	desc->media_type = xstrdup(doc.media_type);
	*io_changed = true;
	return 0;
}

static int
copy_index(struct copy *copy, struct registry_manifest *doc,
	   struct image_index *index, struct err *err)
{
	enum image_copy_convert convert = copy->opts->convert;
	struct target_doc out = { .is_root = true };
	bool changed = false;
	int r = 0;

	for (size_t i = 0; i < index->manifest_count && r == 0; i++)
		r = copy_entry(copy, &index->manifests[i], &changed, err);
	if (convert == IMAGE_COPY_AS_IT_IS && copy->to->wants_oci)
		convert = IMAGE_COPY_TO_OCI;
	if (r == 0 && convert != IMAGE_COPY_AS_IT_IS)
		r = type_convert(&index->media_type, convert, &changed, err);
	if (r < 0)
		return r;
	if (changed) {
		cleanup_node struct node *node = image_index_to_node(index);

		doc_rewrite(doc, index->media_type, node);
		copy->result->changed = true;
	}
	out.media_type = index->media_type;
	out.bytes = span_new(doc->bytes.buf, doc->bytes.len);
	out.digest = doc->digest;
	return copy->to->ops->document(copy->to, &out, err);
}

static int
copy_root(struct copy *copy, struct registry_manifest *doc, struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	struct registry_manifest chosen = REGISTRY_MANIFEST_INIT;
	struct span bytes = span_new(doc->bytes.buf, doc->bytes.len);
	int r = manifest_bytes_are_index(bytes, doc->media_type, err);

	if (r == 0)
		return copy_manifest(copy, doc, true, err);
	if (r > 0)
		r = image_index_parse(bytes, doc->media_type, &index, err);
	if (r < 0)
		return r;
	if (copy->opts->all)
		return copy_index(copy, doc, &index, err);
	r = image_index_select(&index, copy->opts->platform, err);
	if (r < 0)
		return r;
	r = copy->from->ops->manifest(copy->from, &index.manifests[r].digest,
				      &chosen, err);
	if (r < 0)
		return r;
	registry_manifest_release(doc);
	*doc = chosen;
	return copy_manifest(copy, doc, true, err);
}

int
image_copy(struct origin *from, struct target *to,
	   const struct image_copy_opts *opts,
	   struct image_copy_result *ret_result, struct err *err)
{
	struct copy copy = {
		.from = from, .to = to, .opts = opts, .result = ret_result
	};
	int r = from->ops->manifest(from, NULL, &ret_result->root, err);

	return r < 0 ? r : copy_root(&copy, &ret_result->root, err);
}
