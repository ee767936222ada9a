/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/make_layer.c - a tree of the store becomes a layer's blob and tree.
 *
 * The archive is written to tmp/ while it is packed, hashed and compressed in
 * one pass, and gets its name when it is whole.
 */
#include "image/make_layer.h"

#include <fcntl.h>

#include "archive/comp.h"
#include "archive/layer_pack.h"
#include "base/alloc.h"
#include "store/blob.h"
#include "store/layer.h"

/* What is packed, and where the blob is written meanwhile. */
struct making {
	struct engine *engine;
	const struct transfer_layer *layer;
	int treefd;
	int ownersfd;
	int blobfd;
	char blob_path[FSX_TMP_NAME_BYTES + 8];
	struct layer_pack_stat stat;
};

static void
making_release(struct making *making)
{
	cleanup_close_p(&making->treefd);
	cleanup_close_p(&making->ownersfd);
	if (making->blobfd < 0)
		return;
	(void)close(making->blobfd);
	(void)unlinkat(making->engine->store->dirfd, making->blob_path, 0);
}

void
made_layer_release(struct made_layer *made)
{
	descriptor_release(&made->blob);
	if (made->blob_path)
		(void)unlinkat(made->store->dirfd, made->blob_path, 0);
	free(made->blob_path);
	if (made->store)
		layer_abort(made->store, &made->draft);
}

static const char *
media_type_of(const struct transfer_request *request)
{
	if (request->format == COMP_ZSTD)
		return MEDIA_OCI_LAYER_ZSTD;
	if (request->format == COMP_NONE)
		return request->docker ? MEDIA_DOCKER_LAYER : MEDIA_OCI_LAYER;
	return request->docker ? MEDIA_DOCKER_LAYER_GZIP : MEDIA_OCI_LAYER_GZIP;
}

