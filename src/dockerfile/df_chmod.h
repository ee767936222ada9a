/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_chmod.h - COPY --chmod: "0644", "u=rwX,go=rX", "+x".
 *
 * Symbolic modes are chmod(1)'s with a umask of 022 where no "ugoa" stands.
 */
#ifndef DHOW_DOCKERFILE_DF_CHMOD_H
#define DHOW_DOCKERFILE_DF_CHMOD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Returns 0 or -EINVAL. */
int df_chmod_check(const char *text, struct err *err);

/* The permission bits (07777) that @text, checked before, makes of @mode. */
mode_t df_chmod_apply(const char *text, mode_t mode, bool is_dir);

#endif
