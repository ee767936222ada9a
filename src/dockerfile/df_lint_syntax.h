/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_lint_syntax.h - warnings that need no variables; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_LINT_SYNTAX_H
#define DHOW_DOCKERFILE_DF_LINT_SYNTAX_H

#include "dockerfile/df_lint.h"

void df_lint_syntax(struct df_lint *lint, const struct dockerfile *df);

#endif
