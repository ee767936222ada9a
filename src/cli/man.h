/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/man.h - manual pages, made from the command table.
 */
#ifndef DHOW_CLI_MAN_H
#define DHOW_CLI_MAN_H

#include "base/strbuf.h"
#include "cli/cmd.h"

/* Append the page of @cmd, dhow(1) for commands_global, as troff. */
void man_add(struct strbuf *sb, const struct cmd *cmd);

#endif
