/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/load.c - images come from an archive or a directory.
 *
 * docker-archive: manifest.json lists config, names and layers; the layers
 * become blobs as they are and an OCI manifest is written for them.
 * OCI layout: index.json lists manifests, which are kept byte for byte.
 * An archive with both (docker 25 and later) is read as docker-archive, and
 * gives the manifests that it has, so that digests stay what they are.
 * Spec: OCI image-spec, image-layout.md; moby image spec v1.2.
 */
#include "image/engine.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "archive/decomp.h"
#include "base/cleanup.h"
#include "image/bundle.h"
#include "store/blob.h"

#define LOAD_MAX_INDEX_BYTES (8U << 20)
#define LOAD_CONTAINERD_NAME "io.containerd.image.name"

struct load {
	struct engine *engine;
	struct bundle bundle;
	struct platform platform;
	size_t loaded;
};

static void
load_release(struct load *load)
{
	bundle_release(&load->bundle);
}

static int
load_document(struct load *load, const char *name, size_t max_bytes,
	      struct strbuf *sb, struct err *err)
{
	struct bundle_file *file;
	int r;

	r = bundle_get(&load->bundle, name, &file, err);
	if (r == 0)
		r = bundle_read(&load->bundle, file, max_bytes, sb, err);
	return r < 0 ? err_wrap(err, r, "'%s'", name) : 0;
}

static bool
load_has(struct load *load, const char *name)
{
	struct bundle_file *file;

	return bundle_get(&load->bundle, name, &file, NULL) == 0;
}

/* How a blob that came in an archive is compressed, as a media type. */
static int
load_media_type(struct load *load, const struct digest *blob,
		const char **ret_type, struct err *err)
{
	cleanup_with(decomp_close) struct decomp *decomp = NULL;
	cleanup_close int fd = -EBADF;
	struct decomp_opts opts = { .cancel_fd = -1 };
	enum decomp_format format;
	int r;

	r = blob_open(load->engine->store, blob, &fd, NULL, err);
	opts.fd = fd;
	if (r == 0)
		r = decomp_open(&opts, &decomp, err);
	if (r < 0)
		return r;
	format = decomp_format(decomp);
	if (format == DECOMP_BZIP2 || format == DECOMP_XZ)
		return err_set(err, EOPNOTSUPP,
			       "layers compressed by %s have no media type",
			       decomp_format_name(format));
	*ret_type = format == DECOMP_GZIP   ? MEDIA_OCI_LAYER_GZIP
		    : format == DECOMP_ZSTD ? MEDIA_OCI_LAYER_ZSTD
					    : MEDIA_OCI_LAYER;
	return 0;
}

/* Is what was found as @name what its descriptor says? */
static int
load_check(const char *name, const struct descriptor *desc,
	   const struct digest *digest, int64_t size_bytes, struct err *err)
{
	if (!digest_eq(&desc->digest, digest))
		return err_set(err, EBADMSG, "'%s' has the digest %s", name,
			       digest->text);
	if (desc->size_bytes != size_bytes)
		return err_set(err, EBADMSG,
			       "'%s' has %" PRId64 " bytes, not the %" PRId64
			       " of its descriptor",
			       name, size_bytes, desc->size_bytes);
	return 0;
}

/* @desc: what the manifest says; NULL: there is none yet. */
static int
load_layer(struct load *load, const char *name, const struct descriptor *desc,
	   const struct digest *diff_id, struct bundle_file **ret_file,
	   struct err *err)
{
	struct bundle_file *file;
	int r;

	r = bundle_get(&load->bundle, name, &file, err);
	if (r == 0 && desc)
		r = load_check(name, desc, &file->digest, file->size, err);
	if (r < 0)
		return r;
	r = bundle_need_layer(&load->bundle, file, err);
	if (r < 0)
		return err_wrap(err, r, "layer '%s'", name);
	if (!digest_eq(diff_id, &file->diff_id))
		return err_set(
			err, EBADMSG,
			"the content of layer '%s' is %s, and the image says %s",
			name, file->diff_id.text, diff_id->text);
	*ret_file = file;
	return 0;
}

