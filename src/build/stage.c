/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/stage.c - one stage, instruction by instruction.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "build/build_priv.h"

static bool
makes_files(enum df_cmd cmd)
{
	return cmd == DF_RUN || cmd == DF_COPY || cmd == DF_ADD ||
	       cmd == DF_WORKDIR;
}

void
stage_init(struct stage *stage, struct build *build, size_t index)
{
	*stage = (struct stage){
		.build = build,
		.df = &build->df->stages[index],
		.index = index,
		.shown_total = 1,
	};
	if (stage->df->name)
		stage->replaced =
			build_find_context(build->source, stage->df->name);
	for (size_t i = 0; i < stage->df->len; i++)
		if (makes_files(stage->df->items[i].cmd))
			stage->shown_total++;
}

static void
drop_step(struct stage *stage)
{
	if (stage->step_is_made)
		df_step_release(&stage->step);
	stage->step_is_made = false;
}

void
stage_release(struct stage *stage)
{
	drop_step(stage);
	step_work_free(stage->work);
	if (stage->from_is_known)
		df_base_release(&stage->from);
	for (size_t i = 0; i < stage->item_count; i++)
		if (stage->items[i].is_trigger)
			dockerfile_free(stage->items[i].df);
	free(stage->items);
	if (stage->state != STAGE_BASE) {
		df_scope_release(&stage->scope);
		draft_release(&stage->draft);
	}
	chain_release(&stage->chain);
}

/* "[builder 2/5]", "[2/5]" when there is only one and it has no name. */
static struct build_vertex *
new_vertex(struct stage *stage, const struct df_range *range, const char *what)
{
	struct build *build = stage->build;
	const char *title = build->df->stage_count > 1 || stage->df->name
				    ? stage->df->title
				    : NULL;

	stage->shown++;
	return vertex_new(build, stage->df->title, range, "[%s%s%zu/%zu] %s",
			  title ?: "", title ? " " : "", stage->shown,
			  stage->shown_total, what);
}

static int
resolve_from(struct stage *stage, struct err *err)
{
	struct build *build = stage->build;
	int r;

	if (stage->from_is_known)
		return 0;
	r = df_base_resolve(build->df, stage->df, &build->globals, &stage->from,
			    build->lint, err);
	if (r < 0)
		return r;
	stage->from_is_known = true;
	if (build->opts->from && stage->index == 0) {
		free(stage->from.image);
		stage->from.image = xstrdup(build->opts->from);
		stage->from.is_scratch = false;
		stage->from.is_stage = false;
	}
	return 0;
}

/* A name that only an image can have is one. */
static int
check_name(const struct stage *stage, struct err *err)
{
	const struct df_range *at = &stage->df->from->args[0].range;
	struct build *build = stage->build;
	int r;

	if (stage->replaced || stage->from.is_stage || stage->from.is_scratch ||
	    build_find_context(build->source, stage->from.image))
		return 0;
	r = base_check_name(stage->from.image, err);
	return r < 0 ? err_wrap(err, r, "%s:%d:%d", build->df->name, at->line,
				at->col)
		     : 0;
}

int
stage_resolve(struct stage *stage, struct err *err)
{
	int r = resolve_from(stage, err);

	if (r == 0)
		r = check_name(stage, err);
	if (r < 0)
		stage->build->result->range = stage->df->from->range;
	return r;
}

/* The image or directory that FROM names, unless it is a stage or nothing. */
static void
find_base(struct stage *stage)
{
	struct build *build = stage->build;
	struct context *context = stage->replaced;
	const char *name = stage->from.image;

	if (!context && (stage->from.is_stage || stage->from.is_scratch))
		return;
	if (!context)
		context = build_find_context(build->source, name);
	if (context && !context->image) {
		stage->from_context = context;
		return;
	}
	stage->base = base_get(build, context ? context->image : name,
			       stage->from.has_platform ? &stage->from.platform
							: &build->target,
			       stage->df->title);
}

