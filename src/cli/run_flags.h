/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_flags.h - the flags of run, all that docker and podman know.
 */
#ifndef DHOW_CLI_RUN_FLAGS_H
#define DHOW_CLI_RUN_FLAGS_H

#include "cli/flag.h"

#define RUN_FLAGS_COUNT 168

extern const struct flag run_flags[RUN_FLAGS_COUNT];
/* The same without what is about a container that starts. */
extern const struct flag create_flags[RUN_FLAGS_COUNT];

#endif
