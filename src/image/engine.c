/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/engine.c - the inside of dhow-transfer.
 */
#include "image/engine.h"

#include <assert.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/log.h"
#include "base/units.h"
#include "registry/registry.h"
#include "store/blob.h"
#include "store/image_remove.h"
#include "sys/disk_quota.h"

/* How long it may take to remove what is half made. */
#define ENGINE_STOP_GRACE_S 10

/* The one thing a signal handler can reach. */
static volatile sig_atomic_t engine_stopped;

static void
engine_on_stop(int signo)
{
	if (!engine_stopped)
		(void)alarm(ENGINE_STOP_GRACE_S);
	engine_stopped = 1;
}

static void
engine_catch_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = engine_on_stop }, before;

	(void)signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		(void)sigaction(signals[i], NULL, &before);
		/* As nohup and shells ask of what is in the background. */
		if (before.sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &action, NULL);
	}
}

int
engine_check_stop(struct err *err)
{
	if (!engine_stopped)
		return 0;
	return err_set(err, ECANCELED, "stopped");
}

static void
engine_emit(struct engine *engine, const struct transfer_event *event)
{
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	cleanup_node struct node *doc = NULL;

	doc = decode_write(transfer_event_fields, event);
	node_write_json(&line, doc, NODE_COMPACT);
	strbuf_addch(&line, '\n');
	/* Nobody listens any more: there is nobody to tell that either. */
	(void)io_write_all(engine->eventfd, line.buf, line.len);
}

/* Events borrow their texts, and the tables know only char *. */
#define TEXT(str) ((char *)(uintptr_t)(str))

void
engine_step(struct engine *engine, const char *id, const char *action,
	    uint64_t done, uint64_t total)
{
	engine_emit(engine,
		    &(struct transfer_event){ .kind = TRANSFER_STEP,
					      .id = TEXT(id),
					      .action = TEXT(action),
					      .bytes_done = (int64_t)done,
					      .bytes_total = (int64_t)total });
}

void
engine_state(struct engine *engine, const char *id, const char *action)
{
	engine_emit(engine, &(struct transfer_event){ .kind = TRANSFER_STATE,
						      .id = TEXT(id),
						      .action = TEXT(action) });
}

void
engine_note(struct engine *engine, const char *text)
{
	engine_emit(engine, &(struct transfer_event){ .kind = TRANSFER_NOTE,
						      .text = TEXT(text) });
}

void
engine_begin(struct engine *engine, const char *name)
{
	engine_emit(engine, &(struct transfer_event){ .kind = TRANSFER_BEGIN,
						      .name = TEXT(name) });
}

void
engine_document(struct engine *engine, const char *name,
		const struct registry_manifest *doc, const char *platform)
{
	engine_emit(engine, &(struct transfer_event){
				    .kind = TRANSFER_DOCUMENT,
				    .name = TEXT(name),
				    .digest = TEXT(doc->digest.text),
				    .media_type = doc->media_type,
				    .bytes_total = (int64_t)doc->bytes.len,
				    .action = TEXT(platform),
				    .text = doc->bytes.buf });
}

void
engine_copied(struct engine *engine, const char *name,
	      const struct digest *digest, size_t bytes)
{
	engine_emit(engine,
		    &(struct transfer_event){ .kind = TRANSFER_COPIED,
					      .name = TEXT(name),
					      .digest = TEXT(digest->text),
					      .bytes_total = (int64_t)bytes });
}

void
engine_layer(struct engine *engine, size_t index, const struct digest *diff_id,
	     const struct descriptor *blob)
{
	engine_emit(engine, &(struct transfer_event){
				    .kind = TRANSFER_LAYER,
				    .index = (int64_t)index,
				    .diff_id = TEXT(diff_id->text),
				    .digest = TEXT(blob->digest.text),
				    .media_type = blob->media_type,
				    .bytes_total = blob->size_bytes });
}

void
engine_file(struct engine *engine, const char *name,
	    const struct digest *digest, uint64_t bytes, int64_t mtime)
{
	engine_emit(engine,
		    &(struct transfer_event){ .kind = TRANSFER_FILE,
					      .name = TEXT(name),
					      .digest = TEXT(digest->text),
					      .bytes_total = (int64_t)bytes,
					      .index = mtime });
}

int
engine_platform(const struct engine *engine, struct platform *ret_platform,
		struct err *err)
{
	if (engine->request.platform && engine->request.platform[0])
		return platform_parse(engine->request.platform, ret_platform,
				      err);
	platform_host(ret_platform);
	return 0;
}

int
engine_check_space(struct engine *engine, uint64_t bytes, struct err *err)
{
	cleanup_strbuf struct strbuf need = STRBUF_INIT;
	cleanup_strbuf struct strbuf have = STRBUF_INIT;
	struct statvfs vfs;
	uint64_t free_bytes, quota_bytes;

	if (fstatvfs(engine->store->dirfd, &vfs) < 0)
		return err_sys(err, "ask for the free space of the store");
	free_bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	quota_bytes = disk_quota_room(engine->store->dirfd);
	if (quota_bytes < free_bytes)
		free_bytes = quota_bytes;
	if (bytes <= free_bytes)
		return 0;
	units_add_size(&need, bytes);
	units_add_size(&have, free_bytes);
	err_set(err, ENOSPC,
		"at least %s are needed and %s are free where images are kept ('%s')",
		need.buf, have.buf, engine->session.paths.data);
	return -ENOSPC;
}

/* What a person can do, where whoever failed could not know it. */
static void
engine_add_hint(struct err *err)
{
	if (err->code == ENOSPC || err->code == EDQUOT)
		err_hint(
			err,
			"remove images with dhow rmi, or keep them elsewhere: --root DIR");
}

