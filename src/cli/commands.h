/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/commands.h - the table of all commands, and finding one in it.
 */
#ifndef DHOW_CLI_COMMANDS_H
#define DHOW_CLI_COMMANDS_H

#include "base/span.h"
#include "cli/cmd.h"

extern const struct cmd *const commands_all[]; /* alphabetical by path */
extern const size_t commands_count;
/* The flags before a command; its path is "". */
extern const struct cmd commands_global;

/*
 * Find what the first one or two words name: "run", "image ls".
 *
 * @ret_words: how many words the name took
 *
 * Returns 0, or -ENOENT with the nearest name, or the reason why dhow has no
 * such command.
 */
int commands_find(int argc, char *const *argv, const struct cmd **ret_cmd,
		  int *ret_words, struct err *err);

/* -ENOENT for a verb that @noun does not have, with the nearest as hint. */
int commands_refuse_verb(const char *noun, const char *word, struct err *err);

/* The command that is called @path or has it as alias, or NULL. */
const struct cmd *commands_get(struct span path);
/* Is it offered by completion? Those of three words are too rare. */
bool commands_completes(const struct cmd *cmd);
/* True when @noun begins the path or an alias of a command: "image". */
bool commands_is_group(const char *noun);
/* True when flags may stand behind the noun, before the verb: "compose". */
bool commands_has_flags(const char *noun);
/* Append every such noun, sorted, once. */
void commands_add_nouns(struct strvec *nouns);
/* The verb of @cmd below @noun: "ls" of "image ls"; false when it has none. */
bool commands_verb(const struct cmd *cmd, const char *noun,
		   struct span *ret_verb);

#endif
