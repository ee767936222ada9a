/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/dockerfile_fault.h - the lines of a Dockerfile that something is about.
 */
#ifndef DHOW_CLI_DOCKERFILE_FAULT_H
#define DHOW_CLI_DOCKERFILE_FAULT_H

#include "dockerfile/dockerfile.h"

/* Print the excerpt to stderr, above the error that main() will print. */
void dockerfile_fault_show(const struct dockerfile *df,
			   const struct df_range *range);

#endif
