/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cidfile.h - the file that --cidfile names.
 */
#ifndef DHOW_CONTAINER_CIDFILE_H
#define DHOW_CONTAINER_CIDFILE_H

#include "base/err.h"

/* Write @id to a new file; -EEXIST when it is there. */
int cidfile_create(const char *path, const char *id, struct err *err);

#endif
