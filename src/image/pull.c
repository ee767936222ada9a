/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/pull.c - an image comes from a registry.
 *
 * reference → manifest (by way of an index and a platform) → config → layers
 * → a row of the image table. The row is the last thing written: an image is
 * there when all of it is.
 */
#include "image/engine.h"

#include "base/alloc.h"
#include "base/log.h"
#include "image/extra_stores.h"
#include "image/layer_set.h"
#include "image/remote.h"
#include "store/blob.h"
#include "store/layer.h"

#define PULL_MAX_TAGS 10000

struct pull {
	struct engine *engine;
	struct remote remote;
	struct extra_stores extra;
	struct platform platform;
};

static void
pull_release(struct pull *pull)
{
	pull->engine->extra = NULL;
	extra_stores_release(&pull->extra);
	remote_release(&pull->remote);
}

static int
pull_open(struct pull *pull, struct err *err)
{
	struct engine *engine = pull->engine;
	int r;

	r = remote_resolve(&pull->remote, engine, engine->request.name ?: "",
			   err);
	if (r == 0)
		r = engine_platform(engine, &pull->platform, err);
	if (r < 0)
		return r;
	extra_stores_open(&pull->extra, &pull->remote.config.additional_stores);
	engine->extra = &pull->extra;
	return remote_open(&pull->remote, engine, false, NULL, err);
}

/* Collects a small blob. */
struct pull_text {
	struct strbuf text;
};

static ssize_t
pull_text_write(void *data, const void *bytes, size_t len, struct err *err)
{
	struct pull_text *text = data;

	strbuf_add(&text->text, bytes, len);
	return (ssize_t)len;
}

static int
pull_fetch_config(struct pull *pull, const struct descriptor *desc,
		  struct err *err)
{
	cleanup_with(registry_download_free) struct registry_download *set =
		NULL;
	struct pull_text text = { .text = STRBUF_INIT };
	struct registry_blob blob = { .digest = desc->digest,
				      .size_bytes = desc->size_bytes,
				      .write = pull_text_write,
				      .wait_fd = -1,
				      .data = &text };
	struct digest digest;
	int r;

	set = registry_download_new(pull->remote.reg, 1);
	registry_download_add(set, &blob);
	r = registry_download_run(set, err);
	if (r == 0)
		r = blob_put(pull->engine->store, text.text.buf, text.text.len,
			     &digest, err);
	strbuf_release(&text.text);
	if (r == 0 && !digest_eq(&digest, &desc->digest)) {
		(void)blob_remove(pull->engine->store, &digest, NULL);
		r = err_set(err, EBADMSG,
			    "the registry sent other bytes, of digest %s",
			    digest.text);
	}
	return r;
}

static int
pull_config(struct pull *pull, const struct descriptor *desc,
	    struct image_config *ret_config, struct err *err)
{
	struct store *store = pull->engine->store;
	struct image_row row = { .id = desc->digest };
	int r = 0;

	if (desc->size_bytes < 0 || desc->size_bytes > IMAGE_CONFIG_MAX_BYTES)
		return err_set(err, EFBIG, "the image's config has %lld bytes",
			       (long long)desc->size_bytes);
	if (!blob_exists(store, &desc->digest, desc->size_bytes))
		r = pull_fetch_config(pull, desc, err);
	if (r < 0)
		return err_wrap(err, r, "config %s", desc->digest.text);
	return image_read_config(store, &row, ret_config, err);
}

/* An image without an index says its platform in its config only. */
static int
pull_check_platform(struct pull *pull, const struct image_config *config,
		    struct err *err)
{
	cleanup_strbuf struct strbuf have = STRBUF_INIT;
	cleanup_strbuf struct strbuf want = STRBUF_INIT;
	cleanup_free char *note = NULL;

	if (!config->platform.arch[0] ||
	    platform_match(&pull->platform, &config->platform) > 0)
		return 0;
	platform_add(&have, &config->platform);
	platform_add(&want, &pull->platform);
	if (pull->engine->request.platform)
		return err_set(err, ENOENT,
			       "the image is for %s, and %s was asked for",
			       have.buf, want.buf);
	note = xasprintf("the image is for %s, and this host is %s", have.buf,
			 want.buf);
	engine_note(pull->engine, note);
	return 0;
}

