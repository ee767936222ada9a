/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/origin_files.h - an image copied from an archive or a directory.
 */
#ifndef DHOW_IMAGE_ORIGIN_FILES_H
#define DHOW_IMAGE_ORIGIN_FILES_H

#include "image/origin.h"

/* What the files call the image of origin_of_files(): canonical, or NULL. */
const char *origin_files_name(const struct origin *origin);

#endif
