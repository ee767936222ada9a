/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/build_run.c - the build as a whole: stages, children, signals, end.
 *
 * One thread and one loop. States: advancing (as far as the cache goes),
 * waiting for children, output, over. The first failure ends all children.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/units.h"
#include "build/cache_move.h"
#include "net/net_client.h"

#define BUILD_TICK_NS (UNITS_NS_PER_S / 10)
#define BUILD_MAX_JOBS 64

struct context *
build_find_context(struct build_source *source, const char *name)
{
	cleanup_free char *tagged = xasprintf("%s:latest", name);

	for (size_t i = 1; i < source->context_count; i++) {
		struct context *context = &source->contexts[i];

		if (!strcasecmp(context->name, name) ||
		    !strcasecmp(context->name, tagged))
			return context;
	}
	return NULL;
}

void
build_fail(struct build *build, int r, const struct err *err,
	   struct build_vertex *vertex, const struct df_range *range)
{
	if (build->r < 0)
		return;
	build->r = r;
	if (err)
		build->err = *err;
	if (vertex) {
		vertex_tell(build, vertex, BUILD_EVENT_FAILED, build->err.text);
		build->result->failed = vertex;
	}
	if (range && !build->result->range.line)
		build->result->range = *range;
	loop_stop(build->loop, 0);
}

struct task *
build_task(struct build *build, const struct task_spec *spec, struct err *err)
{
	struct task *task = task_start(build->loop, spec, err);

	if (task)
		array_push(build->tasks, build->task_count, build->task_cap,
			   task);
	return task;
}

void
build_task_over(struct build *build, struct task *task)
{
	for (size_t i = 0; i < build->task_count; i++)
		if (build->tasks[i] == task) {
			build->tasks[i] = build->tasks[--build->task_count];
			return;
		}
}

const char *
build_arg(const struct build *build, const char *name)
{
	return strvec_env_get(&build->opts->build_args, name)
		       ?: strvec_env_get(&build->globals.args, name);
}

bool
build_may_work(const struct build *build)
{
	size_t most = build->opts->jobs ?: BUILD_MAX_JOBS;

	return build->working < most;
}

static void
try_stages(struct build *build, int (*try)(struct stage *stage, struct err *))
{
	for (size_t i = 0; i < build->stage_count && build->r == 0; i++) {
		struct stage *stage = &build->stages[i];
		struct err err = ERR_INIT;
		int r = try(stage, &err);

		if (r < 0)
			build_fail(build, r, &err, stage->vertex,
				   stage->at < stage->item_count
					   ? &stage->items[stage->at].in->range
					   : &stage->df->from->range);
	}
}

/* Everything that can go on does; each step found may free another. */
void
build_advance(struct build *build)
{
	size_t done, before;

	do {
		before = 0;
		done = 0;
		for (size_t i = 0; i < build->stage_count; i++)
			before += build->stages[i].at + build->stages[i].state;
		/* All that can are looked through before the first one runs. */
		try_stages(build, stage_stand);
		try_stages(build, stage_advance);
		for (size_t i = 0; i < build->stage_count; i++)
			done += build->stages[i].at + build->stages[i].state;
	} while (build->r == 0 && done != before);
	if (build->stages[build->target_stage].state == STAGE_DONE)
		loop_stop(build->loop, 0);
}

/* Holds the user namespace and the network between steps. */
static int
keeper_work(void *data, struct task_link *link, struct node *result,
	    struct err *err)
{
	struct build *build = data;
	int connfd = -EBADF;
	int rundirfd;
	int r = session_enter(build->session, true, err);

	task_die_with_parent(link);
	if (r < 0)
		return r;
	rundirfd = paths_open_run(&build->session->paths, err);
	/* A step that cannot have its network tells why. */
	if (rundirfd >= 0)
		(void)net_connect(rundirfd, &connfd, NULL);
	for (;;)
		(void)pause();
}

static void
keeper_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct build *build = data;

	build->keeper = NULL;
}

static bool
runs_commands(const struct build *build)
{
	for (size_t i = 0; i < build->stage_count; i++) {
		const struct stage *stage = &build->stages[i];

		for (size_t k = 0; stage->needed && k < stage->df->len; k++)
			if (stage->df->items[k].cmd == DF_RUN)
				return true;
	}
	return false;
}

static void
start_keeper(struct build *build)
{
	struct task_spec spec = { .work = keeper_work,
				  .end = keeper_end,
				  .data = build };

	if (!build->working || build->keeper || !runs_commands(build))
		return;
	build->keeper = task_start(build->loop, &spec, NULL);
}

static int
on_signal(struct loop_source *source, const struct signalfd_siginfo *info,
	  void *data)
{
	struct build *build = data;
	struct err err = ERR_INIT;
	int r = err_set(&err, ECANCELED, "stopped");

	build_fail(build, r, &err, NULL, NULL);
	return 0;
}