/* The platform's manifest of what the tag means; @io_doc is replaced. */
static int
pull_select(struct pull *pull, struct registry_manifest *io_doc,
	    struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	struct registry_manifest chosen = REGISTRY_MANIFEST_INIT;
	struct span bytes = span_new(io_doc->bytes.buf, io_doc->bytes.len);
	int r;

	r = manifest_bytes_are_index(bytes, io_doc->media_type, err);
	if (r <= 0)
		return r;
	r = image_index_parse(bytes, io_doc->media_type, &index, err);
	if (r == 0)
		r = image_index_select(&index, &pull->platform, err);
	if (r < 0)
		return r;
	r = registry_get_manifest(pull->remote.reg,
				  index.manifests[r].digest.text, &chosen, err);
	if (r < 0)
		return r;
	registry_manifest_release(io_doc);
	*io_doc = chosen;
	return 0;
}

static int
pull_image(struct pull *pull, struct registry_manifest *doc, const char *name,
	   struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct digest repo_digest = doc->digest;
	struct engine_image image = { .repo_digest = &repo_digest,
				      .config = &config };
	int r;

	r = pull_select(pull, doc, err);
	if (r == 0)
		r = manifest_parse(span_new(doc->bytes.buf, doc->bytes.len),
				   doc->media_type, &manifest, err);
	if (r == 0)
		r = manifest_check_image(&manifest, err);
	if (r == 0)
		r = pull_config(pull, &manifest.config, &config, err);
	if (r == 0)
		r = pull_check_platform(pull, &config, err);
	if (r == 0)
		r = layer_set_get(pull->engine, pull->remote.reg, &manifest,
				  &config, err);
	if (r < 0)
		return r;
	image.media_type = manifest.media_type;
	image.manifest = doc->bytes.buf;
	image.manifest_len = doc->bytes.len;
	image.id = manifest.config.digest;
	return engine_record(pull->engine, &image, name, err);
}

static bool
pull_has_layers(struct store *store, const struct manifest *manifest,
		const struct image_config *config)
{
	if (manifest->layer_count != config->diff_id_count)
		return false;
	for (size_t i = 0; i < manifest->layer_count; i++)
		if (!layer_exists(store, &config->diff_ids[i]) ||
		    !blob_exists(store, &manifest->layers[i].digest,
				 manifest->layers[i].size_bytes))
			return false;
	return true;
}

static void
pull_tell_here(struct pull *pull, const struct image_row *row, const char *name,
	       const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->layer_count; i++) {
		char id[13];

		(void)snprintf(id, sizeof(id), "%s",
			       digest_hex(&manifest->layers[i].digest));
		engine_state(pull->engine, id, "Already exists");
	}
	engine_image_is_here(pull->engine, name, row);
}

/*
 * Is what the tag means here, whole, and for the platform that is wanted?
 * Then nothing is entered, locked or written.
 */
static bool
pull_is_here(struct pull *pull, const struct digest *digest, const char *name)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct store *store = pull->engine->store;
	struct image_row row = { .line = NULL };
	bool here;

	if (image_find(store, name, &row, NULL, NULL) < 0)
		return false;
	here = row.name && strcmp(row.name, name) == 0 &&
	       digest_eq(&row.repo_digest, digest) &&
	       image_read_manifest(store, &row, &manifest, NULL) == 0 &&
	       image_read_config(store, &row, &config, NULL) == 0 &&
	       platform_match(&pull->platform, &config.platform) > 0 &&
	       pull_has_layers(store, &manifest, &config);
	if (here)
		pull_tell_here(pull, &row, name, &manifest);
	image_row_release(&row);
	return here;
}

