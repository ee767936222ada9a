/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/inspect_objects.h - the inspect commands: find by name or id, print.
 */
#ifndef DHOW_CLI_INSPECT_OBJECTS_H
#define DHOW_CLI_INSPECT_OBJECTS_H

#include <stdbool.h>

#include "cli/cmd.h"

/*
 * Look every operand up and print the array of what was found, by the
 * command's --format. What is missing is told on standard error.
 *
 * @type: "container", "image", "volume", … or "all"
 * @size: what containers take on disk, too
 *
 * Returns the exit status (1: something is missing) or -errno.
 */
int inspect_objects(struct cmd_ctx *ctx, const char *type, bool size);

#endif
