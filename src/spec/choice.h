/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/choice.h - one word out of a fixed list.
 */
#ifndef DHOW_SPEC_CHOICE_H
#define DHOW_SPEC_CHOICE_H

#include "base/err.h"

/*
 * The position of @word in the NULL-ended @names. Otherwise -EINVAL, "unknown
 * @what 'word'" and as hint the nearest name, or all of them.
 */
int choice_find(const char *what, const char *word, const char *const *names,
		struct err *err);

#endif
