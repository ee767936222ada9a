/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_spec.h - from the flags of build to what is asked for.
 */
#ifndef DHOW_CLI_BUILD_SPEC_H
#define DHOW_CLI_BUILD_SPEC_H

#include "build/build.h"
#include "cli/cmd.h"

/* Returns 0, -EINVAL or -ENOENT naming the flag, -EOPNOTSUPP. */
int build_spec_fill(const struct cmd_ctx *ctx, struct build_options *opts);

#endif
