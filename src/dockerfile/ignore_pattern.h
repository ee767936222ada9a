/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/ignore_pattern.h - one pattern against one path; room only.
 *
 * '*' and '?' and "[a-z]" stay within a component; "**" with the slash behind
 * it is any number of whole components, also none; at the end it is all that
 * follows; '\' escapes.
 */
#ifndef DHOW_DOCKERFILE_IGNORE_PATTERN_H
#define DHOW_DOCKERFILE_IGNORE_PATTERN_H

#include <stdbool.h>

bool ignore_pattern_is_valid(const char *pattern);
/* @pattern must be valid. */
bool ignore_pattern_match(const char *pattern, const char *path);
/* No wildcard and no escape is in it. */
bool ignore_pattern_is_literal(const char *pattern);
/* Could it match something below the directory @path? */
bool ignore_pattern_reaches_below(const char *pattern, const char *path);

#endif
