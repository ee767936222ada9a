/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/push.c - images of the store go to a registry, or wherever a
 * transport leads.
 */
#include "base/alloc.h"
#include "image/engine.h"
#include "image/image_copy.h"
#include "registry/upload.h"

struct push {
	struct engine *engine;
	struct remote remote;
	struct transport transport;
	struct mount_hints hints;
	struct image_copy_opts opts;
	struct platform platform;
	struct image_row row;
};

static void
push_release(struct push *push)
{
	remote_release(&push->remote);
	transport_release(&push->transport);
	mount_hints_release(&push->hints);
	image_row_release(&push->row);
}

/* The store holds one platform of an image: is it the one asked for? */
static int
push_check_platform(struct push *push, struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf have = STRBUF_INIT;
	const char *want = push->engine->request.platform;
	int r;

	if (!want || !*want)
		return 0;
	r = image_read_config(push->engine->store, &push->row, &config, err);
	if (r < 0 || platform_match(&push->platform, &config.platform) > 0)
		return r;
	platform_add(&have, &config.platform);
	return err_set(err, ENOENT, "the image is for %s, and %s was asked for",
		       have.buf, want);
}

static int
push_find_hints(struct push *push, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	struct store *store = push->engine->store;
	int r = image_read_manifest(store, &push->row, &manifest, err);

	/* An index has no layers of its own. */
	if (r < 0) {
		err_reset(err);
		return 0;
	}
	return mount_hints_find(store, &push->remote.ref, &manifest,
				&push->hints, err);
}

/* Everything that is asked on the host's side. */
static int
push_open_remote(struct push *push, struct err *err)
{
	struct engine *engine = push->engine;
	int r;

	r = remote_resolve(&push->remote, engine,
			   push->transport.name ?: engine->request.name, err);
	if (r == 0 && push->remote.ref.digest.text[0])
		r = err_set(err, EINVAL,
			    "'%s': a push goes to a tag, not to a digest",
			    push->transport.name);
	if (r == 0)
		r = push_find_hints(push, err);
	if (r == 0)
		r = remote_open(&push->remote, engine, true, &push->hints.paths,
				err);
	return r;
}

/* Remember by which digest the registry knows the image. */
static int
push_record(struct push *push, const char *name, const struct digest *digest,
	    struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct store *store = push->engine->store;
	struct image_facts facts = {
		.media_type = push->row.media_type,
		.manifest = push->row.manifest,
		.manifest_bytes = push->row.manifest_bytes,
		.id = push->row.id,
		.size_bytes = push->row.size_bytes,
		.repo_digest = digest,
	};
	struct image_row row;
	int r;

	if (!push->row.name || strcmp(push->row.name, name) != 0 ||
	    digest_eq(&push->row.repo_digest, digest))
		return 0;
	r = image_read_config(store, &push->row, &config, err);
	if (r < 0)
		return r;
	facts.created = config.created;
	facts.platform = config.platform;
	image_row_make(&facts, &row);
	r = image_put(store, &row, name, NULL, err);
	image_row_release(&row);
	return r;
}

static int
push_copy(struct push *push, struct target *target, struct err *err)
{
	cleanup_image_copy_result struct image_copy_result result =
		IMAGE_COPY_RESULT_INIT;
	cleanup_with(origin_free) struct origin *origin =
		origin_of_store(push->engine, &push->row);
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	int r;

	if (push->remote.reg)
		ref_add_canonical(&name, &push->remote.ref);
	else if (push->row.name)
		strbuf_addstr(&name, push->row.name);
	target->name = name.len ? name.buf : NULL;
	engine_begin(push->engine, name.buf);
	r = image_copy(origin, target, &push->opts, &result, err);
	if (r == 0)
		r = target->ops->finish(target, err);
	if (r == 0 && push->remote.reg)
		r = push_record(push, name.buf, &result.root.digest, err);
	if (r == 0)
		engine_copied(push->engine, name.buf, &result.root.digest,
			      result.root.bytes.len);
	return r;
}

