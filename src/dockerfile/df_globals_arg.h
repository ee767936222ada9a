/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_globals_arg.h - the value that one ARG gets; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_GLOBALS_ARG_H
#define DHOW_DOCKERFILE_DF_GLOBALS_ARG_H

#include "dockerfile/df_expand.h"
#include "dockerfile/df_scope.h"

/*
 * "N" or "N=default": --build-arg wins, then the default, then (@use_globals)
 * the global one. @ret_value is NULL when there is none of them.
 */
int df_globals_take_arg(struct df_globals *globals, const struct df_expand *run,
			const struct df_word *word, bool use_globals,
			char **ret_key, char **ret_value);

#endif
