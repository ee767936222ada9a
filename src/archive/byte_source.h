/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/byte_source.h - a stream of bytes, lent piece by piece.
 *
 * What joins the stages of this room without copying: whoever makes bytes
 * offers a source, whoever takes them asks for the next piece.
 */
#ifndef DHOW_ARCHIVE_BYTE_SOURCE_H
#define DHOW_ARCHIVE_BYTE_SOURCE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct byte_source {
	/*
	 * Lend the next piece, valid until the next call. Returns its length
	 * (> 0), 0 at the end (and from then on), or -errno.
	 */
	ssize_t (*next)(void *data, const uint8_t **ret_piece, struct err *err);
	void *data;
};

#endif
