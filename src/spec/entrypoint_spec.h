/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/entrypoint_spec.h - a command as a JSON array or as one word.
 */
#ifndef DHOW_SPEC_ENTRYPOINT_SPEC_H
#define DHOW_SPEC_ENTRYPOINT_SPEC_H

#include <stdbool.h>

#include "base/strvec.h"

/*
 * Append what @text says to @argv: the strings of a JSON array, or @text
 * itself as one word; nothing for "". Returns whether it was an array.
 */
bool entrypoint_spec_parse(const char *text, struct strvec *argv);

#endif
