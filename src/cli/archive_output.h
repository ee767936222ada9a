/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/archive_output.h - where a command writes an archive to.
 */
#ifndef DHOW_CLI_ARCHIVE_OUTPUT_H
#define DHOW_CLI_ARCHIVE_OUTPUT_H

#include "base/err.h"

/*
 * Open @path, emptied, or standard output when it is NULL, which must not be
 * a terminal. Returns a descriptor above 2, the caller's, or -errno.
 */
int archive_output_open(const char *path, struct err *err);

#endif
