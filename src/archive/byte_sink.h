/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/byte_sink.h - where a stream of bytes goes.
 */
#ifndef DHOW_ARCHIVE_BYTE_SINK_H
#define DHOW_ARCHIVE_BYTE_SINK_H

#include <stddef.h>

#include "base/err.h"

struct byte_sink {
	/* Take all of @len bytes. Returns 0 or -errno. */
	int (*write)(void *data, const void *bytes, size_t len,
		     struct err *err);
	void *data;
};

#endif
