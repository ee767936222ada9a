/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_words.h - a logical line into words and flags; room only.
 *
 * All of them append to in->args or in->flags and keep quotes, escapes and
 * variables as they are written, except where it says so.
 */
#ifndef DHOW_DOCKERFILE_DF_WORDS_H
#define DHOW_DOCKERFILE_DF_WORDS_H

#include "dockerfile/dockerfile.h"

#define DF_BLANKS " \t\v\f\r"

/* All of in->text from @at on is one word; nothing when it is empty. */
void df_words_rest(struct df_instruction *in, size_t at);
/* Words between blanks; quotes mean nothing. */
void df_words_blank(struct df_instruction *in, size_t at);
/* Words between blanks outside quotes: "k=v" pairs. */
void df_words_quoted(struct df_instruction *in, size_t at, char escape);
/* One word, borrowed text copied, that stands at the offset @at. */
void df_words_add(struct df_instruction *in, const char *text, size_t len,
		  size_t at);

/*
 * The strings of a JSON array. Returns 1; 0 when there is none, so that the
 * text is a shell's; -EINVAL when it has something else than strings.
 */
int df_words_json(struct df_instruction *in, size_t at);

/* Read --name=value words, quotes taken away; @io_at moves behind them. */
void df_words_flags(struct df_instruction *in, size_t *io_at);

/* The offset of the first byte at or after @at that is no blank. */
size_t df_words_skip(const char *text, size_t at);

#endif
