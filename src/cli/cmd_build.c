/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_build.c - dhow build.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "build/build.h"
#include "cli/build_call.h"
#include "cli/build_flags.h"
#include "cli/build_show.h"
#include "cli/build_spec.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/dockerfile_fault.h"
#include "cli/manifest_list.h"
#include "cli/pull_image.h"
#include "cli/say.h"
#include "cli/transfer_show.h"

/* One build, from its flags to its end. */
struct job {
	struct cmd_ctx *ctx;
	struct session *session;
	struct build_options opts;
	struct build_call call;
	enum build_style style;
	struct build_show *show;
	struct build_source *source; /* open: owns the Dockerfile */
	struct df_lint lint;
};

static void
job_release(struct job *job)
{
	df_lint_release(&job->lint);
	build_source_close(job->source);
	build_show_free(job->show);
	build_options_release(&job->opts);
}

#define cleanup_job cleanup_release(job_release)

static int
read_flags(struct job *job)
{
	const struct args *args = job->ctx->args;
	struct err *err = job->ctx->err;
	int r = build_call_parse(args_str(args, "call"), &job->call, err);

	if (r == 0 && args_bool(args, "check"))
		job->call.method = BUILD_METHOD_CHECK;
	if (r == 0)
		r = build_style_of(args_bool(args, "quiet")
					   ? "quiet"
					   : args_str(args, "progress"),
				   STDERR_FILENO, &job->style, err);
	/* What is asked for is all that is shown then. */
	if (job->call.method != BUILD_METHOD_BUILD)
		job->style = BUILD_STYLE_QUIET;
	return r < 0 ? r : build_spec_fill(job->ctx, &job->opts);
}

/* The Dockerfile parsed, its warnings begun. */
static int
open_source(struct job *job)
{
	struct err *err = job->ctx->err;
	struct build_sink sink = build_show_sink(job->show);
	const struct strvec *args = &job->opts.build_args;
	const char *syntax = strvec_env_get(args, "BUILDKIT_SYNTAX");
	struct dockerfile *df;
	int r = build_source_open(job->session, &job->opts, &sink, &job->source,
				  err);

	if (r < 0)
		return r;
	df = build_source_dockerfile(job->source);
	if (syntax)
		dockerfile_set_syntax(df, syntax);
	r = dockerfile_parse(df, err);
	if (r < 0) {
		build_show_end(job->show);
		dockerfile_fault_show(df, &df->failed);
		return r;
	}
	return df_lint_init(&job->lint, df,
			    strvec_env_get(args, "BUILDKIT_DOCKERFILE_CHECK"),
			    err);
}

static int
call(struct job *job)
{
	const struct dockerfile *df = build_source_dockerfile(job->source);
	struct df_range failed = { 0 };
	int r = build_call_run(&job->call, job->session, &job->opts,
			       job->source, &job->lint, &failed, job->ctx->err);

	if (r < 0)
		dockerfile_fault_show(df, &failed);
	return r;
}

/* check=error=true: a warning is an error, before anything is done. */
static int
refuse_warnings(struct job *job)
{
	const struct dockerfile *df = build_source_dockerfile(job->source);
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct df_range failed = { 0 };
	int r = build_call_check(job->session, &job->opts, job->source,
				 &job->lint, NULL, &failed, job->ctx->err);

	if (r < 0) {
		dockerfile_fault_show(df, &failed);
		return r;
	}
	df_lint_sort(&job->lint);
	for (size_t i = 0; i < job->lint.len; i++)
		df_warning_add_text(&job->lint.items[i], df, &text);
	say_trouble(span_new(text.buf, text.len));
	if (!job->lint.len)
		return 0;
	return err_set(job->ctx->err, EINVAL,
		       "lint violation found for rules: %s%s",
		       df_rule_name(job->lint.items[0].rule),
		       job->lint.len > 1 ? ", ..." : "");
}

static void
say_warnings(struct job *job)
{
	struct df_lint *lint = &job->lint;

	if (!lint->len || job->style == BUILD_STYLE_QUIET ||
	    job->style == BUILD_STYLE_JSON)
		return;
	df_lint_sort(lint);
	(void)fprintf(stderr,
		      "\n %zu warning%s found (--check explains them):\n",
		      lint->len, lint->len == 1 ? "" : "s");
	for (size_t i = 0; i < lint->len; i++)
		(void)fprintf(stderr, " - %s: %s (line %d)\n",
			      df_rule_name(lint->items[i].rule),
			      lint->items[i].detail, lint->items[i].range.line);
}

