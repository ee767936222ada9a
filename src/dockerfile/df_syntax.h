/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_syntax.h - "# syntax=docker/dockerfile:1"; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_SYNTAX_H
#define DHOW_DOCKERFILE_DF_SYNTAX_H

#include "dockerfile/dockerfile.h"

/* Is the file in the language this room reads? Else -EINVAL. */
int df_syntax_check(struct dockerfile *df, struct err *err);

#endif
