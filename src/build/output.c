/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/output.c - what a build leaves where it was asked for.
 *
 * The image is made by dhow-transfer: trees of steps are packed and become
 * layers of the store themselves. Only then their records are written again:
 * a crash in between costs the steps that were moved, nothing else.
 */
#include "build/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "archive/comp.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/text.h"
#include "build/cache_move.h"
#include "spec/ref.h"

static void
request_add_layer(struct transfer_request *request, struct transfer_layer layer)
{
	request->layers =
		xreallocarray(request->layers, request->layer_count + 1,
			      sizeof(*request->layers));
	request->layers[request->layer_count++] = layer;
}

/* A layer of the base: its blob is described by the base's manifest. */
static void
add_base_layer(struct transfer_request *request, const char *diff_id,
	       const struct manifest *manifest)
{
	struct transfer_layer layer = { .diff_id = xstrdup(diff_id) };
	size_t at = request->layer_count;

	if (at < manifest->layer_count) {
		const struct descriptor *desc = &manifest->layers[at];

		layer.digest = xstrdup(desc->digest.text);
		layer.size = desc->size_bytes;
		layer.media_type = xstrdup(desc->media_type);
	}
	request_add_layer(request, layer);
}

static int
add_step_layer(struct build *build, struct transfer_request *request,
	       const char *key, struct err *err)
{
	cleanup_step_record struct step_record record = STEP_RECORD_INIT;
	struct transfer_layer layer = { .tree = NULL };

	if (step_cache_find(build->store, key, &record) < 0)
		return err_set(err, ENOENT,
			       "a step's files are gone: build again");
	if (record.layer) {
		layer.diff_id = xstrdup(record.layer);
		layer.digest = xstrdup_null(record.blob);
		layer.size = record.blob_size;
		layer.media_type = xstrdup_null(record.media_type);
	} else {
		layer.tree = step_record_tree(&record);
		layer.owners = step_record_owners(&record);
	}
	request_add_layer(request, layer);
	return 0;
}

/* The base's manifest, of whichever image the chain begins with. */
static void
read_base_manifest(struct build *build, const struct chain *chain,
		   struct manifest *manifest)
{
	for (size_t i = 0; i < build->base_count; i++) {
		const struct base_image *base = build->bases[i];

		if (base->state != BASE_READY || !base->chain.items.len ||
		    base->chain.items.len > chain->items.len ||
		    strcmp(base->chain.items.v[base->chain.items.len - 1],
			   chain->items.v[base->chain.items.len - 1]) != 0)
			continue;
		if (image_read_manifest(build->store, &base->row, manifest,
					NULL) == 0)
			return;
	}
}

int
output_add_layers(struct build *build, const struct chain *chain,
		  struct transfer_request *request, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	int r = 0;

	read_base_manifest(build, chain, &manifest);
	for (size_t i = 0; r == 0 && i < chain->items.len; i++) {
		const char *item = chain->items.v[i];
		const char *key = text_after(item, "step:");

		if (key)
			r = add_step_layer(build, request, key, err);
		else
			add_base_layer(request, item, &manifest);
	}
	return r;
}

int
output_request(struct build *build, const struct stage *stage,
	       struct transfer_request *request, struct err *err)
{
	const struct build_options *opts = build->opts;
	int r = output_add_layers(build, &stage->chain, request, err);

	request->config = draft_finish(&stage->draft, build);
	if (cache_is_inline(build))
		cache_add_records(build, &stage->chain, request->config);
	request->format = COMP_GZIP;
	request->docker = opts->docker_format;
	request->take_trees = true;
	if (opts->has_epoch) {
		request->clamp = true;
		request->max_time = opts->epoch;
	}
	for (size_t i = 0; i < opts->annotations.len; i++) {
		cleanup_free char *key = xstrdup(opts->annotations.v[i]);
		char *eq = strchr(key, '=');

		if (!request->annotations)
			request->annotations = node_new_obj();
		if (eq)
			*eq = '\0';
		node_set_str(request->annotations, key, eq ? eq + 1 : "");
	}
	return r;
}

