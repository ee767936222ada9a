/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_check.h - evaluate a Dockerfile without building anything.
 *
 * For --call=check, outline and targets: every stage, or those a target
 * needs, is gone through; nothing is fetched or run.
 */
#ifndef DHOW_DOCKERFILE_DF_CHECK_H
#define DHOW_DOCKERFILE_DF_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strvec.h"
#include "dockerfile/df_lint.h"
#include "dockerfile/df_scope.h"
#include "dockerfile/df_step.h"
#include "dockerfile/ignore.h"

/* An ARG, a secret or an ssh socket that a build may be given. */
struct df_outline_row {
	char *name;
	char *value;       /* ARG: what it has now, or NULL */
	char *description; /* of the comment above it, or NULL */
	bool required;     /* secret, ssh */
	struct df_range range;
};

struct df_outline_list {
	struct df_outline_row *items; /* owned */
	size_t len;
	size_t cap;
};

struct df_outline {
	struct df_outline_list args, secrets, sshs;
};

#define DF_OUTLINE_INIT            \
	{                          \
		.args.items = NULL \
	}

void df_outline_release(struct df_outline *outline);

/* What an image is to what is built upon it. */
struct df_image {
	struct strvec env;        /* "K=V" */
	bool has_shell;           /* it sets SHELL */
	struct platform platform; /* arch "": it may be had for others too */
};

struct df_check {
	const struct df_inputs *inputs;
	bool all_stages; /* else those that inputs->target_stage needs */
	/* Fill what is known of an image; NULL: nothing is. */
	void (*image)(void *arg, const struct df_base *base,
		      struct df_image *image);
	void *arg;
	const struct ignore *ignore; /* for CopyIgnoredFile, or NULL */
	struct df_lint *lint;        /* or NULL */
	struct df_outline *outline;  /* or NULL */
};

/* Returns 0 or -EINVAL with a position; @ret_failed has it too. */
int df_check_run(const struct dockerfile *df, const struct df_check *check,
		 struct df_range *ret_failed, struct err *err);

/* Warn of literal sources that @ignore keeps out of the context. */
void df_lint_ignored(struct df_lint *lint, const struct df_step *step,
		     const struct ignore *ignore);

/* The text behind "name " among comments above an instruction, or NULL. */
char *df_doc_of(const struct df_instruction *in, const char *name);

#endif
