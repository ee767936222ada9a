/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/detach_keys.h - the keys that leave a container running.
 */
#ifndef DHOW_SPEC_DETACH_KEYS_H
#define DHOW_SPEC_DETACH_KEYS_H

#include <stddef.h>

#include "base/err.h"

#define DETACH_KEYS_MAX 16
#define DETACH_KEYS_DEFAULT "ctrl-p,ctrl-q"

struct detach_keys {
	unsigned char bytes[DETACH_KEYS_MAX]; /* as a terminal sends them */
	size_t len;                           /* 0: switched off */
};

/*
 * A comma list of single ASCII characters and ctrl-X, X one of a-z @ [ \ ]
 * ^ _; "" switches off. -EINVAL.
 */
int detach_keys_parse(const char *text, struct detach_keys *ret_keys,
		      struct err *err);

#endif