static void
set_text(char **field, const char *text)
{
	free(*field);
	*field = xstrdup_null(text);
}

/* The step's tree is a layer now. */
static void
note_layer(struct build *build, const char *key,
	   const struct transfer_layer *layer)
{
	struct step_record record = STEP_RECORD_INIT;
	struct err err = ERR_INIT;
	struct digest digest;
	cleanup_free char *empty = NULL;
	int r;

	if (!layer->diff_id ||
	    digest_parse(layer->diff_id, &digest, NULL) < 0 ||
	    step_cache_read(build->store, key, &record) < 0)
		return;
	if (record.tree)
		empty = xasprintf(STEP_TREE_DIR "/%s", record.tree);
	set_text(&record.layer, layer->diff_id);
	set_text(&record.blob, layer->digest);
	set_text(&record.media_type, layer->media_type);
	record.blob_size = layer->size;
	set_text(&record.tree, NULL);
	set_text(&record.boot, NULL);
	r = step_cache_mark_layer(build->store, &digest, &err);
	if (r == 0)
		r = step_cache_put(build->store, &record, &err);
	if (r == 0 && empty)
		r = fsx_remove_tree(build->store->dirfd, empty, &err);
	if (r < 0)
		log_debug("build cache: %s", err.text);
	step_record_release(&record);
}

static void
note_layers(struct build *build, const struct chain *chain,
	    const struct transfer_layer *layers, size_t count)
{
	for (size_t i = 0; i < count && i < chain->items.len; i++) {
		const char *key = text_after(chain->items.v[i], "step:");

		if (key)
			note_layer(build, key, &layers[i]);
	}
}

struct make_work {
	struct build *build;
	struct transfer_request *request;
	struct build_vertex *vertex;
	struct task_link *link;
	struct image_made made;
	struct task *task;
	bool over;
	int r;
	struct err err;
};

static void
on_make_event(void *data, const struct transfer_event *event)
{
	struct make_work *work = data;
	struct task_status status = { .id = event->id,
				      .action = event->action,
				      .done = event->bytes_done,
				      .total = event->bytes_total };

	if (event->kind == TRANSFER_LAYER) {
		status.id = event->digest;
		status.action = "exporting layer";
		status.done = event->bytes_total;
		task_tell(work->link, &status);
	}
}

static int
make_child(void *data, struct task_link *link, struct node *result,
	   struct err *err)
{
	struct make_work *work = data;
	struct transfer_sink sink = { .event = on_make_event,
				      .data = work,
				      .stdin_fd = -1 };
	struct node *layers;
	int r;

	work->link = link;
	r = image_make(work->build->session, work->request, &sink, &work->made,
		       err);
	if (r < 0)
		return r;
	node_set_str(result, "id", work->made.id.text);
	node_set_str(result, "manifest", work->made.manifest.text);
	layers = node_need_arr(result, "layers");
	for (size_t i = 0; i < work->made.layer_count; i++)
		(void)node_push(layers, decode_write(transfer_layer_fields,
						     &work->made.layers[i]));
	return 0;
}

static void
make_status(void *data, const struct task_status *status)
{
	struct make_work *work = data;

	vertex_status(work->build, work->vertex, status);
}

static void
take_made(struct make_work *work, const struct node *result)
{
	const struct node *layers = node_get(result, "layers");

	(void)digest_parse(node_get_str(result, "id") ?: "", &work->made.id,
			   NULL);
	(void)digest_parse(node_get_str(result, "manifest") ?: "",
			   &work->made.manifest, NULL);
	work->made.layer_count = node_len(layers);
	work->made.layers =
		xcalloc(work->made.layer_count + 1, sizeof(*work->made.layers));
	for (size_t i = 0; i < work->made.layer_count; i++)
		(void)decode_read(node_at(layers, i), transfer_layer_fields, 0,
				  &work->made.layers[i], NULL);
}

