/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/inspect_print.h - what the inspect commands print, by --format.
 */
#ifndef DHOW_CLI_INSPECT_PRINT_H
#define DHOW_CLI_INSPECT_PRINT_H

#include "cli/cmd.h"
#include "data/node.h"

/*
 * Print the array @found. Returns @status, the exit status so far, or -errno
 * when the format is bad.
 */
int inspect_print(struct cmd_ctx *ctx, const struct node *found, int status);

#endif
