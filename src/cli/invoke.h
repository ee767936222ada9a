/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/invoke.h - a command with its words.
 */
#ifndef DHOW_CLI_INVOKE_H
#define DHOW_CLI_INVOKE_H

#include "cli/cmd.h"

struct invoke {
	const struct cmd *cmd;
	const struct args *global; /* the flags before the command */
	const struct args *group;  /* those behind its noun; or NULL */
	int argc;
	char *const *argv; /* what follows the command's name */
};

/* Parse the words and run the command. Returns the exit status. */
int invoke_command(const struct invoke *invoke, struct err *err);

/* Print the help of @cmd, or of dhow for NULL. Returns 0. */
int invoke_print_help(const struct cmd *cmd);

#endif
