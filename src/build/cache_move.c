/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/cache_move.c - steps of the cache, to and from other places.
 *
 * What travels is an image: its layers are those of the steps, its config has
 * their records under "dev.dhow.cache". So whatever moves images moves caches:
 * a registry, a directory. With type=inline the image that is built carries
 * the records of its own steps. Records are taken from where the caller says,
 * and from nowhere else.
 */
#include "build/cache_move.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "archive/comp.h"
#include "base/alloc.h"
#include "base/text.h"
#include "image/transfer_client.h"
#include "store/image_remove.h"
#include "store/layer.h"

#define CACHE_MEMBER "dev.dhow.cache"

/* A record as it travels: its layer is the one at "at". */
static struct node *
record_node(const struct step_record *record, size_t at)
{
	struct node *node = node_new_obj();

	node_set_str(node, "key", record->key);
	node_set_str(node, "id", record->id ?: record->key);
	node_set_str(node, "title", record->title ?: "");
	node_set_int(node, "size", record->size);
	node_set_int(node, "created_ns", record->created_ns);
	node_set_strvec(node, "inputs", &record->inputs);
	node_set_int(node, "at", (int64_t)at);
	return node;
}

void
cache_add_records(struct build *build, const struct chain *chain,
		  struct node *config)
{
	struct node *list = node_need_arr(config, CACHE_MEMBER);

	for (size_t i = 0; i < chain->items.len; i++) {
		const char *key = text_after(chain->items.v[i], "step:");
		struct step_record record = STEP_RECORD_INIT;

		if (key && step_cache_read(build->store, key, &record) == 0)
			(void)node_push(list, record_node(&record, i));
		step_record_release(&record);
	}
}

/* The steps to be exported, as a chain that is no root of anything. */
static void
collect(struct build *build, bool max, struct chain *chain)
{
	for (size_t i = 0; i < build->stage_count; i++) {
		const struct stage *stage = &build->stages[i];

		if (stage->state != STAGE_DONE ||
		    (!max && i != build->target_stage))
			continue;
		for (size_t k = 0; k < stage->chain.items.len; k++) {
			const char *item = stage->chain.items.v[k];

			if (text_starts(item, "step:") &&
			    !strvec_has(&chain->items, item))
				strvec_add(&chain->items, item);
		}
	}
}

struct move_work {
	struct build *build;
	struct transfer_request *request;
	char *id;
	struct task *task;
	bool over;
	int r;
	struct err err;
};

static void
move_event(void *data, const struct transfer_event *event)
{
	struct move_work *work = data;

	if (event->kind != TRANSFER_IMAGE || !event->id)
		return;
	free(work->id);
	work->id = xstrdup(event->id);
}

static int
move_child(void *data, struct task_link *link, struct node *result,
	   struct err *err)
{
	struct move_work *work = data;
	struct transfer_sink sink = { .event = move_event,
				      .data = work,
				      .stdin_fd = -1 };
	int r = transfer_run(work->build->session, work->request, &sink, err);

	if (work->id)
		node_set_str(result, "id", work->id);
	return r;
}

static void
move_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct move_work *work = data;

	build_task_over(work->build, work->task);
	work->over = true;
	work->r = r;
	work->err = *err;
	work->id = xstrdup_null(node_get_str(result, "id"));
	loop_stop(work->build->loop, 0);
}

/* Have dhow-transfer do something. @ret_id: of the image, may be NULL. */
static int
transfer(struct build *build, struct transfer_request *request, char **ret_id,
	 struct err *err)
{
	struct move_work work = { .build = build, .request = request };
	struct task_spec spec = { .work = move_child,
				  .end = move_end,
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
	if (work.r < 0 && err)
		*err = work.err;
	if (ret_id && work.r == 0)
		*ret_id = take_ptr(work.id);
	free(work.id);
	return work.r;
}

/* The registry's part of a request is borrowed: only what is ours is freed. */
static int
send_cache(struct build *build, const struct build_cache_ref *ref,
	   const char *id, struct err *err)
{
	struct transfer_request request = build->opts->registry;
	int r;

	request.names = (struct strvec)STRVEC_INIT;
	strvec_add(&request.names, id);
	if (ref->kind == BUILD_CACHE_LOCAL) {
		request.op = TRANSFER_SAVE;
		request.target = xasprintf("oci:%s:cache", ref->where);
	} else {
		request.op = TRANSFER_PUSH;
		request.name = request.names.v[0];
		request.target = xasprintf("docker://%s", ref->where);
	}
	r = transfer(build, &request, NULL, err);
	free(request.target);
	strvec_release(&request.names);
	return r;
}

static void
forget(struct build *build, const char *id)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };

	(void)image_remove(build->store, id, true, &removal, NULL);
	image_removal_release(&removal);
}

static int
export_one(struct build *build, const struct build_cache_ref *ref,
	   struct err *err)
{
	struct build_vertex *vertex = vertex_new(
		build, NULL, NULL, "exporting cache to %s", ref->where);
	cleanup_release(
		chain_release) struct chain chain = { .items = STRVEC_INIT };
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct image_made made = { .layers = NULL };
	cleanup_close int lockfd = output_lock(build, err);
	int r = lockfd < 0 ? lockfd : 0;

