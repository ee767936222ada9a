/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/detach.h - the key sequence that leaves a terminal.
 */
#ifndef DHOW_CONTAINER_DETACH_H
#define DHOW_CONTAINER_DETACH_H

#include <stdbool.h>
#include <stddef.h>

#include "spec/detach_keys.h"

struct detach_scan {
	const struct detach_keys *keys; /* NULL or empty never match */
	size_t matched;                 /* how many of them were typed so far */
};

/* Feed what was typed; true once the whole sequence was seen. */
bool detach_scan_add(struct detach_scan *scan, const char *data, size_t len);

#endif
