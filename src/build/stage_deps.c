/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/stage_deps.c - what an instruction takes files of.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "build/build_priv.h"
#include "spec/csv.h"

/* An image that is not there may be a stage that was meant. */
static void
hint_stage(const struct stage *stage, const char *name, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *near;

	for (size_t i = 0; i < stage->index; i++)
		if (stage->build->df->stages[i].name)
			strvec_add(&names, stage->build->df->stages[i].name);
	near = text_nearest(name, (const char *const *)strvec_argv(&names));
	if (near)
		err_hint(err, "did you mean the stage '%s'?", near);
}

int
origin_find(struct stage *stage, const char *name, struct origin *ret_origin,
	    struct err *err)
{
	struct build *build = stage->build;
	struct err why = ERR_INIT;
	struct context *context;
	size_t index;
	int r;

	*ret_origin = (struct origin){ .kind = ORIGIN_CONTEXT };
	if (!name || !*name) {
		ret_origin->context = &build->source->contexts[0];
		return 0;
	}
	/* A stage that a directory replaces may have that one's name. */
	if (stage->from_context && !strcmp(name, stage->from_context->name)) {
		ret_origin->context = stage->from_context;
		return 0;
	}
	r = dockerfile_find_stage(build->df, name, stage->index, &index, &why);
	if (r == 0) {
		ret_origin->kind = ORIGIN_STAGE;
		ret_origin->stage = &build->stages[index];
		return stage_need(ret_origin->stage, err);
	}
	if (r != -ENOENT) {
		if (err)
			*err = why;
		return r;
	}
	context = build_find_context(build->source, name);
	if (context && !context->image) {
		ret_origin->context = context;
		return 0;
	}
	r = context ? 0 : base_check_name(name, err);
	if (r < 0)
		return r;
	ret_origin->kind = ORIGIN_IMAGE;
	ret_origin->image = base_get(build, context ? context->image : name,
				     &build->target, NULL);
	return 0;
}

int
origin_advance(const struct origin *origin, struct err *err)
{
	int r;

	switch (origin->kind) {
	case ORIGIN_STAGE:
		return origin->stage->state == STAGE_DONE;
	case ORIGIN_IMAGE:
		r = base_advance(origin->image, err);
		if (r < 0 && origin->image->build->stage_count)
			hint_stage(&origin->image->build->stages
					    [origin->image->build->stage_count -
					     1],
				   origin->image->name, err);
		return r;
	default:
		return 1;
	}
}

const struct chain *
origin_chain(const struct origin *origin)
{
	if (origin->kind == ORIGIN_STAGE)
		return &origin->stage->chain;
	return origin->kind == ORIGIN_IMAGE ? &origin->image->chain : NULL;
}

int
origin_open(const struct origin *origin, struct store *store,
	    struct walk_source *ret_source, struct err *err)
{
	cleanup_strvec struct strvec paths = STRVEC_INIT;
	const struct chain *chain = origin_chain(origin);
	int r;

	*ret_source = (struct walk_source){ .is_context = !chain };
	if (chain) {
		r = chain_paths(store, chain, &paths, err);
		return r < 0 ? r
			     : view_add(&ret_source->view, store->dirfd, &paths,
					err);
	}
	if (origin->context->fd < 0) {
		(void)err_set(err, ENOENT, "there is no build context");
		err_hint(err, "give a directory, as in: dhow build DIR");
		return -ENOENT;
	}
	ret_source->ignore = origin->context->ignore;
	return view_add_fd(&ret_source->view, origin->context->fd, err);
}

/* "from=" of a mount; it has no variables. */
static int
need_mount(struct stage *stage, const char *value, struct err *err)
{
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	struct origin origin;
	int r = 0;

	if (csv_split(value, &fields, NULL) < 0)
		return 0; /* df_step_make() tells it better */
	for (size_t i = 0; r == 0 && i < fields.len; i++) {
		const char *field = fields.v[i];
		size_t len = strlen("from=");

		if (!strncasecmp(field, "from=", len) && !strchr(field, '$'))
			r = origin_find(stage, field + len, &origin, err);
	}
	return r;
}

int
deps_need(struct stage *stage, const struct df_instruction *in, struct err *err)
{
	struct build *build = stage->build;
	struct origin origin;

	for (size_t i = 0; i < in->flag_count; i++) {
		const struct df_flag *flag = &in->flags[i];
		int r = 0;

		if (!flag->value)
			continue;
		if (in->cmd == DF_COPY && !strcmp(flag->name, "from") &&
		    !strchr(flag->value, '$'))
			r = origin_find(stage, flag->value, &origin, err);
		if (in->cmd == DF_RUN && !strcmp(flag->name, "mount"))
			r = need_mount(stage, flag->value, err);
		if (r < 0 && !build->result->range.line) {
			build->result->range = in->range;
			return err_wrap(err, r, "%s:%d:%d", build->df->name,
					flag->range.line, flag->range.col);
		}
		if (r < 0)
			return r;
	}
	return 0;
}