int
stage_need(struct stage *stage, struct err *err)
{
	struct build *build = stage->build;
	int r;

	if (stage->needed)
		return 0;
	stage->needed = true;
	r = stage_resolve(stage, err);
	if (r < 0)
		return r;
	find_base(stage);
	if (stage->from.is_stage && !stage->base && !stage->from_context)
		r = stage_need(&build->stages[stage->from.stage], err);
	for (size_t i = 0; r == 0 && !stage->replaced && i < stage->df->len;
	     i++)
		r = deps_need(stage, &stage->df->items[i], err);
	return r;
}

static int
add_trigger(struct stage *stage, const char *text, struct err *err)
{
	struct dockerfile *df = dockerfile_new("ONBUILD", span_of(text));
	int r = dockerfile_parse_trigger(df, err);

	if (r < 0) {
		dockerfile_free(df);
		return r;
	}
	array_push(stage->items, stage->item_count, stage->item_cap,
		   (struct stage_item){ .df = df,
					.in = &df->instructions[0],
					.is_trigger = true });
	if (makes_files(df->instructions[0].cmd))
		stage->shown_total++;
	return deps_need(stage, &df->instructions[0], err);
}

static int
list_items(struct stage *stage, const struct strvec *triggers, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < triggers->len; i++)
		r = add_trigger(stage, triggers->v[i], err);
	if (r < 0 || stage->replaced)
		return r;
	for (size_t i = 0; i < stage->df->len; i++)
		array_push(stage->items, stage->item_count, stage->item_cap,
			   (struct stage_item){ .df = stage->build->df,
						.in = &stage->df->items[i] });
	return 0;
}

/* A directory as a whole stage: all of it is copied. */
static int
list_context(struct stage *stage, struct err *err)
{
	cleanup_free char *text =
		xasprintf("FROM scratch\nCOPY --from=%s . /\n",
			  stage->from_context->name);
	struct dockerfile *df = dockerfile_new("build context", span_of(text));
	int r = dockerfile_parse(df, err);

	if (r < 0) {
		dockerfile_free(df);
		return r;
	}
	array_push(stage->items, stage->item_count, stage->item_cap,
		   (struct stage_item){ .df = df,
					.in = &df->stages[0].items[0],
					.is_trigger = true });
	stage->shown_total++;
	return 0;
}

static int
begin_on_stage(struct stage *stage, struct err *err)
{
	struct stage *parent = &stage->build->stages[stage->from.stage];

	df_scope_copy(&stage->scope, &parent->scope);
	draft_copy(&stage->draft, &parent->draft);
	chain_copy(&stage->chain, &parent->chain);
	return list_items(stage, &parent->draft.onbuild, err);
}

static int
begin_on_image(struct stage *stage, const struct image_config *config,
	       struct err *err)
{
	cleanup_strvec struct strvec triggers = STRVEC_INIT;

	if (config)
		node_get_strvec(node_get(config->doc, "config"), "OnBuild",
				&triggers);
	draft_init(&stage->draft, stage->build, config);
	df_scope_init(&stage->scope, &stage->draft.env);
	chain_of_image(&stage->chain, config);
	if (stage->from_context && list_context(stage, err) < 0)
		return -EINVAL;
	return list_items(stage, &triggers, err);
}

/* Returns 1 when the stage stands on its base, 0 when that is awaited. */
static int
begin(struct stage *stage, struct err *err)
{
	cleanup_strbuf struct strbuf what = STRBUF_INIT;
	bool on_stage =
		stage->from.is_stage && !stage->base && !stage->from_context;
	int r = 1;

	if (stage->base)
		r = base_advance(stage->base, err);
	else if (on_stage)
		r = stage->build->stages[stage->from.stage].state == STAGE_DONE;
	if (r <= 0)
		return r;
	strbuf_addf(&what, "FROM %s", stage->from.image);
	stage->from_vertex =
		new_vertex(stage, &stage->df->from->range, what.buf);
	vertex_tell(stage->build, stage->from_vertex, BUILD_EVENT_START, NULL);
	vertex_tell(stage->build, stage->from_vertex, BUILD_EVENT_CACHED, NULL);
	stage->state = STAGE_STEPS;
	if (on_stage)
		r = begin_on_stage(stage, err);
	else
		r = begin_on_image(
			stage, stage->base ? &stage->base->config : NULL, err);
	if (r == 0 && !on_stage)
		r = preflight_stage(stage, err);
	return r < 0 ? r : 1;
}

