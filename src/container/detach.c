/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/detach.c - the key sequence that leaves a terminal.
 */
#include "container/detach.h"

bool
detach_scan_add(struct detach_scan *scan, const char *data, size_t len)
{
	const struct detach_keys *keys = scan->keys;

	if (!keys || !keys->len)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char typed = (unsigned char)data[i];

		if (typed != keys->bytes[scan->matched])
			scan->matched = 0;
		if (typed == keys->bytes[scan->matched])
			scan->matched++;
		if (scan->matched == keys->len)
			return true;
	}
	return false;
}
