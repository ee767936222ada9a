/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/transit.c - both ends of a copy, as the request's texts name them.
 */
#include "image/transit.h"

#include "base/alloc.h"
#include "image/origin_files.h"

void
transit_release(struct transit *transit)
{
	origin_free(transit->origin);
	target_free(transit->target);
	remote_release(&transit->from);
	remote_release(&transit->to);
	mount_hints_release(&transit->hints);
	transport_release(&transit->src);
	transport_release(&transit->dst);
	image_row_release(&transit->row);
	free(transit->name);
}

static bool
is_registry(const struct transport *transport)
{
	return transport->kind == TRANSPORT_REGISTRY;
}

static char *
canonical_of(const struct ref *ref)
{
	struct strbuf name = STRBUF_INIT;

	ref_add_canonical(&name, ref);
	return strbuf_take(&name);
}

/* What is asked on the host's side: credentials of both. */
int
transit_open_remotes(struct transit *transit, struct err *err)
{
	struct engine *engine = transit->engine;
	int r = 0;

	if (is_registry(&transit->src)) {
		transit->from.is_source = true;
		r = remote_resolve(&transit->from, engine, transit->src.name,
				   err);
		if (r == 0)
			r = remote_open(&transit->from, engine, false, NULL,
					err);
	}
	if (r < 0 || !is_registry(&transit->dst))
		return r;
	r = remote_resolve(&transit->to, engine, transit->dst.name, err);
	if (r < 0)
		return r;
	if (is_registry(&transit->src) &&
	    strcmp(transit->from.ref.domain, transit->to.ref.domain) == 0 &&
	    strcmp(transit->from.ref.path, transit->to.ref.path) != 0)
		mount_hints_use(&transit->hints, transit->from.ref.path);
	return remote_open(&transit->to, engine, true, &transit->hints.paths,
			   err);
}

int
transit_open_origin(struct transit *transit, struct err *err)
{
	struct engine *engine = transit->engine;
	int r;

	switch (transit->src.kind) {
	case TRANSPORT_REGISTRY:
		transit->origin = origin_of_registry(engine, &transit->from);
		transit->name = canonical_of(&transit->from.ref);
		return 0;
	case TRANSPORT_NONE:
	case TRANSPORT_STORE:
		r = image_find(engine->store, transit->src.name, &transit->row,
			       NULL, err);
		if (r < 0)
			return r;
		transit->origin = origin_of_store(engine, &transit->row);
		transit->name = xstrdup_null(transit->row.name);
		return 0;
	default:
		r = origin_of_files(engine, &transit->src, &transit->origin,
				    err);
		if (r == 0)
			transit->name = xstrdup_null(
				origin_files_name(transit->origin));
		return r;
	}
}

int
transit_open_target(struct transit *transit, struct err *err)
{
	struct engine *engine = transit->engine;
	struct transport *dst = &transit->dst;
	cleanup_ref struct ref ref = REF_INIT;
	int r = 0;

	if (dst->kind > TRANSPORT_REGISTRY)
		return target_of_files(engine, dst,
				       strcmp(dst->path, "-") ? -1
							      : STDOUT_FILENO,
				       &transit->target, err);
	if (is_registry(dst)) {
		free(transit->name);
		transit->name = canonical_of(&transit->to.ref);
		transit->target = target_of_registry(engine, &transit->to,
						     &transit->hints);
		return 0;
	}
	/* "containers-storage:" alone leaves the name as it is. */
	if (dst->name && strcmp(dst->name, ".") != 0) {
		r = ref_parse(dst->name, &ref, err);
		if (r < 0)
			return r;
		free(transit->name);
		transit->name = canonical_of(&ref);
	}
	transit->target = target_of_store(engine);
	return 0;
}
