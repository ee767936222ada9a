/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_secret_name.h - names that sound like secrets; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_SECRET_NAME_H
#define DHOW_DOCKERFILE_DF_SECRET_NAME_H

#include "dockerfile/df_lint.h"

/* Warn when the variable @name of an @instruction sounds like a secret. */
void df_secret_name_check(struct df_lint *lint, const char *instruction,
			  const char *name, const struct df_range *range);

#endif