static int
open_tree(struct making *making, struct err *err)
{
	int dirfd = making->engine->store->dirfd;
	const struct transfer_layer *layer = making->layer;
	cleanup_free char *tree = NULL;
	cleanup_free char *owners = NULL;
	struct digest diff_id;
	int r;

	if (layer->tree) {
		tree = xstrdup(layer->tree);
		owners = xstrdup_null(layer->owners);
	} else {
		r = digest_parse(layer->diff_id ?: "", &diff_id, err);
		if (r < 0)
			return r;
		tree = xasprintf("layers/%s/fs", digest_hex(&diff_id));
		owners = xasprintf("layers/%s/owners", digest_hex(&diff_id));
	}
	making->treefd = openat(
		dirfd, tree, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (making->treefd < 0)
		return err_sys(err, "open '%s'", tree);
	if (!owners)
		return 0;
	making->ownersfd =
		openat(dirfd, owners, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (making->ownersfd < 0 && errno != ENOENT)
		return err_sys(err, "open '%s'", owners);
	return 0;
}

static int
open_blob(struct making *making, struct err *err)
{
	char name[FSX_TMP_NAME_BYTES];

	fsx_tmp_name("blob", name);
	(void)snprintf(making->blob_path, sizeof(making->blob_path), "tmp/%s",
		       name);
	making->blobfd = openat(making->engine->store->dirfd, making->blob_path,
				O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (making->blobfd < 0)
		return err_sys(err, "write to the store");
	return 0;
}

static int
pack(struct making *making, struct comp_result *ret_result, struct err *err)
{
	const struct transfer_request *request = &making->engine->request;
	struct layer_pack_opts opts = {
		.root_fd = making->treefd,
		.owners_fd = making->ownersfd,
		.stubs = (const char *const *)strvec_argv(&request->stubs),
		.clamp = request->clamp,
		.max_time = request->max_time,
		.check = engine_check_stop,
	};
	cleanup_with(comp_free) struct comp *comp =
		comp_new(making->blobfd, (enum comp_format)request->format);
	struct byte_sink sink = comp_sink(comp);
	int r = layer_pack(&opts, &sink, &making->stat, err);

	return r < 0 ? r : comp_finish(comp, ret_result, err);
}

/* The blob stays in tmp/, as the layer's own. */
static void
keep_blob(struct making *making, const struct comp_result *result,
	  struct made_layer *made)
{
	made->store = making->engine->store;
	made->blob_path = xstrdup(making->blob_path);
	(void)close(take_fd(making->blobfd));
	made->diff_id = digest_of_hex(result->input_hex);
	made->blob.media_type =
		xstrdup(media_type_of(&making->engine->request));
	made->blob.digest = digest_of_hex(result->output_hex);
	made->blob.size_bytes = (int64_t)result->output_bytes;
	made->layer = making->layer;
	made->file_bytes = making->stat.file_bytes;
}

static int
move_in(struct made_layer *made, struct err *err)
{
	const struct transfer_layer *layer = made->layer;
	int dirfd = made->store->dirfd;

	if (unlinkat(made->draft.dirfd, "fs", AT_REMOVEDIR) < 0 ||
	    renameat(dirfd, layer->tree, made->draft.dirfd, "fs") < 0)
		return err_sys(err, "move '%s' to its layer", layer->tree);
	if (layer->owners &&
	    renameat(dirfd, layer->owners, made->draft.dirfd, "owners") < 0 &&
	    errno != ENOENT)
		return err_sys(err, "move '%s' to its layer", layer->owners);
	return 0;
}

/* The tree becomes the layer; when that exists, nobody needs the tree. */
int
made_layer_stage(struct engine *engine, struct made_layer *made,
		 struct err *err)
{
	struct layer_info info = {
		.size_bytes = (int64_t)made->file_bytes,
	};
	int r;

	if (!made->layer || !made->layer->tree || !engine->request.take_trees)
		return 0;
	if (layer_exists(made->store, &made->diff_id))
		return fsx_remove_tree(made->store->dirfd, made->layer->tree,
				       err);
	r = layer_begin(made->store, &made->draft, err);
	if (r == 0)
		r = move_in(made, err);
	if (r < 0)
		return r;
	(void)snprintf(info.id_mode, sizeof(info.id_mode), "%s",
		       idspace_mode_name(engine->session.ids.mode));
	return layer_describe(&made->draft, &info, err);
}

int
made_layer_name(struct made_layer *made, struct err *err)
{
	int r = 0;

	if (made->blob_path)
		r = blob_name(made->store, made->blob_path, &made->blob.digest,
			      err);
	if (r < 0)
		return r;
	free(take_ptr(made->blob_path));
	if (!made->draft.path[0])
		return 0;
	return layer_name(made->store, &made->draft, &made->diff_id, err);
}

/* A layer whose blob is there, as it was described. */
static bool
is_made(struct engine *engine, const struct transfer_layer *layer,
	struct made_layer *made)
{
	if (layer->tree || !layer->diff_id || !layer->digest ||
	    !layer->media_type ||
	    digest_parse(layer->diff_id, &made->diff_id, NULL) < 0 ||
	    digest_parse(layer->digest, &made->blob.digest, NULL) < 0 ||
	    !blob_exists(engine->store, &made->blob.digest, layer->size))
		return false;
	made->blob.size_bytes = layer->size;
	made->blob.media_type = xstrdup(layer->media_type);
	return true;
}

int
make_layer(struct engine *engine, const struct transfer_layer *layer,
	   struct made_layer *ret_made, struct err *err)
{
	cleanup_release(making_release) struct making making = {
		.engine = engine,
		.layer = layer,
		.treefd = -EBADF,
		.ownersfd = -EBADF,
		.blobfd = -EBADF,
	};
	struct made_layer made = { .draft = LAYER_DRAFT_INIT };
	struct comp_result result;
	int r;

	if (is_made(engine, layer, &made)) {
		*ret_made = made;
		return 0;
	}
	r = open_tree(&making, err);
	if (r == 0)
		r = open_blob(&making, err);
	if (r == 0)
		r = pack(&making, &result, err);
	if (r < 0)
		return err_wrap(err, r, "pack '%s'",
				layer->tree ?: layer->diff_id ?: "a layer");
	keep_blob(&making, &result, &made);
	*ret_made = made;
	return 0;
}
