/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/help.h - what --help prints, within 80 columns, made from the rows.
 */
#ifndef DHOW_CLI_HELP_H
#define DHOW_CLI_HELP_H

#include "base/strbuf.h"
#include "cli/cmd.h"

/* All of "dhow --help". */
void help_add_top(struct strbuf *sb);
/* "dhow image --help": the commands of one noun. */
void help_add_group(struct strbuf *sb, const char *noun);
/* "dhow CMD --help". */
void help_add_command(struct strbuf *sb, const struct cmd *cmd);

/* "dhow run [OPTIONS] IMAGE [COMMAND] [ARG...]" */
void help_add_usage(struct strbuf *sb, const struct cmd *cmd);
/* The name of a flag's value: "HOST:IP", "always|missing|never". */
const char *help_meta(const struct flag *flag);
/* The row's text with its default and the reason it is refused for. */
void help_add_text(struct strbuf *sb, const struct flag *flag);
/* The heading of a section: "Network". */
const char *help_section(enum flag_section section);

#endif
