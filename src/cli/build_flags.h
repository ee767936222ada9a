/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_flags.h - the flags of build, all that docker and podman know.
 */
#ifndef DHOW_CLI_BUILD_FLAGS_H
#define DHOW_CLI_BUILD_FLAGS_H

#include "cli/flag.h"

#define BUILD_FLAGS_COUNT 124

extern const struct flag build_flags[BUILD_FLAGS_COUNT];

#endif
