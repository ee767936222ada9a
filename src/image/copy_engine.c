/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/copy_engine.c - an image goes from one place to any other.
 */
#include "base/alloc.h"
#include "image/engine.h"
#include "image/image_copy.h"
#include "image/transit.h"

static int
transit_run(struct transit *transit, struct err *err)
{
	const struct transfer_request *request = &transit->engine->request;
	cleanup_image_copy_result struct image_copy_result result =
		IMAGE_COPY_RESULT_INIT;
	struct platform platform;
	struct image_copy_opts opts = {
		.all = request->all,
		.platform = &platform,
		.convert = (enum image_copy_convert)request->convert,
		.compress = (enum comp_format)request->compress,
		.level = (int)request->level,
		.force = request->force_compress,
	};
	int r = engine_platform(transit->engine, &platform, err);

	if (r == 0)
		r = transit_open_origin(transit, err);
	if (r == 0)
		r = transit_open_target(transit, err);
	if (r < 0)
		return r;
	transit->target->name = transit->name;
	r = image_copy(transit->origin, transit->target, &opts, &result, err);
	if (r == 0)
		r = transit->target->ops->finish(transit->target, err);
	if (r == 0)
		engine_copied(transit->engine, transit->name,
			      &result.root.digest, result.root.bytes.len);
	return r;
}

int
engine_copy(struct engine *engine, struct err *err)
{
	const struct transfer_request *request = &engine->request;
	cleanup_transit struct transit transit = TRANSIT_INIT;
	int r = transport_parse(request->input ?: "", &transit.src, err);

	transit.engine = engine;
	if (r == 0)
		r = transport_parse(request->target ?: "", &transit.dst, err);
	if (r == 0 && transit.dst.kind == TRANSPORT_NONE) {
		err_set(err, EINVAL, "'%s' does not say where it is",
			request->target);
		err_hint(err, "write docker://%s, or containers-storage:%s",
			 request->target, request->target);
		r = -EINVAL;
	}
	if (r == 0)
		r = transit_open_remotes(&transit, err);
	if (r == 0)
		r = engine_enter(engine, err);
	if (r < 0)
		return r;
	r = transit_run(&transit, err);
	/* What an archive left in the store is nobody's. */
	if (transit.src.kind > TRANSPORT_REGISTRY)
		engine_undo(engine);
	return r;
}
