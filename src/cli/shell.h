/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/shell.h - completion scripts, made from the command table.
 *
 * A script is static data: nothing runs when a shell starts. Only names that
 * live in the store are asked for, by "dhow __complete KIND PREFIX".
 */
#ifndef DHOW_CLI_SHELL_H
#define DHOW_CLI_SHELL_H

#include "base/strbuf.h"
#include "cli/cmd.h"

/* Append a whole script. @texts: with a text beside each word. */
void shell_add_bash(struct strbuf *sb, bool texts);
void shell_add_fish(struct strbuf *sb, bool texts);
void shell_add_zsh(struct strbuf *sb, bool texts);

/* "image", "file", …: what a script and __complete call it; "" for nothing. */
const char *shell_offer_name(enum flag_offer offer);
/* Words that never change ("KILL TERM"), or NULL when they live in the store
 * or the file system. */
const char *shell_offer_words(enum flag_offer offer);
/* Append @text in single quotes. */
void shell_add_quoted(struct strbuf *sb, const char *text);
/* The text of a flag in one line, without its default. */
const char *shell_flag_text(const struct flag *flag);
/* A name for shell functions: "image inspect" as "image_inspect". */
void shell_add_ident(struct strbuf *sb, const char *path);

#endif
