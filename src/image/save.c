/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/save.c - images of the store go into one archive or directory.
 */
#include "image/engine.h"
#include "image/image_copy.h"

struct save {
	struct engine *engine;
	struct target *target;
	struct image_copy_opts opts;
	struct platform platform;
};

static void
save_release(struct save *save)
{
	target_free(save->target);
}

static int
save_row(struct save *save, const struct image_row *row, bool by_name,
	 struct err *err)
{
	cleanup_image_copy_result struct image_copy_result result =
		IMAGE_COPY_RESULT_INIT;
	cleanup_with(origin_free) struct origin *origin =
		origin_of_store(save->engine, row);
	int r;

	/* What is asked for by its id is saved without a name. */
	save->target->name = by_name ? row->name : NULL;
	r = image_copy(origin, save->target, &save->opts, &result, err);
	save->target->name = NULL;
	return r;
}

static int
save_one(struct save *save, const char *name, struct err *err)
{
	struct image_row row = { .line = NULL };
	enum image_match match = IMAGE_BY_NAME;
	int r = image_find(save->engine->store, name, &row, &match, err);

	if (r == 0)
		r = save_row(save, &row, match == IMAGE_BY_NAME, err);
	image_row_release(&row);
	return r < 0 ? err_wrap(err, r, "save '%s'", name) : 0;
}

/* As with docker, a name without a tag means all of its tags. */
static int
save_name(struct save *save, const char *name, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = 0;

	if (image_tags_of(save->engine->store, name, &names, NULL) < 0)
		return save_one(save, name, err);
	for (size_t i = 0; i < names.len && r == 0; i++)
		r = save_one(save, names.v[i], err);
	return r;
}

static int
save_all(struct save *save, struct err *err)
{
	const struct transfer_request *request = &save->engine->request;
	cleanup_transport struct transport transport = TRANSPORT_INIT;
	bool to_stdout;
	int r = transport_parse(request->target ?: "", &transport, err);

	if (r < 0)
		return r;
	to_stdout = transport.path && strcmp(transport.path, "-") == 0;
	r = target_of_files(save->engine, &transport,
			    to_stdout ? STDOUT_FILENO : -1, &save->target, err);
	for (size_t i = 0; i < request->names.len && r == 0; i++)
		r = save_name(save, request->names.v[i], err);
	return r < 0 ? r : save->target->ops->finish(save->target, err);
}

int
engine_save(struct engine *engine, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	cleanup_release(save_release) struct save save = {
		.engine = engine,
		.opts = { .convert = (enum image_copy_convert)request->convert,
			  .compress = (enum comp_format)request->compress,
			  .all = true },
	};
	int r = engine_platform(engine, &save.platform, err);

	save.opts.platform = &save.platform;
	if (r == 0)
		r = engine_enter(engine, err);
	return r < 0 ? r : save_all(&save, err);
}
