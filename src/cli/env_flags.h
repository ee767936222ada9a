/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_flags.h - --env and --env-file of run and exec.
 */
#ifndef DHOW_CLI_ENV_FLAGS_H
#define DHOW_CLI_ENV_FLAGS_H

#include "cli/args.h"

/* Add the variables of the files, then those of --env: the last one counts. */
int env_flags_add(struct strvec *env, const struct args *args, struct err *err);

#endif
