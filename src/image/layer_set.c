/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/layer_set.c - all layers of one image, fetched and unpacked.
 *
 * States of a layer: waiting → (fetching →) unpacking → done, or held by
 * another process → waiting. Only fetching and unpacking ones have an
 * extractor, and there are few of these at once.
 */
#include "image/layer_set.h"

#include <poll.h>

#include "base/alloc.h"
#include "base/units.h"
#include "image/extra_stores.h"
#include "image/intake.h"
#include "store/blob.h"
#include "store/partial.h"

#define LAYER_SHORT_ID 12
#define LAYER_TELL_EVERY_NS (UNITS_NS_PER_S / 10)
#define LAYER_SET_STEP_MS 200
/* Extractors that may still work while as many more layers are fetched. */
#define LAYER_SET_UNPACKING 2

enum layer_state {
	LAYER_WAITING,
	LAYER_HELD,
	LAYER_FETCHING,
	LAYER_UNPACKING,
	LAYER_DONE,
	LAYER_STATE_COUNT,
};

struct layer_work {
	struct layer_set *set;
	const struct descriptor *desc;
	const struct digest *diff_id;
	char id[LAYER_SHORT_ID + 1];
	enum layer_state state;
	bool has_blob;
	bool has_tree;
	bool is_new;   /* its blob came just now */
	bool is_again; /* what was there of it was wrong */
	int lockfd;
	struct intake intake;
	int64_t told_ns;
};

struct layer_set {
	struct engine *engine;
	struct registry *reg;
	struct registry_download *download;
	struct layer_work *layers;
	size_t count;
	size_t parallel;
};

static void
layer_let_go(struct layer_work *layer)
{
	if (layer->lockfd >= 0)
		layer_unlock(layer->set->engine->store, layer->diff_id,
			     take_fd(layer->lockfd));
}

static void
layer_set_release(struct layer_set *set)
{
	registry_download_free(set->download);
	for (size_t i = 0; i < set->count; i++) {
		intake_release(&set->layers[i].intake);
		layer_let_go(&set->layers[i]);
	}
	free(set->layers);
}

static void
layer_done(struct layer_work *layer, const char *action)
{
	intake_release(&layer->intake);
	layer_let_go(layer);
	layer->state = LAYER_DONE;
	engine_state(layer->set->engine, layer->id, action);
}

static bool
layer_is_repeated(const struct layer_set *set, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (digest_eq(set->layers[i].diff_id,
			      set->layers[at].diff_id) &&
		    digest_eq(&set->layers[i].desc->digest,
			      &set->layers[at].desc->digest))
			return true;
	return false;
}

/* See what is there; done when that is all. */
static void
layer_look(struct layer_work *layer)
{
	struct store *store = layer->set->engine->store;

	layer->has_blob = blob_exists(store, &layer->desc->digest,
				      layer->desc->size_bytes);
	layer->has_tree = layer_exists(store, layer->diff_id);
	if (layer->has_blob && layer->has_tree)
		layer_done(layer, "Already exists");
}

static int
layer_prepare(struct layer_set *set, size_t at, struct err *err)
{
	struct layer_work *layer = &set->layers[at];

	if (layer_is_repeated(set, at)) {
		layer->state = LAYER_DONE;
		return 0;
	}
	layer_look(layer);
	if (layer->state == LAYER_DONE)
		return 0;
	layer->lockfd = layer_try_lock(set->engine->store, layer->diff_id, err);
	if (layer->lockfd == -EBUSY) {
		err_reset(err);
		layer->state = LAYER_HELD;
		engine_step(set->engine, layer->id, "Waiting", 0, 0);
		return 0;
	}
	if (layer->lockfd < 0)
		return layer->lockfd;
	/* Looked at again: the last holder may have finished it. */
	layer_look(layer);
	if (layer->state != LAYER_DONE)
		engine_step(set->engine, layer->id, "Pulling fs layer", 0, 0);
	return 0;
}