static int
load_config(struct load *load, const char *name, struct digest *ret_id,
	    int64_t *ret_size, struct image_config *ret_config, struct err *err)
{
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	int r;

	r = load_document(load, name, IMAGE_CONFIG_MAX_BYTES, &bytes, err);
	if (r == 0)
		r = image_config_parse(span_new(bytes.buf, bytes.len),
				       ret_config, err);
	if (r == 0)
		r = blob_put(load->engine->store, bytes.buf, bytes.len, ret_id,
			     err);
	if (r < 0)
		return err_wrap(err, r, "config '%s'", name);
	*ret_size = (int64_t)bytes.len;
	return 0;
}

static int
load_record(struct load *load, const struct engine_image *image,
	    const char *name, struct err *err)
{
	cleanup_strbuf struct strbuf canonical = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	int r = 0;

	if (name) {
		r = ref_parse(name, &ref, err);
		if (r < 0)
			return r;
		ref_add_canonical(&canonical, &ref);
	}
	r = engine_record(load->engine, image, name ? canonical.buf : NULL,
			  err);
	load->loaded += r == 0;
	return r;
}

static struct node *
descriptor_node(const char *media_type, const struct digest *digest,
		int64_t size)
{
	struct node *node = node_new_obj();

	node_set_str(node, "mediaType", media_type);
	node_set_str(node, "digest", digest->text);
	node_set_int(node, "size", size);
	return node;
}

/* The manifest that a docker-archive does not have. */
static int
docker_manifest(struct load *load, const struct node *item,
		const struct image_config *config, struct node *manifest,
		struct err *err)
{
	const struct node *names = node_get(item, "Layers");
	struct node *layers = node_need_arr(manifest, "layers");

	if (node_len(names) != config->diff_id_count)
		return err_set(
			err, EBADMSG,
			"manifest.json has %zu layers and the config %zu",
			node_len(names), config->diff_id_count);
	for (size_t i = 0; i < node_len(names); i++) {
		const char *name = node_str(node_at(names, i));
		struct bundle_file *file;
		const char *type = NULL;
		int r;

		if (!name)
			return err_set(
				err, EBADMSG,
				"manifest.json names no file for layer %zu", i);
		r = load_layer(load, name, NULL, &config->diff_ids[i], &file,
			       err);
		if (r == 0)
			r = load_media_type(load, &file->digest, &type, err);
		if (r < 0)
			return r;
		node_push(layers,
			  descriptor_node(type, &file->digest, file->size));
	}
	return 0;
}

static int
docker_record(struct load *load, const struct node *item,
	      const struct engine_image *image, struct err *err)
{
	const struct node *tags = node_get(item, "RepoTags");
	int r = 0;

	if (node_len(tags) == 0)
		return load_record(load, image, NULL, err);
	for (size_t i = 0; i < node_len(tags) && r == 0; i++) {
		const char *tag = node_str(node_at(tags, i));

		r = tag ? load_record(load, image, tag, err)
			: err_set(err, EBADMSG,
				  "manifest.json has a name that is no text");
	}
	return r;
}

/* A document of an OCI layout, checked against its descriptor. */
static int
oci_document(struct load *load, const struct descriptor *desc,
	     struct strbuf *sb, struct err *err)
{
	char name[BLOB_PATH_BYTES];
	struct bundle_file *file;
	int r;

	r = bundle_get(&load->bundle, blob_path(&desc->digest, name), &file,
		       err);
	if (r == 0)
		r = load_check(name, desc, &file->digest, file->size, err);
	if (r == 0)
		r = bundle_read(&load->bundle, file, MANIFEST_MAX_BYTES, sb,
				err);
	return r < 0 ? err_wrap(err, r, "'%s'", name) : 0;
}

/* Is @bytes a manifest of the image @id with the layers of @made? */
static bool
is_original(struct span bytes, const struct digest *id, const struct node *made)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	const struct node *layers = node_get(made, "layers");

	if (manifest_parse(bytes, NULL, &manifest, NULL) < 0 ||
	    !digest_eq(&manifest.config.digest, id) ||
	    manifest.layer_count != node_len(layers))
		return false;
	for (size_t i = 0; i < manifest.layer_count; i++)
		if (strcmp(manifest.layers[i].digest.text,
			   node_get_str(node_at(layers, i), "digest")) != 0 ||
		    manifest.layers[i].size_bytes !=
			    node_get_int(node_at(layers, i), "size", -1))
			return false;
	return true;
}

