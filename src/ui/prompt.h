/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/prompt.h - asking the person at the terminal.
 */
#ifndef DHOW_UI_PROMPT_H
#define DHOW_UI_PROMPT_H

#include "base/err.h"

#define PROMPT_MAX_BYTES 4096

/*
 * Print @label and read a line that is not shown. The terminal is as it was
 * when this returns, whatever ended it.
 *
 * @ttyfd:      the terminal, open for reading and writing
 * @ret_secret: without the line end; the caller frees it
 *
 * Returns 0, -ECANCELED after Ctrl-C or a signal that asks to end, -ENOTTY,
 * -EINVAL for an empty line.
 */
int prompt_secret(int ttyfd, const char *label, char **ret_secret,
		  struct err *err);

/* The same for a line that is shown and edited as the terminal does it. */
int prompt_line(int ttyfd, const char *label, char **ret_line, struct err *err);

#endif
