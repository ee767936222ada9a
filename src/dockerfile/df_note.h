/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_note.h - what the parser does not like; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_NOTE_H
#define DHOW_DOCKERFILE_DF_NOTE_H

#include "dockerfile/df_lint.h"
#include "dockerfile/dockerfile.h"

void df_note_add(struct dockerfile *df, enum df_rule rule,
		 const struct df_range *range, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
