/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_step_priv.h - steps of one kind each; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_STEP_PRIV_H
#define DHOW_DOCKERFILE_DF_STEP_PRIV_H

#include "dockerfile/df_expand.h"
#include "dockerfile/df_step.h"

/* All fill @step, whose contents the caller releases also after a failure. */
int df_step_copy(const struct df_expand *run, struct df_step *step);
int df_step_run(const struct df_expand *run, struct df_step *step);
int df_step_expose(const struct df_expand *run, struct df_step *step);
int df_step_health(const struct df_expand *run, struct df_step *step);
int df_step_pairs(const struct df_expand *run, struct df_globals *globals,
		  struct df_step *step);

/* Words from @first on as a command. */
void df_step_command(const struct df_instruction *in, size_t first,
		     struct df_command *ret_command);
/* The flag @name with its variables replaced; NULL when it is not there. */
int df_step_flag(const struct df_expand *run, const char *name,
		 char **ret_value);
/* Start a story at @word (or the instruction); returns -EINVAL. */
int df_step_fail(const struct df_expand *run, const struct df_word *word,
		 const char *fmt, ...) ERR_PRINTF(3, 4);
/* The same at the flag @name. */
int df_step_fail_flag(const struct df_expand *run, const char *name,
		      const char *fmt, ...) ERR_PRINTF(3, 4);

char *df_step_title(const struct df_expand *run);

#endif