	vertex_tell(build, vertex, BUILD_EVENT_START, NULL);
	collect(build, ref->max, &chain);
	if (r == 0)
		r = output_add_layers(build, &chain, &request, err);
	request.config = node_new_obj();
	node_set_str(request.config, "architecture", build->target.arch);
	node_set_str(request.config, "os", build->target.os);
	cache_add_records(build, &chain, request.config);
	request.format = COMP_GZIP;
	request.take_trees = true;
	if (r == 0)
		r = output_make(build, &chain, &request, vertex, &made, err);
	if (r == 0)
		r = send_cache(build, ref, made.id.text, err);
	if (made.id.text[0])
		forget(build, made.id.text);
	vertex_tell(build, vertex,
		    r < 0 ? BUILD_EVENT_FAILED : BUILD_EVENT_DONE,
		    r < 0 && err ? err->text : NULL);
	image_made_release(&made);
	return r < 0 ? err_wrap(err, r, "export the cache to '%s'", ref->where)
		     : 0;
}

int
cache_export(struct build *build, struct err *err)
{
	const struct build_options *opts = build->opts;
	int r = 0;

	for (size_t i = 0; r == 0 && i < opts->cache_to_count; i++)
		if (opts->cache_to[i].kind != BUILD_CACHE_INLINE)
			r = export_one(build, &opts->cache_to[i], err);
	return r;
}

static void
take_record(struct build *build, const struct node *node,
	    const struct image_config *config)
{
	const char *key = node_get_str(node, "key");
	const char *id = node_get_str(node, "id");
	int64_t at = node_get_int(node, "at", -1);
	struct step_record record = STEP_RECORD_INIT;

	if (!key || !text_is_hex_of(key, BLAKE2_HEX_BYTES - 1) || !id ||
	    at < 0 || (size_t)at >= config->diff_id_count ||
	    step_cache_get(build->store, key, NULL) == 0 ||
	    !layer_exists(build->store, &config->diff_ids[at]))
		return;
	record.key = xstrdup(key);
	record.id = xstrdup(id);
	record.title = xstrdup_null(node_get_str(node, "title"));
	record.size = node_get_int(node, "size", 0);
	record.created_ns = node_get_int(node, "created_ns", 0);
	node_get_strvec(node, "inputs", &record.inputs);
	record.layer = xstrdup(config->diff_ids[at].text);
	if (step_cache_mark_layer(build->store, &config->diff_ids[at], NULL) ==
	    0)
		(void)step_cache_put(build->store, &record, NULL);
	step_record_release(&record);
}

/* Returns 0, or -ENOENT when the image carries no cache. */
static int
take_records(struct build *build, const char *id, struct err *err)
{
	struct image_row row = { .line = NULL };
	struct image_config config = { .doc = NULL };
	const struct node *list;
	int r = image_find(build->store, id, &row, NULL, err);

	if (r == 0)
		r = image_read_config(build->store, &row, &config, err);
	list = r == 0 ? node_get(config.doc, CACHE_MEMBER) : NULL;
	for (size_t i = 0; i < node_len(list); i++)
		take_record(build, node_at(list, i), &config);
	if (r == 0 && !list)
		r = err_set(err, ENOENT, "it carries no build cache");
	image_row_release(&row);
	image_config_release(&config);
	return r;
}

static int
import_one(struct build *build, const struct build_cache_ref *ref,
	   struct err *err)
{
	struct transfer_request request = build->opts->registry;
	cleanup_image_table struct image_table before = IMAGE_TABLE_INIT;
	cleanup_free char *id = NULL;
	bool known = false;
	int r = image_table_load(build->store, &before, err);

	if (ref->kind == BUILD_CACHE_LOCAL) {
		request.op = TRANSFER_LOAD;
		request.input = ref->where;
	} else {
		request.op = TRANSFER_PULL;
		request.name = ref->where;
	}
	if (r == 0)
		r = transfer(build, &request, &id, err);
	if (r < 0 || !id)
		return r < 0 ? r : err_set(err, ENOENT, "nothing is there");
	for (size_t i = 0; i < before.len; i++)
		known |= !strcmp(before.rows[i].id.text, id);
	r = take_records(build, id, err);
	if (!known)
		forget(build, id);
	return r;
}

void
cache_import(struct build *build)
{
	const struct build_options *opts = build->opts;

	for (size_t i = 0; i < opts->cache_from_count && build->r == 0; i++) {
		const struct build_cache_ref *ref = &opts->cache_from[i];
		struct build_vertex *vertex =
			vertex_new(build, NULL, NULL, "importing cache from %s",
				   ref->where ?: "");
		cleanup_free char *text = NULL;
		struct err err = ERR_INIT;
		int r;

		vertex_tell(build, vertex, BUILD_EVENT_START, NULL);
		r = import_one(build, ref, &err);
		/* A cache that is not there yet is no failure. */
		if (r < 0) {
			text = xasprintf("no cache from '%s': %s", ref->where,
					 err.text);
			vertex_tell(build, vertex, BUILD_EVENT_NOTE, text);
		}
		vertex_tell(build, vertex, BUILD_EVENT_DONE, NULL);
	}
}

bool
cache_is_inline(const struct build *build)
{
	const struct build_options *opts = build->opts;
	const char *arg =
		strvec_env_get(&opts->build_args, "BUILDKIT_INLINE_CACHE");

	for (size_t i = 0; i < opts->cache_to_count; i++)
		if (opts->cache_to[i].kind == BUILD_CACHE_INLINE)
			return true;
	return arg && !strcmp(arg, "1");
}
