/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_check.c - evaluate a Dockerfile without building anything.
 *
 * A stage only ever needs earlier ones, so what a target needs is found going
 * up from it, and all of it is evaluated going down again.
 */
#include "dockerfile/df_check.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_outline.h"
#include "dockerfile/df_source.h"
#include "spec/csv.h"

struct df_check_run {
	const struct dockerfile *df;
	const struct df_check *check;
	struct df_globals globals;
	struct df_base *bases;   /* one a stage */
	struct df_scope *scopes; /* one a stage, at its end */
	bool *wanted;            /* one a stage */
	struct df_range failed;
	struct err *err;
};

/* "from=X" among the options of a mount; NULL when there is none. */
static char *
df_check_mount_from(const char *text)
{
	cleanup_strvec struct strvec fields = STRVEC_INIT;

	if (csv_split(text, &fields, NULL) < 0)
		return NULL;
	for (size_t i = 0; i < fields.len; i++)
		if (!strncasecmp(fields.v[i], "from=", 5))
			return xstrdup(fields.v[i] + 5);
	return NULL;
}

/* A stage that @name means is wanted too. */
static int
df_check_want(struct df_check_run *run, const struct df_instruction *in,
	      const char *name, size_t before)
{
	struct err inner = ERR_INIT;
	size_t stage;
	int r;

	if (!name || !*name)
		return 0;
	r = dockerfile_find_stage(run->df, name, before, &stage, &inner);
	if (r == -EINVAL) {
		run->failed = in->range;
		return dockerfile_err(run->df, &in->range, run->err, EINVAL,
				      "%s: %s", df_cmd_name(in->cmd),
				      inner.text);
	}
	if (r == 0)
		run->wanted[stage] = true;
	return 0;
}

static int
df_check_want_of(struct df_check_run *run, const struct df_instruction *in,
		 size_t before)
{
	for (size_t i = 0; i < in->flag_count; i++) {
		const struct df_flag *flag = &in->flags[i];
		cleanup_free char *from = NULL;
		int r;

		if (in->cmd == DF_COPY && !strcmp(flag->name, "from"))
			from = xstrdup_null(flag->value);
		else if (in->cmd == DF_RUN && !strcmp(flag->name, "mount"))
			from = df_check_mount_from(flag->value ?: "");
		r = df_check_want(run, in, from, before);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the stage stands on, and takes from. */
static int
df_check_needs(struct df_check_run *run, size_t i)
{
	const struct df_stage *stage = &run->df->stages[i];
	int r;

	run->failed = stage->from->range;
	r = df_base_resolve(run->df, stage, &run->globals, &run->bases[i],
			    run->check->lint, run->err);
	if (r == 0 && run->bases[i].is_stage)
		run->wanted[run->bases[i].stage] = true;
	for (size_t j = 0; r == 0 && j < stage->len; j++)
		r = df_check_want_of(run, &stage->items[j], i);
	return r;
}

static void
df_check_start(struct df_check_run *run, size_t i)
{
	const struct df_check *check = run->check;
	const struct df_base *base = &run->bases[i];
	cleanup_strvec struct strvec env = STRVEC_INIT;
	bool has_shell = false;

	if (base->is_stage) {
		df_scope_copy(&run->scopes[i], &run->scopes[base->stage]);
		return;
	}
	if (check->image_env && !base->is_scratch)
		check->image_env(check->arg, base, &env, &has_shell);
	df_scope_init(&run->scopes[i], &env);
	run->scopes[i].has_shell = has_shell;
}

static int
df_check_stage(struct df_check_run *run, size_t i)
{
	const struct df_stage *stage = &run->df->stages[i];
	const struct df_check *check = run->check;

	df_check_start(run, i);
	for (size_t j = 0; j < stage->len; j++) {
		const struct df_instruction *in = &stage->items[j];
		struct df_step step;
		int r;

		run->failed = in->range;
		r = df_step_make(run->df, in, &run->scopes[i], &run->globals,
				 &step, check->lint, run->err);
		if (r < 0)
			return r;
		if (check->lint && check->ignore)
			df_lint_ignored(check->lint, &step, check->ignore);
		if (check->outline)
			df_outline_add(check->outline, &step);
		df_scope_apply(&run->scopes[i], &step);
		df_step_release(&step);
	}
	return 0;
}

static int
df_check_stages(struct df_check_run *run)
{
	const struct df_check *check = run->check;
	size_t last = run->df->stage_count - 1;
	int r = 0;

	if (!check->all_stages)
		r = dockerfile_find_target(run->df, check->inputs->target_stage,
					   &last, run->err);
	if (r < 0)
		return r;
	run->wanted[last] = true;
	for (size_t i = last + 1; r == 0 && i > 0; i--)
		if (run->wanted[i - 1] || check->all_stages) {
			run->wanted[i - 1] = true;
			r = df_check_needs(run, i - 1);
		}
	for (size_t i = 0; r == 0 && i <= last; i++)
		if (run->wanted[i])
			r = df_check_stage(run, i);
	if (r == 0 && check->outline)
		df_outline_add_globals(check->outline, run->df, run->wanted,
				       &run->globals);
	return r;
}

int
df_check_run(const struct dockerfile *df, const struct df_check *check,
	     struct df_range *ret_failed, struct err *err)
{
	struct df_check_run run = {
		.df = df,
		.check = check,
		.globals = DF_GLOBALS_INIT,
		.bases = xcalloc(df->stage_count, sizeof(*run.bases)),
		.scopes = xcalloc(df->stage_count, sizeof(*run.scopes)),
		.wanted = xcalloc(df->stage_count, sizeof(*run.wanted)),
		.failed = df->instructions[0].range,
		.err = err,
	};
	int r = df_globals_init(df, check->inputs, &run.globals, check->lint,
				err);

	if (r == 0)
		r = df_check_stages(&run);
	if (r < 0)
		*ret_failed = run.failed;
	for (size_t i = 0; i < df->stage_count; i++) {
		df_base_release(&run.bases[i]);
		df_scope_release(&run.scopes[i]);
	}
	df_globals_release(&run.globals);
	free(run.bases);
	free(run.scopes);
	free(run.wanted);
	return r;
}

void
df_lint_ignored(struct df_lint *lint, const struct df_step *step,
		const struct ignore *ignore)
{
	if ((step->cmd != DF_COPY && step->cmd != DF_ADD) || step->copy.from)
		return;
	for (size_t i = 0; i < step->copy.sources.len; i++) {
		const char *source = step->copy.sources.v[i];
		cleanup_free char *path = NULL;
		size_t len;

		if (df_source_of(source) != DF_SOURCE_LOCAL ||
		    strpbrk(source, "*?["))
			continue;
		while (text_starts(source, "/") || text_starts(source, "./"))
			source += *source == '/' ? 1 : 2;
		path = xstrdup(source);
		for (len = strlen(path); len && path[len - 1] == '/'; len--)
			path[len - 1] = '\0';
		if (*path && strcmp(path, ".") != 0 &&
		    ignore_excludes(ignore, path))
			df_lint_add(
				lint, DF_RULE_COPY_IGNORED_FILE,
				&step->from->range,
				"Attempting to Copy file \"%s\" that is excluded by .dockerignore",
				path);
	}
}
