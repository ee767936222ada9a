/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/abs_path.h - absolute paths as text.
 *
 * Only words are changed here, no file is looked at: what a path means inside
 * an image or a volume is decided when it is opened (rule R1).
 */
#ifndef DHOW_SPEC_ABS_PATH_H
#define DHOW_SPEC_ABS_PATH_H

#include <stdbool.h>

/*
 * @path below @base when it is relative; doubled slashes, ".", ".." and a
 * last slash are gone. @base is absolute. The caller frees the result.
 */
char *abs_path_join(const char *base, const char *path);

/* Relative, not empty and without a ".." component. */
bool abs_path_stays_below(const char *path);

#endif