static int
layer_set_init(struct layer_set *set, const struct manifest *manifest,
	       const struct image_config *config, struct err *err)
{
	if (manifest->layer_count != config->diff_id_count)
		return err_set(err, EBADMSG,
			       "the manifest has %zu layers and the config %zu",
			       manifest->layer_count, config->diff_id_count);
	set->layers = xcalloc(manifest->layer_count + 1, sizeof(*set->layers));
	set->count = manifest->layer_count;
	for (size_t i = 0; i < set->count; i++) {
		struct layer_work *layer = &set->layers[i];

		*layer = (struct layer_work){
			.set = set,
			.desc = &manifest->layers[i],
			.diff_id = &config->diff_ids[i],
			.lockfd = -EBADF,
			.intake = INTAKE_INIT,
		};
		(void)snprintf(layer->id, sizeof(layer->id), "%s",
			       digest_hex(&layer->desc->digest));
	}
	for (size_t i = 0; i < set->count; i++) {
		int r = layer_prepare(set, i, err);

		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * A tree takes at least the place of its blob: compression seldom makes files
 * larger. What the unpacked size really is, nobody says beforehand.
 */
static int
layer_set_check_space(struct layer_set *set, struct err *err)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct layer_work *layer = &set->layers[i];

		if (layer->state == LAYER_DONE || layer->state == LAYER_HELD)
			continue;
		if (!layer->has_blob)
			bytes += (uint64_t)layer->desc->size_bytes;
		if (!layer->has_tree)
			bytes += (uint64_t)layer->desc->size_bytes;
	}
	return engine_check_space(set->engine, bytes, err);
}

/* registry_blob.write */
static ssize_t
layer_take(void *data, const void *bytes, size_t len, struct err *err)
{
	struct layer_work *layer = data;
	int64_t now = units_monotonic_ns();
	ssize_t n = intake_replay(&layer->intake, err);

	if (n == 0)
		n = intake_write(&layer->intake, bytes, len, err);
	else if (n > 0)
		n = 0;
	if (n < 0)
		return err_wrap(err, (int)n, "layer %s", layer->id);
	if (now - layer->told_ns >= LAYER_TELL_EVERY_NS) {
		int r = intake_flush(&layer->intake, err);

		if (r < 0)
			return err_wrap(err, r, "layer %s", layer->id);
		layer->told_ns = now;
		engine_step(layer->set->engine, layer->id, "Downloading",
			    layer->intake.bytes,
			    (uint64_t)layer->desc->size_bytes);
	}
	return n;
}

static int
layer_check_blob(struct layer_work *layer, struct err *err)
{
	int r = intake_drain(&layer->intake, err);

	if (r < 0)
		return err_wrap(err, r, "layer %s", layer->id);
	intake_end(&layer->intake);
	if (digest_eq(&layer->intake.digest, &layer->desc->digest)) {
		r = intake_keep_blob(&layer->intake, err);
		layer->is_new = r == 0;
		return r;
	}
	intake_spoil(&layer->intake);
	/* What another time left, or another store has, may be to blame. */
	if (layer->intake.replay_end > 0) {
		intake_release(&layer->intake);
		layer->is_again = true;
		layer->state = LAYER_WAITING;
		return 0;
	}
	err_set(err, EBADMSG,
		"layer %s: the registry sent other bytes, of digest %s",
		layer->id, layer->intake.digest.text);
	err_hint(
		err,
		"pull again; if it stays so, the registry or a proxy is broken");
	return -EBADMSG;
}

/* registry_blob.done */
static int
layer_taken(void *data, struct err *err)
{
	struct layer_work *layer = data;
	int r = layer_check_blob(layer, err);

	if (r < 0 || layer->state == LAYER_WAITING)
		return r;
	if (layer->has_tree) {
		layer_done(layer, "Download complete");
		return 0;
	}
	layer->state = LAYER_UNPACKING;
	engine_step(layer->set->engine, layer->id, "Extracting", 0, 0);
	return 0;
}