/*
 * Does the tag there name these very bytes? A registry that has a manifest
 * has all that it names, and then nothing is entered or looked for.
 */
static bool
push_is_there(struct push *push)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	const struct image_row *row = &push->row;
	struct engine *engine = push->engine;
	const struct ref *ref = &push->remote.ref;
	struct digest there;

	if (push->opts.convert != IMAGE_COPY_AS_IT_IS ||
	    push->opts.compress != COMP_NONE || push->opts.force || !ref->tag ||
	    image_read_manifest(engine->store, row, &manifest, NULL) < 0 ||
	    registry_find_manifest(push->remote.reg, ref->tag, &there, NULL) <
		    0 ||
	    !digest_eq(&there, &row->manifest))
		return false;
	ref_add_canonical(&name, ref);
	engine_begin(engine, name.buf);
	for (size_t i = 0; i < manifest.layer_count; i++) {
		char id[13];

		(void)snprintf(id, sizeof(id), "%s",
			       digest_hex(&manifest.layers[i].digest));
		engine_state(engine, id, "Layer already exists");
	}
	if (push_record(push, name.buf, &there, NULL) < 0)
		return false;
	engine_copied(engine, name.buf, &there, (size_t)row->manifest_bytes);
	return true;
}

/* Returns 1 when there is nothing to do. */
static int
push_open(struct push *push, struct target **ret_target, struct err *err)
{
	struct engine *engine = push->engine;
	bool is_files = push->transport.kind > TRANSPORT_REGISTRY;
	int r = 0;

	if (!is_files)
		r = push_open_remote(push, err);
	if (r == 0)
		r = engine_platform(engine, &push->platform, err);
	if (r == 0)
		r = push_check_platform(push, err);
	if (r == 0 && !is_files && push_is_there(push))
		return 1;
	if (r == 0)
		r = engine_enter_once(engine, err);
	if (r < 0)
		return r;
	if (is_files)
		return target_of_files(engine, &push->transport, -1, ret_target,
				       err);
	*ret_target = target_of_registry(engine, &push->remote, &push->hints);
	return 0;
}

/* @name: of the image here; it goes to request.target, or to where its name
 * says. */
static int
push_one(struct engine *engine, const char *name, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	cleanup_with(target_free) struct target *target = NULL;
	cleanup_release(push_release) struct push push = {
		.engine = engine,
		.remote = REMOTE_INIT,
		.hints = MOUNT_HINTS_INIT,
		.row = { .line = NULL },
		.opts = { .convert = (enum image_copy_convert)request->convert,
			  .compress = (enum comp_format)request->compress,
			  .level = (int)request->level,
			  .all = true,
			  .force = request->force_compress },
	};
	int r;

	push.opts.platform = &push.platform;
	r = transport_parse(request->target ?: name, &push.transport, err);
	if (r == 0 && push.transport.kind == TRANSPORT_STORE)
		r = err_set(err, EINVAL,
			    "push writes to a registry or to files; dhow tag "
			    "gives another name");
	if (r == 0)
		r = image_find(engine->store, name, &push.row, NULL, err);
	if (r == 0)
		r = push_open(&push, &target, err);
	if (r == 0)
		r = push_copy(&push, target, err);
	else if (r > 0)
		r = 0;
	return r < 0 ? err_wrap(err, r, "push '%s'", request->target ?: name)
		     : 0;
}

/* Every tag of the repository that is here. */
static int
push_all_tags(struct engine *engine, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = image_tags_of(engine->store, engine->request.name, &names, err);

	for (size_t i = 0; i < names.len && r == 0; i++)
		r = push_one(engine, names.v[i], err);
	return r;
}

int
engine_push(struct engine *engine, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	int r = session_store(&engine->session, &engine->store, err);

	if (r < 0)
		return r;
	return request->all ? push_all_tags(engine, err)
			    : push_one(engine, request->name ?: "", err);
}