static int
on_tick(struct loop_source *source, void *data)
{
	struct build *build = data;

	if (build->sink.tick)
		build->sink.tick(build->sink.data);
	loop_set_timer(source, BUILD_TICK_NS);
	return 0;
}

static void
watch(struct build *build)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)loop_add_signals(build->loop, &set, on_signal, build);
	if (build->sink.tick)
		(void)loop_add_timer(build->loop, BUILD_TICK_NS, on_tick,
				     build);
}

static int
plan(struct build *build, struct err *err)
{
	const struct build_options *opts = build->opts;
	struct df_inputs inputs = { .build_args = &opts->build_args,
				    .target_stage = opts->target };
	int r;

	platform_host(&build->host);
	build->target = opts->platform.arch[0] ? opts->platform : build->host;
	inputs.target = build->target;
	inputs.build = build->host;
	r = dockerfile_find_target(build->df, opts->target,
				   &build->target_stage, err);
	if (r == 0)
		r = df_globals_init(build->df, &inputs, &build->globals,
				    build->lint, err);
	if (r < 0) {
		build->result->range = build->globals.failed;
		return r;
	}
	build->stage_count = build->df->stage_count;
	build->stages = xcalloc(build->stage_count, sizeof(*build->stages));
	for (size_t i = 0; i < build->stage_count; i++)
		stage_init(&build->stages[i], build, i);
	for (size_t i = 0; r == 0 && i < build->stage_count; i++)
		r = stage_resolve(&build->stages[i], err);
	if (r < 0)
		return r;
	return stage_need(&build->stages[build->target_stage], err);
}

static int
open_cache(struct build *build, struct err *err)
{
	int r = store_lay_out(build->store, err);

	if (r == 0)
		r = step_cache_lay_out(build->store, err);
	if (r < 0)
		return r;
	build->holdfd = step_cache_hold(build->store, err);
	if (build->holdfd < 0)
		return build->holdfd;
	store_collect_tmp(build->store);
	build->pinfd = store_pin(build->store, err);
	return build->pinfd < 0 ? build->pinfd : 0;
}

/* Until the target stands, or something failed. */
static int
work(struct build *build, struct err *err)
{
	build_advance(build);
	start_keeper(build);
	while (build->r == 0 &&
	       build->stages[build->target_stage].state != STAGE_DONE) {
		int r = loop_run(build->loop);

		if (r < 0)
			return err_set(err, -r, "the build's loop failed");
		start_keeper(build);
	}
	return 0;
}

static void
warn_unused_args(struct build *build)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;

	df_globals_unused(build->df, &build->globals, &names);
	for (size_t i = 0; i < names.len; i++) {
		cleanup_free char *text = xasprintf(
			"build arg '%s' is not used by any ARG", names.v[i]);

		vertex_tell(build, NULL, BUILD_EVENT_NOTE, text);
	}
}

static void
build_release(struct build *build)
{
	task_kill(build->keeper);
	for (size_t i = 0; i < build->task_count; i++)
		task_kill(build->tasks[i]);
	free(build->tasks);
	for (size_t i = 0; i < build->stage_count; i++)
		stage_release(&build->stages[i]);
	free(build->stages);
	for (size_t i = 0; i < build->base_count; i++)
		base_free(build->bases[i]);
	free(build->bases);
	df_globals_release(&build->globals);
	strvec_release(&build->new_keys);
	loop_free(build->loop);
	cleanup_close_p(&build->holdfd);
	cleanup_close_p(&build->pinfd);
	/* What killed children left; others' work is left alone. */
	store_collect_tmp(build->store);
}

static int
run(struct build *build, struct err *err)
{
	int r = open_cache(build, err);

	if (r == 0)
		r = plan(build, err);
	if (r < 0)
		return r;
	watch(build);
	cache_import(build);
	if (build->r == 0)
		r = work(build, err);
	if (r == 0 && build->r == 0) {
		warn_unused_args(build);
		r = build_output(build, &build->err);
		if (r < 0)
			build_fail(build, r, NULL, NULL, NULL);
	}
	if (build->r < 0) {
		if (err)
			*err = build->err;
		return build->r;
	}
	return r;
}

int
build_run(struct build_source *source, struct df_lint *lint,
	  const struct build_sink *sink, struct build_result *ret_result,
	  struct err *err)
{
	struct build *build = xcalloc(1, sizeof(*build));
	int r;

	*ret_result = (struct build_result){ .failed = NULL };
	build->source = source;
	build->opts = source->opts;
	build->session = source->session;
	build->store = source->store;
	build->df = source->df;
	build->lint = lint;
	build->sink = *sink;
	build->result = ret_result;
	build->holdfd = build->pinfd = -EBADF;
	build->loop = loop_new();
	r = run(build, err);
	build_release(build);
	/* Vertices live as long as the source: the result names one. */
	source->vertices = build->vertices;
	source->vertex_count = build->vertex_count;
	free(build);
	return r;
}