/* The step at hand changed what it changes: go on to the next. */
static void
next(struct stage *stage)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	const struct df_step *step = &stage->step;

	if (step->cmd == DF_RUN)
		df_command_argv(&step->run.command, &stage->draft.shell, &argv);
	else if (step->cmd == DF_CMD || step->cmd == DF_ENTRYPOINT)
		df_command_argv(&step->command, &stage->draft.shell, &argv);
	if (step->cmd != DF_ONBUILD) {
		df_step_add_history(
			step, &stage->scope, argv.len ? &argv : NULL,
			step->cmd == DF_WORKDIR ? stage->draft.workdir : NULL,
			&text);
		draft_add_history(&stage->draft, text.buf,
				  !makes_files(step->cmd) ||
					  (step->cmd == DF_WORKDIR &&
					   !strcmp(stage->draft.workdir, "/")),
				  draft_time(&stage->draft, stage->build));
	}
	df_scope_apply(&stage->scope, step);
	drop_step(stage);
	stage->at++;
}

void
stage_step_done(struct stage *stage, const char *key, bool cached)
{
	struct build *build = stage->build;
	cleanup_step_record struct step_record record = STEP_RECORD_INIT;
	const char *id = key;

	/* Written a moment ago, or looked up. */
	if (step_cache_read(build->store, key, &record) == 0 && record.id)
		id = record.id;
	chain_add_step(&stage->chain, key, id);
	if (record.created_ns)
		stage->draft.layer_ns = record.created_ns;
	vertex_tell(build, stage->vertex,
		    cached ? BUILD_EVENT_CACHED : BUILD_EVENT_DONE, NULL);
	step_work_free(stage->work);
	stage->work = NULL;
	stage->vertex = NULL;
	next(stage);
}

static int
make_step(struct stage *stage, struct err *err)
{
	const struct stage_item *item = &stage->items[stage->at];
	struct build *build = stage->build;
	int r;

	if (stage->step_is_made)
		return 0;
	r = df_step_make(item->df, item->in, &stage->scope, &build->globals,
			 &stage->step, build->lint, err);
	if (r < 0) {
		build->result->range = item->in->range;
		return r;
	}
	stage->step_is_made = true;
	if (makes_files(stage->step.cmd))
		stage->vertex =
			new_vertex(stage, &item->in->range, stage->step.title);
	return 0;
}

/* Returns 1 to go on with the next item, 0 to wait, -errno. */
static int
do_item(struct stage *stage, struct err *err)
{
	int r = make_step(stage, err);
	bool at_root;

	if (r < 0)
		return r;
	if (stage->step.cmd == DF_WORKDIR) {
		if (!stage->work)
			r = draft_apply(&stage->draft, &stage->step, err);
		at_root = !strcmp(stage->draft.workdir, "/");
		if (r == 0 && at_root) {
			vertex_tell(stage->build, stage->vertex,
				    BUILD_EVENT_CACHED, NULL);
			next(stage);
			return 1;
		}
	} else if (!makes_files(stage->step.cmd)) {
		r = draft_apply(&stage->draft, &stage->step, err);
		if (r == 0)
			next(stage);
		return r < 0 ? r : 1;
	}
	if (r == 0)
		r = step_begin(stage, err);
	return r == -EAGAIN ? 0 : r;
}

int
stage_stand(struct stage *stage, struct err *err)
{
	int r = 0;

	if (stage->needed && stage->state == STAGE_BASE)
		r = begin(stage, err);
	return r < 0 ? r : 0;
}

int
stage_advance(struct stage *stage, struct err *err)
{
	int r = 1;

	if (!stage->needed || stage->state == STAGE_DONE ||
	    (stage->work && stage->work->task))
		return 0;
	if (stage->state == STAGE_BASE)
		r = begin(stage, err);
	while (r > 0 && stage->at < stage->item_count)
		r = do_item(stage, err);
	if (r > 0 && stage->at == stage->item_count)
		stage->state = STAGE_DONE;
	return r < 0 ? r : 0;
}