static void
make_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct make_work *work = data;

	build_task_over(work->build, work->task);
	work->over = true;
	work->r = r;
	work->err = *err;
	if (r == 0)
		take_made(work, result);
	loop_stop(work->build->loop, 0);
}

/* In a child, so that progress and signals go on. */
int
output_make(struct build *build, const struct chain *chain,
	    struct transfer_request *request, struct build_vertex *vertex,
	    struct image_made *ret_made, struct err *err)
{
	struct make_work work = { .build = build,
				  .request = request,
				  .vertex = vertex };
	struct task_spec spec = { .work = make_child,
				  .status = make_status,
				  .end = make_end,
				  .data = &work };

	work.task = build_task(build, &spec, err);
	if (!work.task)
		return -EAGAIN;
	while (!work.over && build->r == 0)
		(void)loop_run(build->loop);
	if (!work.over) {
		build_task_over(build, work.task);
		task_kill(work.task);
		return build->r;
	}
	if (work.r < 0) {
		if (err)
			*err = work.err;
		return work.r;
	}
	note_layers(build, chain, work.made.layers, work.made.layer_count);
	*ret_made = work.made;
	return 0;
}

static int
image_request(struct build *build, const struct build_output *output,
	      struct transfer_request *request, struct err *err)
{
	const struct stage *stage = &build->stages[build->target_stage];
	int r = output_request(build, stage, request, err);

	strvec_add_all(&request->names, &build->opts->tags);
	if (output && output->name)
		strvec_add(&request->names, output->name);
	if (output && output->format >= 0)
		request->format = output->format;
	return r;
}

/* The same request once more says what its parts are now: layers. */
static void
note_made(struct build *build, const struct build_output *output,
	  const struct image_made *made)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;

	if (image_request(build, output, &request, NULL) == 0)
		output_note(build, &request, made);
}

struct lock_work {
	struct build *build;
	struct task *task;
	bool over;
};

static int
lock_child(void *data, struct task_link *link, struct node *result,
	   struct err *err)
{
	const struct lock_work *work = data;
	int fd = lock_exclusive(work->build->store->dirfd, STEP_EXPORT_LOCK,
				err);

	return fd < 0 ? fd : 0;
}

static void
lock_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct lock_work *work = data;

	build_task_over(work->build, work->task);
	work->over = true;
	loop_stop(work->build->loop, 0);
}

/* A child waits, so that signals are heard; whoever is first then has it. */
int
output_lock(struct build *build, struct err *err)
{
	for (;;) {
		struct lock_work work = { .build = build };
		struct task_spec spec = { .work = lock_child,
					  .end = lock_end,
					  .data = &work };
		int fd = lock_try(build->store->dirfd, STEP_EXPORT_LOCK, err);

		if (fd != -EBUSY)
			return fd;
		if (err)
			err_reset(err);
		work.task = build_task(build, &spec, err);
		if (!work.task)
			return -EAGAIN;
		while (!work.over && build->r == 0)
			(void)loop_run(build->loop);
		if (work.over)
			continue;
		build_task_over(build, work.task);
		task_kill(work.task);
		return build->r;
	}
}

static void
tell_name(struct build *build, struct build_vertex *vertex, const char *name)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	struct task_status status = { .id = NULL };

	if (ref_parse(name, &ref, NULL) < 0)
		return;
	strbuf_addstr(&text, "naming to ");
	ref_add_canonical(&text, &ref);
	status.id = text.buf;
	vertex_status(build, vertex, &status);
}

