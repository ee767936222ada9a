/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/log.h - diagnostics for --debug, on standard error.
 *
 * Nothing a user must know goes here: that is returned, and cli/ prints it.
 */
#ifndef DHOW_BASE_LOG_H
#define DHOW_BASE_LOG_H

#include <stdbool.h>

void log_enable(bool on);
bool log_enabled(void);
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