/* Its URLs may lead anywhere: only the registry is asked. */
static void
layer_note_foreign(struct layer_work *layer)
{
	cleanup_free char *text =
		xasprintf("layer %s names other places to get it from, which "
			  "are not asked",
			  layer->id);

	engine_note(layer->set->engine, text);
}

/* What another store has counts as what was there of the blob. */
static int
layer_take_elsewhere(struct layer_work *layer, struct err *err)
{
	const struct extra_stores *extra = layer->set->engine->extra;
	struct intake *intake = &layer->intake;
	int r;

	if (!extra || layer->is_again || intake->bytes > 0 ||
	    !intake->keeps_blob)
		return 0;
	r = extra_stores_copy(extra, layer->desc, intake->blobfd, err);
	if (r <= 0)
		return r;
	intake->bytes = (uint64_t)layer->desc->size_bytes;
	intake->replay_end = layer->desc->size_bytes;
	return 0;
}

static int
layer_fetch(struct layer_work *layer, struct err *err)
{
	struct registry_blob blob = {
		.digest = layer->desc->digest,
		.size_bytes = layer->desc->size_bytes,
		.write = layer_take,
		.done = layer_taken,
		.data = layer,
	};
	int r;

	if (layer->desc->urls.len)
		layer_note_foreign(layer);
	r = intake_open_partial(&layer->intake, layer->set->engine,
				layer->has_tree ? 0 : INTAKE_UNPACK,
				&layer->desc->digest, layer->desc->size_bytes,
				err);
	if (r < 0)
		return r;
	layer->state = LAYER_FETCHING;
	r = layer_take_elsewhere(layer, err);
	if (r < 0)
		return r;
	blob.offset = (int64_t)layer->intake.bytes;
	if (blob.offset == blob.size_bytes)
		return layer_taken(layer, err);
	if (!layer->set->reg)
		return err_set(
			err, ENOENT,
			"layer %s is not in the store: pull or load the image again",
			layer->id);
	blob.wait_fd = layer->has_tree ? -1 : layer->intake.pipefd;
	registry_download_add(layer->set->download, &blob);
	return 0;
}

static int
layer_unpack_blob(struct layer_work *layer, struct err *err)
{
	struct engine *engine = layer->set->engine;
	cleanup_close int fd = -EBADF;
	int r;

	r = blob_open(engine->store, &layer->desc->digest, &fd, NULL, err);
	if (r == 0)
		r = intake_open_file(&layer->intake, engine, fd, err);
	if (r < 0)
		return r;
	layer->state = LAYER_UNPACKING;
	engine_step(engine, layer->id, "Extracting", 0, 0);
	return 0;
}

static size_t
layer_set_count(const struct layer_set *set, enum layer_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += set->layers[i].state == state;
	return count;
}

/* Start as many more layers as may run at once. */
static int
layer_set_start(struct layer_set *set, struct err *err)
{
	for (size_t i = 0; i < set->count; i++) {
		struct layer_work *layer = &set->layers[i];
		size_t fetching = layer_set_count(set, LAYER_FETCHING);
		size_t unpacking = layer_set_count(set, LAYER_UNPACKING);
		int r;

		if (layer->state != LAYER_WAITING)
			continue;
		if (fetching + unpacking >= set->parallel + LAYER_SET_UNPACKING)
			return 0;
		if (layer->has_blob && unpacking < LAYER_SET_UNPACKING)
			r = layer_unpack_blob(layer, err);
		else if (!layer->has_blob && fetching < set->parallel)
			r = layer_fetch(layer, err);
		else
			continue;
		if (r < 0)
			return r;
	}
	return 0;
}

/* A blob that is damaged, by a crash of the host or the disk, comes anew. */
static int
layer_fetch_again(struct layer_work *layer, struct err *err)
{
	err_reset(err);
	intake_release(&layer->intake);
	layer->has_blob = false;
	layer->is_again = true;
	layer->state = LAYER_WAITING;
	return blob_remove(layer->set->engine->store, &layer->desc->digest,
			   err);
}

