/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_form.h - how many words an instruction takes; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_FORM_H
#define DHOW_DOCKERFILE_DF_FORM_H

#include "dockerfile/dockerfile.h"

/* Cut in->text behind the flags (in->args_at) into in->args. -EINVAL. */
int df_form_read(struct dockerfile *df, struct df_instruction *in,
		 struct err *err);

/* Are the words those the instruction takes? -EINVAL. */
int df_form_check(struct dockerfile *df, const struct df_instruction *in,
		  struct err *err);

/* ENV, LABEL: "k" and the rest, without '='. */
bool df_form_is_legacy(const struct df_instruction *in);

#endif
