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
#include "spec/abs_path.h"
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
	      const struct df_flag *flag, const char *name, size_t before)
{
	struct err inner = ERR_INIT;
	size_t stage;
	int r;

	if (!name || !*name)
		return 0;
	r = dockerfile_find_stage(run->df, name, before, &stage, &inner);
	if (r == -EINVAL) {
		run->failed = in->range;
		return dockerfile_err(run->df, &flag->range, run->err, EINVAL,
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
		r = df_check_want(run, in, flag, from, before);
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
df_check_platform(const struct df_check_run *run, size_t i,
		  const struct platform *have)
{
	const struct df_base *base = &run->bases[i];
	const struct platform *want = base->has_platform
					      ? &base->platform
					      : &run->check->inputs->target;
	cleanup_strbuf struct strbuf have_text = STRBUF_INIT;
	cleanup_strbuf struct strbuf want_text = STRBUF_INIT;

	if (!have->arch[0] ||
	    (!strcmp(have->os, want->os) && !strcmp(have->arch, want->arch)))
		return;
	platform_add(&have_text, have);
	platform_add(&want_text, want);
	df_lint_add(
		run->check->lint, DF_RULE_INVALID_BASE_IMAGE_PLATFORM,
		&run->df->stages[i].from->range,
		"Base image %s was pulled with platform \"%s\", expected \"%s\" for current build",
		base->image, have_text.buf, want_text.buf);
}

static void
df_check_start(struct df_check_run *run, size_t i)
{
	const struct df_check *check = run->check;
	const struct df_base *base = &run->bases[i];
	struct df_image image = { .env = STRVEC_INIT };

	if (base->is_stage) {
		df_scope_copy(&run->scopes[i], &run->scopes[base->stage]);
		return;
	}
	if (check->image && !base->is_scratch)
		check->image(check->arg, base, &image);
	df_check_platform(run, i, &image.platform);
	df_scope_init(&run->scopes[i], &image.env);
	run->scopes[i].has_shell = image.has_shell;
	strvec_release(&image.env);
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

	if (r < 0)
		run.failed = run.globals.failed;
	else
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

/* "./a//b/" as the patterns have it: "a/b"; "" is everything. */
static char *
df_check_context_path(const char *source)
{
	char *path = abs_path_join("/", source);

	(void)memmove(path, path + 1, strlen(path));
	return path;
}

/*
 * What is excluded with all that is below it; of a directory of which
 * something is wanted, something is copied.
 */
void
df_lint_ignored(struct df_lint *lint, const struct df_step *step,
		const struct ignore *ignore)
{
	if ((step->cmd != DF_COPY && step->cmd != DF_ADD) || step->copy.from)
		return;
	for (size_t i = 0; i < step->copy.sources.len; i++) {
		const char *source = step->copy.sources.v[i];
		cleanup_free char *path = df_check_context_path(source);

		if (df_source_of(source) == DF_SOURCE_LOCAL && *path &&
		    !strpbrk(source, "*?[") && ignore_excludes(ignore, path) &&
		    ignore_may_skip_dir(ignore, path))
			df_lint_add(
				lint, DF_RULE_COPY_IGNORED_FILE,
				&step->from->range,
				"Attempting to %s file \"%s\" that is excluded by .dockerignore",
				step->cmd == DF_ADD ? "Add" : "Copy", path);
	}
}