static int
push_one(struct job *job, const char *name)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct transfer_show show = {
		.fd = STDERR_FILENO,
		.style = job->style == BUILD_STYLE_QUIET ? PROGRESS_QUIET
							 : PROGRESS_AUTO,
		.stdin_fd = -1,
	};
	int r = pull_request_from_args(job->ctx, &request);

	if (r < 0)
		return r;
	request.op = TRANSFER_PUSH;
	request.name = xstrdup(name);
	return transfer_show(job->session, &request, &show, job->ctx->err);
}

/* Every tag, and the name of each output that says push. */
static int
push(struct job *job)
{
	const struct build_options *opts = &job->opts;
	bool all_tags = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < opts->output_count; i++) {
		all_tags |= opts->outputs[i].push;
		if (opts->outputs[i].push && opts->outputs[i].name)
			r = push_one(job, opts->outputs[i].name);
	}
	for (size_t i = 0; r == 0 && all_tags && i < opts->tags.len; i++)
		r = push_one(job, opts->tags.v[i]);
	return r;
}

/* --manifest: one more of the images under one name. */
static int
add_to_list(struct job *job, const char *name, const char *image)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	int r = manifest_list_open(job->ctx, &session, name, &list);

	if (r == 0)
		r = manifest_list_add(&list, image, false, NULL);
	return r < 0 ? r : manifest_list_save(&list);
}

static int
build(struct job *job)
{
	const char *list = args_str(job->ctx->args, "manifest");
	struct build_sink sink = build_show_sink(job->show);
	struct build_result result = { .failed = NULL };
	int r = job->lint.errors ? refuse_warnings(job) : 0;

	if (r < 0)
		return r;
	r = build_run(job->source, &job->lint, &sink, &result, job->ctx->err);
	build_show_end(job->show);
	if (r < 0) {
		if (result.failed)
			build_show_failure(job->show, result.failed);
		if (result.range.line)
			dockerfile_fault_show(
				build_source_dockerfile(job->source),
				&result.range);
		return r;
	}
	if (result.image.text[0])
		build_show_image(job->show, result.image.text, &job->opts.tags);
	say_warnings(job);
	if (list && result.image.text[0])
		r = add_to_list(job, list, result.image.text);
	if (r == 0)
		r = push(job);
	if (r == 0 && job->style == BUILD_STYLE_QUIET && result.image.text[0])
		(void)printf("%s\n", result.image.text);
	return r;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_job struct job job = {
		.ctx = ctx,
		.session = &session,
		.opts = BUILD_OPTIONS_INIT,
		.lint = DF_LINT_INIT,
	};
	int r = read_flags(&job);

	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r < 0)
		return r;
	job.show = build_show_new(job.style, STDERR_FILENO);
	r = open_source(&job);
	if (r < 0)
		return r;
	return job.call.method == BUILD_METHOD_BUILD ? build(&job) : call(&job);
}

static const struct cmd_example examples[] = {
	{ "build what the Dockerfile here describes", "dhow build -t app ." },
	{ "only see what is wrong with it", "dhow build --check ." },
	{ "get the files instead of an image",
	  "dhow build --target dist -o dist ." },
};

const struct cmd cmd_build = {
	.path = "build",
	.aliases = "buildx build|builder build|image build",
	.summary = "build an image from a Dockerfile",
	.operands = "PATH|URL|-",
	.about =
		"Dockerfiles are read as BuildKit reads docker/dockerfile:1. Stages that the target does not need are left out, others are built side by side. A step is only done when something that it depends on has changed: its text, the variables it sees, the content of files it copies; never their times.\n\n"
		"PATH is the context, whose files COPY and ADD can take, but for those that .dockerignore excludes. It may be an archive or a repository too, or - for an archive or a Dockerfile from standard input.",
	.exits =
		"1 when a step fails, or when --check finds something to warn of.",
	.flags = build_flags,
	.flag_count = BUILD_FLAGS_COUNT,
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_DIR,
	.run = run,
};