/* Entering a namespace forgets the wish to die with the parent. */
static int
engine_die_with_parent(pid_t parent, struct err *err)
{
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		return err_sys(err, "ask to end with the command");
	if (getppid() != parent)
		return err_set(err, ECANCELED, "the command was ended");
	return 0;
}

int
engine_enter(struct engine *engine, struct err *err)
{
	pid_t parent = getppid();
	int r;

	r = session_enter(&engine->session, false, err);
	if (r == 0)
		r = engine_die_with_parent(parent, err);
	if (r == 0)
		r = session_store(&engine->session, &engine->store, err);
	if (r == 0)
		r = store_lay_out(engine->store, err);
	if (r < 0)
		return r;
	store_collect_tmp(engine->store);
	engine->pinfd = store_pin(engine->store, err);
	return engine->pinfd < 0 ? engine->pinfd : 0;
}

int
engine_enter_once(struct engine *engine, struct err *err)
{
	return engine->pinfd >= 0 ? 0 : engine_enter(engine, err);
}

void
engine_undo(struct engine *engine)
{
	struct err err = ERR_INIT;

	if (engine->pinfd >= 0)
		(void)close(take_fd(engine->pinfd));
	if (store_gc(engine->store, NULL, &err) < 0)
		log_debug("undo: %s", err.text);
}

int
engine_record(struct engine *engine, const struct engine_image *image,
	      const char *name, struct err *err)
{
	struct image_facts facts = {
		.media_type = image->media_type,
		.manifest_bytes = (int64_t)image->manifest_len,
		.id = image->id,
		.created = image->config->created,
		.platform = image->config->platform,
		.size_bytes = image_layers_bytes(engine->store, image->config),
		.repo_digest = image->repo_digest,
	};
	struct image_row row;
	bool changed = false;
	int r;

	r = blob_put(engine->store, image->manifest, image->manifest_len,
		     &facts.manifest, err);
	if (r == 0)
		r = store_sync(engine->store, err);
	if (r < 0)
		return r;
	image_row_make(&facts, &row);
	r = image_put(engine->store, &row, name, &changed, err);
	image_row_release(&row);
	if (r < 0)
		return r;
	engine_emit(engine,
		    &(struct transfer_event){
			    .kind = TRANSFER_IMAGE,
			    .name = TEXT(name),
			    .id = facts.id.text,
			    .manifest = facts.manifest.text,
			    .digest = image->repo_digest
					      ? TEXT(image->repo_digest->text)
					      : NULL,
			    .is_new = changed });
	return 0;
}

void
engine_image_is_here(struct engine *engine, const char *name,
		     const struct image_row *row)
{
	engine_emit(engine, &(struct transfer_event){
				    .kind = TRANSFER_IMAGE,
				    .name = TEXT(name),
				    .id = TEXT(row->id.text),
				    .manifest = TEXT(row->manifest.text),
				    .digest = TEXT(row->repo_digest.text) });
}

static int
engine_read_request(struct transfer_request *request, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *doc = NULL;
	int r;

	r = io_read_all(TRANSFER_REQUEST_FD, TRANSFER_REQUEST_MAX_BYTES, &text,
			err);
	if (r == 0)
		r = node_parse_json(span_new(text.buf, text.len), "request",
				    &doc, err);
	if (r == 0)
		r = decode_read(doc, transfer_request_fields, DECODE_STRICT,
				request, err);
	return r < 0 ? err_wrap(err, r, "read the request") : 0;
}

static int
engine_run(struct engine *engine, struct err *err)
{
	static int (*const ops[])(struct engine *, struct err *) = {
		engine_pull,      engine_load,  engine_import,
		engine_unpack,    engine_make,  engine_push,
		engine_save,      engine_login, engine_fetch,
		engine_extract,   engine_copy,  engine_describe,
		engine_push_list, engine_search
	};
	struct transfer_request *request = &engine->request;
	int r;

	static_assert(ARRAY_LEN(ops) == TRANSFER_OP_COUNT, "one each");
	r = engine_die_with_parent(getppid(), err);
	if (r == 0)
		r = engine_read_request(request, err);
	if (r < 0)
		return r;
	log_enable(request->debug);
	if (request->op < 0 || request->op >= TRANSFER_OP_COUNT)
		return err_set(err, EINVAL, "request of unknown kind %lld",
			       (long long)request->op);
	r = session_open(&engine->session, request->root, request->runroot,
			 err);
	if (r == 0)
		r = ops[request->op](engine, err);
	return r;
}

int
engine_main(void)
{
	struct engine engine = { .request = TRANSFER_REQUEST_INIT,
				 .session = SESSION_INIT,
				 .eventfd = TRANSFER_EVENT_FD,
				 .pinfd = -EBADF };
	struct err err = ERR_INIT;
	int r;

	engine_catch_signals();
	(void)umask(022);
	r = engine_run(&engine, &err);
	/* Whatever failed then, failed of that. */
	if (r < 0 && engine_stopped)
		r = engine_check_stop(&err);
	if (r < 0)
		engine_add_hint(&err);
	engine_emit(&engine,
		    &(struct transfer_event){
			    .kind = r < 0 ? TRANSFER_ERROR : TRANSFER_DONE,
			    .code = r < 0 ? -r : 0,
			    .text = r < 0 ? err.text : NULL,
			    .hint = err.hint[0] ? err.hint : NULL });
	engine_settle(&engine);
	if (engine.pinfd >= 0)
		(void)close(engine.pinfd);
	session_close(&engine.session);
	transfer_request_release(&engine.request);
	return r < 0 ? 1 : 0;
}