static int
layer_finish(struct layer_work *layer, struct err *err)
{
	int r = intake_finish(&layer->intake, layer->diff_id, err);

	if (r == -EBADMSG && layer->has_blob && layer->set->reg)
		return layer_fetch_again(layer, err);
	if (r < 0)
		return err_wrap(err, r, "layer %s", layer->id);
	layer_done(layer, "Pull complete");
	return 0;
}

/* Wait for bytes and extractors; finish what is finished. */
static int
layer_set_step(struct layer_set *set, struct err *err)
{
	cleanup_free struct pollfd *fds = xcalloc(set->count + 1, sizeof(*fds));
	cleanup_free struct layer_work **owners =
		xcalloc(set->count + 1, sizeof(struct layer_work *));
	size_t len = 0;
	int r = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (set->layers[i].state != LAYER_UNPACKING)
			continue;
		fds[len].fd = intake_pidfd(&set->layers[i].intake);
		fds[len].events = POLLIN;
		owners[len++] = &set->layers[i];
	}
	if (layer_set_count(set, LAYER_FETCHING) > 0)
		r = registry_download_step(set->download, fds, len,
					   LAYER_SET_STEP_MS, err);
	else if (poll(fds, len, LAYER_SET_STEP_MS) < 0 && errno != EINTR)
		r = err_sys(err, "wait for the extractors");
	for (size_t i = 0; i < len && r >= 0; i++)
		if (fds[i].revents)
			r = layer_finish(owners[i], err);
	return r < 0 ? r : 0;
}

/* Carry all waiting layers to their end. */
static int
layer_set_run(struct layer_set *set, struct err *err)
{
	for (;;) {
		int r = engine_check_stop(err);

		if (r == 0)
			r = layer_set_start(set, err);
		if (r < 0)
			return r;
		if (layer_set_count(set, LAYER_FETCHING) == 0 &&
		    layer_set_count(set, LAYER_UNPACKING) == 0)
			return 0;
		r = layer_set_step(set, err);
		if (r < 0)
			return r;
	}
}

/* Those that others had: no lock is held while waiting for the next. */
static int
layer_set_run_held(struct layer_set *set, struct err *err)
{
	for (size_t i = 0; i < set->count; i++) {
		struct layer_work *layer = &set->layers[i];
		int r;

		if (layer->state != LAYER_HELD)
			continue;
		layer->lockfd =
			layer_lock(set->engine->store, layer->diff_id, err);
		if (layer->lockfd < 0)
			return layer->lockfd;
		layer->state = LAYER_WAITING;
		layer_look(layer);
		r = layer_set_run(set, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What was fetched for an image that failed is there for the next time. */
static void
layer_set_keep(const struct layer_set *set, bool failed)
{
	struct store *store = set->engine->store;

	for (size_t i = 0; set->reg && i < set->count; i++) {
		const struct layer_work *layer = &set->layers[i];

		if (!failed)
			partial_forget(store, &layer->desc->digest);
		else if (layer->is_new)
			partial_keep(store, &layer->desc->digest);
	}
}

int
layer_set_get(struct engine *engine, struct registry *reg,
	      const struct manifest *manifest,
	      const struct image_config *config, struct err *err)
{
	cleanup_release(layer_set_release) struct layer_set set = {
		.engine = engine,
		.reg = reg,
		.parallel = engine->request.parallel > 0
				    ? (size_t)engine->request.parallel
				    : REGISTRY_PARALLEL,
	};
	int r;

	if (reg)
		set.download = registry_download_new(reg, set.parallel);
	r = layer_set_init(&set, manifest, config, err);
	if (r == 0)
		r = layer_set_check_space(&set, err);
	if (r == 0)
		r = layer_set_run(&set, err);
	if (r == 0)
		r = layer_set_run_held(&set, err);
	layer_set_keep(&set, r < 0);
	return r;
}