/* @tag: NULL for the reference's own. */
static int
pull_one(struct pull *pull, const char *tag, struct err *err)
{
	cleanup_registry_manifest struct registry_manifest doc =
		REGISTRY_MANIFEST_INIT;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	int r;

	ref_copy(&ref, &pull->remote.ref);
	if (tag) {
		free(ref.tag);
		ref.tag = xstrdup(tag);
	} else if (ref.digest.text[0]) {
		/* By digest: the tag says nothing, as with docker. */
		free(take_ptr(ref.tag));
	}
	ref_add_canonical(&name, &ref);
	engine_begin(pull->engine, name.buf);
	r = registry_get_manifest(pull->remote.reg, tag, &doc, err);
	if (r == 0 && pull_is_here(pull, &doc.digest, name.buf))
		return 0;
	if (r == 0)
		r = engine_enter_once(pull->engine, err);
	if (r < 0)
		return r;
	r = pull_image(pull, &doc, name.buf, err);
	return r < 0 ? err_wrap(err, r, "pull '%s'", name.buf) : 0;
}

static int
pull_all_tags(struct pull *pull, struct err *err)
{
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	int r;

	if (pull->remote.ref.tag_given || pull->remote.ref.digest.text[0])
		return err_set(
			err, EINVAL,
			"--all-tags takes a name without tag and digest");
	r = registry_list_tags(pull->remote.reg, PULL_MAX_TAGS, &tags, err);
	for (size_t i = 0; i < tags.len && r == 0; i++)
		r = pull_one(pull, tags.v[i], err);
	return r;
}

/* Take over an image that another store has. */
static int
pull_extra(struct pull *pull, const struct extra_image *found, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct digest repo_digest = found->row.repo_digest;
	struct engine_image image = { .repo_digest = &repo_digest,
				      .config = &config };
	int r;

	r = manifest_parse(span_new(found->manifest.buf, found->manifest.len),
			   NULL, &manifest, err);
	if (r == 0)
		r = image_config_parse(span_new(found->config.buf,
						found->config.len),
				       &config, err);
	if (r == 0 && !digest_eq(&manifest.config.digest, &found->row.id))
		r = err_set(err, EBADMSG, "its record names another config");
	if (r == 0)
		r = blob_put(pull->engine->store, found->config.buf,
			     found->config.len, &image.id, err);
	if (r == 0)
		r = layer_set_get(pull->engine, NULL, &manifest, &config, err);
	if (r < 0)
		return r;
	image.media_type = manifest.media_type;
	image.manifest = found->manifest.buf;
	image.manifest_len = found->manifest.len;
	return engine_record(pull->engine, &image, found->row.name, err);
}

/* Was it found in another store? What is wrong there the registry mends. */
static bool
pull_found(struct pull *pull)
{
	cleanup_extra_image struct extra_image found = EXTRA_IMAGE_INIT;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	struct err why = ERR_INIT;

	ref_add_canonical(&name, &pull->remote.ref);
	if (extra_stores_find(&pull->extra, name.buf, &found, &why) < 0)
		return false;
	if (pull_extra(pull, &found, &why) == 0)
		return true;
	log_debug("additional store: %s", why.text);
	return false;
}

int
engine_pull(struct engine *engine, struct err *err)
{
	cleanup_release(pull_release) struct pull pull = {
		.engine = engine,
		.remote = REMOTE_INIT,
	};
	int r;

	/* Credentials belong to the host's side: asked before entering. */
	r = pull_open(&pull, err);
	if (r == 0)
		r = session_store(&engine->session, &engine->store, err);
	if (r == 0 && engine->request.find_first && pull.extra.count) {
		r = engine_enter(engine, err);
		if (r == 0 && pull_found(&pull))
			return 0;
	}
	if (r < 0)
		return r;
	return engine->request.all_tags ? pull_all_tags(&pull, err)
					: pull_one(&pull, NULL, err);
}

/* The image's blobs are here: only trees may be missing. */
int
engine_unpack(struct engine *engine, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct image_row row = { .line = NULL };
	int r;

	r = engine_enter(engine, err);
	if (r == 0)
		r = image_find(engine->store, engine->request.name ?: "", &row,
			       NULL, err);
	if (r == 0)
		r = image_read_manifest(engine->store, &row, &manifest, err);
	if (r == 0)
		r = image_read_config(engine->store, &row, &config, err);
	image_row_release(&row);
	if (r < 0)
		return r;
	return layer_set_get(engine, NULL, &manifest, &config, err);
}