/* What was made, and what it is called from now on. */
static void
tell_made(struct build *build, struct build_vertex *vertex,
	  const struct build_output *output, const struct digest *id)
{
	cleanup_free char *text = xasprintf("writing image %s", id->text);
	const struct strvec *tags = &build->opts->tags;
	struct task_status status = { .id = text };

	vertex_status(build, vertex, &status);
	for (size_t i = 0; i < tags->len; i++)
		tell_name(build, vertex, tags->v[i]);
	if (output && output->name)
		tell_name(build, vertex, output->name);
}

static int
output_image(struct build *build, const struct build_output *output,
	     struct err *err)
{
	cleanup_close int lockfd = output_lock(build, err);
	const struct stage *stage = &build->stages[build->target_stage];
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct build_vertex *vertex =
		vertex_new(build, NULL, NULL, "exporting to image");
	struct image_made made = { .layers = NULL };
	int r = lockfd < 0 ? lockfd : 0;

	vertex_tell(build, vertex, BUILD_EVENT_START, NULL);
	if (r == 0)
		r = image_request(build, output, &request, err);
	if (r == 0)
		r = output_again(build, &request, &made, err);
	if (r == 0) {
		r = output_make(build, &stage->chain, &request, vertex, &made,
				err);
		if (r == 0)
			note_made(build, output, &made);
	}
	if (r >= 0)
		tell_made(build, vertex, output, &made.id);
	vertex_tell(build, vertex,
		    r < 0 ? BUILD_EVENT_FAILED : BUILD_EVENT_DONE,
		    r < 0 && err ? err->text : NULL);
	if (r >= 0) {
		build->result->image = made.id;
		build->result->manifest = made.manifest;
	}
	image_made_release(&made);
	return r < 0 ? r : 0;
}

static int
output_one(struct build *build, const struct build_output *output,
	   struct err *err)
{
	switch (output->kind) {
	case BUILD_OUTPUT_IMAGE:
		return output_image(build, output, err);
	case BUILD_OUTPUT_CACHEONLY:
		return 0;
	case BUILD_OUTPUT_DOCKER:
		if (!output->dest)
			return output_image(build, output, err);
		return output_archive(build, output, err);
	case BUILD_OUTPUT_OCI:
		return output_archive(build, output, err);
	default:
		return output_files(build, output, err);
	}
}

static int
write_reports(struct build *build, struct err *err)
{
	const struct build_options *opts = build->opts;
	const struct build_result *result = build->result;
	cleanup_node struct node *doc = node_new_obj();
	int r = 0;

	if (opts->iidfile && result->image.text[0])
		r = fsx_write_atomic(AT_FDCWD, opts->iidfile,
				     result->image.text,
				     strlen(result->image.text), 0644,
				     FSX_NOSYNC, err);
	if (r < 0 || !opts->metadata_file)
		return r;
	if (result->image.text[0]) {
		node_set_str(doc, "containerimage.config.digest",
			     result->image.text);
		node_set_str(doc, "containerimage.digest",
			     result->manifest.text);
	}
	if (opts->tags.len) {
		cleanup_strbuf struct strbuf names = STRBUF_INIT;

		for (size_t i = 0; i < opts->tags.len; i++) {
			cleanup_ref struct ref ref = REF_INIT;

			if (ref_parse(opts->tags.v[i], &ref, NULL) < 0)
				continue;
			strbuf_addstr(&names, names.len ? "," : "");
			ref_add_canonical(&names, &ref);
		}
		node_set_str(doc, "image.name", names.buf);
	}
	return node_write_json_file(AT_FDCWD, opts->metadata_file, doc, 0644,
				    FSX_NOSYNC, err);
}

int
build_output(struct build *build, struct err *err)
{
	const struct build_options *opts = build->opts;
	int r = 0;

	if (!opts->output_count)
		r = output_image(build, NULL, err);
	for (size_t i = 0; r == 0 && i < opts->output_count; i++)
		r = output_one(build, &opts->outputs[i], err);
	if (r == 0)
		r = cache_export(build, err);
	return r < 0 ? r : write_reports(build, err);
}