/* Put the manifest that index.json lists in place of the one we made. */
static void
docker_find_original(struct load *load, const struct node *made,
		     struct engine_image *image, struct strbuf *bytes)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (!load_has(load, "index.json") ||
	    load_document(load, "index.json", LOAD_MAX_INDEX_BYTES, &text,
			  NULL) < 0 ||
	    image_index_parse(span_new(text.buf, text.len), NULL, &index,
			      NULL) < 0)
		return;
	for (size_t i = 0; i < index.manifest_count; i++) {
		cleanup_strbuf struct strbuf doc = STRBUF_INIT;

		if (oci_document(load, &index.manifests[i], &doc, NULL) < 0 ||
		    !is_original(span_new(doc.buf, doc.len), &image->id, made))
			continue;
		strbuf_reset(bytes);
		strbuf_add(bytes, doc.buf, doc.len);
		if (strcmp(index.manifests[i].media_type,
			   MEDIA_DOCKER_MANIFEST) == 0)
			image->media_type = MEDIA_DOCKER_MANIFEST;
		return;
	}
}

static int
load_docker_image(struct load *load, const struct node *item, struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_node struct node *manifest = node_new_obj();
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	struct engine_image image = { .media_type = MEDIA_OCI_MANIFEST,
				      .config = &config };
	const char *name = node_get_str(item, "Config");
	int64_t size;
	int r;

	if (!name)
		return err_set(err, EBADMSG, "manifest.json names no config");
	r = load_config(load, name, &image.id, &size, &config, err);
	if (r < 0)
		return r;
	node_set_int(manifest, "schemaVersion", 2);
	node_set_str(manifest, "mediaType", MEDIA_OCI_MANIFEST);
	node_set(manifest, "config",
		 descriptor_node(MEDIA_OCI_CONFIG, &image.id, size));
	r = docker_manifest(load, item, &config, manifest, err);
	if (r < 0)
		return r;
	node_write_json(&bytes, manifest, NODE_COMPACT);
	docker_find_original(load, manifest, &image, &bytes);
	image.manifest = bytes.buf;
	image.manifest_len = bytes.len;
	return docker_record(load, item, &image, err);
}

static int
load_docker(struct load *load, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *doc = NULL;
	int r;

	r = load_document(load, "manifest.json", LOAD_MAX_INDEX_BYTES, &text,
			  err);
	if (r == 0)
		r = node_parse_json(span_new(text.buf, text.len),
				    "manifest.json", &doc, err);
	if (r < 0)
		return r;
	if (node_kind(doc) != NODE_ARR || node_len(doc) == 0)
		return err_set(err, EBADMSG, "manifest.json lists no image");
	for (size_t i = 0; i < node_len(doc) && r == 0; i++)
		r = load_docker_image(load, node_at(doc, i), err);
	return r;
}

