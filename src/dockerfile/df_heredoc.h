/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_heredoc.h - <<WORD in RUN, COPY and ADD; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_HEREDOC_H
#define DHOW_DOCKERFILE_DF_HEREDOC_H

#include <stdbool.h>

#include "dockerfile/dockerfile.h"

/* Is the word "[fd]<<[-]NAME"? Then @ret_doc has its name, no content. */
bool df_heredoc_parse(const char *word, struct df_heredoc *ret_doc);

/* Append to in->heredocs those that the text announces. */
void df_heredoc_scan(struct df_instruction *in);

#endif
