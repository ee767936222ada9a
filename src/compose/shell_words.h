/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/shell_words.h - a command written as one string.
 */
#ifndef DHOW_COMPOSE_SHELL_WORDS_H
#define DHOW_COMPOSE_SHELL_WORDS_H

#include "base/err.h"
#include "base/strvec.h"

/*
 * Append the words of @text: blanks separate, quotes and backslashes work as
 * in a shell, nothing is expanded. Returns 0 or -EINVAL (a quote is open).
 */
int shell_words_split(const char *text, struct strvec *words, struct err *err);

#endif
