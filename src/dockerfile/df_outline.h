/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_outline.h - what a build may be given; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_OUTLINE_H
#define DHOW_DOCKERFILE_DF_OUTLINE_H

#include "dockerfile/df_check.h"

/* An ARG's names, a RUN's secrets and ssh sockets. */
void df_outline_add(struct df_outline *outline, const struct df_step *step);

/* Global ARGs that the FROM lines of @wanted stages use. */
void df_outline_add_globals(struct df_outline *outline,
			    const struct dockerfile *df, const bool *wanted,
			    const struct df_globals *globals);

#endif
