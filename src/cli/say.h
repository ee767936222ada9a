/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/say.h - words to the person: text on stdout, trouble on stderr.
 */
#ifndef DHOW_CLI_SAY_H
#define DHOW_CLI_SAY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"

/* To stdout as it is; main() reports a failed write. */
void say_text(const struct strbuf *text);
/* To stderr; control characters, which may be an image's, become '?'. */
void say_trouble(struct span text);
/* "Error: TEXT" and, on the next line, "hint: HINT". */
void say_error(const struct err *err);
/* "warning: TEXT", unless say_quiet() was told. */
void say_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Leave out warnings (--log-level error). */
void say_quiet(bool quiet);

#endif
