/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_flags.h - which flags an instruction takes; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_FLAGS_H
#define DHOW_DOCKERFILE_DF_FLAGS_H

#include "dockerfile/dockerfile.h"

/* -EINVAL: unknown, twice, without a value, not true or false. */
int df_flags_check(struct dockerfile *df, const struct df_instruction *in,
		   struct err *err);

/* "" and "true" are true; the flag has been checked. */
/* Where its value begins. */
struct df_range df_flag_value_at(const struct df_flag *flag);
bool df_flag_is_on(const struct df_instruction *in, const char *name);

#endif