static int
oci_layers(struct load *load, const struct manifest *manifest,
	   const struct image_config *config, struct err *err)
{
	if (manifest->layer_count != config->diff_id_count)
		return err_set(err, EBADMSG,
			       "the manifest has %zu layers and the config %zu",
			       manifest->layer_count, config->diff_id_count);
	for (size_t i = 0; i < manifest->layer_count; i++) {
		const struct descriptor *desc = &manifest->layers[i];
		char name[BLOB_PATH_BYTES];
		struct bundle_file *file;
		int r;

		r = load_layer(load, blob_path(&desc->digest, name), desc,
			       &config->diff_ids[i], &file, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * The name of an entry: containerd's, which is whole, or ref.name, of which
 * some tools write only the tag "latest". NULL: none.
 */
static const char *
oci_name(const struct descriptor *desc)
{
	const char *name =
		node_get_str(desc->annotations, LOAD_CONTAINERD_NAME);

	if (name)
		return name;
	name = node_get_str(desc->annotations, IMAGE_TABLE_NAME);
	return name && strcmp(name, "latest") != 0 ? name : NULL;
}

/* The bytes of the manifest that @desc means on this platform. */
static int
oci_manifest(struct load *load, const struct descriptor *desc,
	     struct strbuf *sb, const char **ret_type, struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	int r;

	r = oci_document(load, desc, sb, err);
	if (r < 0)
		return r;
	*ret_type = desc->media_type;
	r = manifest_bytes_are_index(span_new(sb->buf, sb->len),
				     desc->media_type, err);
	if (r <= 0)
		return r;
	r = image_index_parse(span_new(sb->buf, sb->len), desc->media_type,
			      &index, err);
	if (r == 0)
		r = image_index_select(&index, &load->platform, err);
	if (r < 0)
		return r;
	*ret_type = NULL;
	strbuf_reset(sb);
	return oci_document(load, &index.manifests[r], sb, err);
}

static int
load_oci_image(struct load *load, const struct descriptor *desc,
	       struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	struct engine_image image = { .config = &config };
	char name[BLOB_PATH_BYTES];
	const char *type;
	int64_t size;
	int r;

	r = oci_manifest(load, desc, &bytes, &type, err);
	if (r == 0)
		r = manifest_parse(span_new(bytes.buf, bytes.len), type,
				   &manifest, err);
	if (r == 0)
		r = manifest_check_image(&manifest, err);
	if (r == 0)
		r = load_config(load, blob_path(&manifest.config.digest, name),
				&image.id, &size, &config, err);
	if (r == 0)
		r = load_check(name, &manifest.config, &image.id, size, err);
	if (r == 0)
		r = oci_layers(load, &manifest, &config, err);
	if (r < 0)
		return r;
	image.media_type = manifest.media_type;
	image.manifest = bytes.buf;
	image.manifest_len = bytes.len;
	return load_record(load, &image, oci_name(desc), err);
}

static int
load_oci(struct load *load, struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	r = load_document(load, "index.json", LOAD_MAX_INDEX_BYTES, &text, err);
	if (r == 0)
		r = image_index_parse(span_new(text.buf, text.len), NULL,
				      &index, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < index.manifest_count; i++) {
		const struct descriptor *desc = &index.manifests[i];

		/* Of several platforms side by side, the fitting ones. */
		if (index.manifest_count > 1 && desc->has_platform &&
		    platform_match(&load->platform, &desc->platform) == 0)
			continue;
		r = load_oci_image(load, desc, err);
		if (r < 0)
			return r;
	}
	if (load->loaded == 0)
		return err_set(err, ENOENT,
			       "index.json lists no image for this platform");
	return 0;
}

static int
load_open(struct load *load, int *ret_fd, struct err *err)
{
	const char *path = load->engine->request.input;
	struct stat st;
	int fd = 0;

	if (path)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open '%s'",
			       path ? path : "standard input");
	*ret_fd = fd;
	if (S_ISDIR(st.st_mode)) {
		bundle_use_dir(&load->bundle, fd);
		return 0;
	}
	return bundle_read_tar(&load->bundle, fd, err);
}

static int
load_all(struct load *load, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r;

	r = load_open(load, &fd, err);
	if (r < 0)
		return r;
	if (load_has(load, "manifest.json"))
		return load_docker(load, err);
	if (load_has(load, "index.json"))
		return load_oci(load, err);
	err_set(err, EBADMSG,
		"there is neither manifest.json nor index.json in it");
	err_hint(err, "the tree of a root file system goes by dhow import");
	return -EBADMSG;
}

int
engine_load(struct engine *engine, struct err *err)
{
	cleanup_release(load_release) struct load load = {
		.engine = engine,
		.bundle = { .engine = engine, .dirfd = -EBADF },
	};
	const char *input = engine->request.input;
	int r;

	r = engine_platform(engine, &load.platform, err);
	if (r == 0)
		r = engine_enter(engine, err);
	if (r < 0)
		return r;
	r = load_all(&load, err);
	if (r == 0)
		return 0;
	engine_undo(engine);
	return err_wrap(err, r, "load '%s'", input ? input : "standard input");
}
