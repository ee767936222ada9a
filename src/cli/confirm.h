/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/confirm.h - "Are you sure?" before much is removed.
 */
#ifndef DHOW_CLI_CONFIRM_H
#define DHOW_CLI_CONFIRM_H

#include <stdbool.h>

/*
 * Print @warning to standard error and read the answer from standard input:
 * true for "y" and "yes" in any case; end of file is no.
 */
bool confirm(const char *warning);

#endif
