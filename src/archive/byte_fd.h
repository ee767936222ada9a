/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/byte_fd.h - a file descriptor as a stream of bytes.
 */
#ifndef DHOW_ARCHIVE_BYTE_FD_H
#define DHOW_ARCHIVE_BYTE_FD_H

#include <stdint.h>

#include "archive/byte_sink.h"
#include "archive/byte_source.h"

#define BYTE_FD_BUFFER (64U << 10)

struct byte_fd {
	int fd;         /* borrowed */
	uint64_t bytes; /* that passed */
	uint8_t buffer[BYTE_FD_BUFFER];
	size_t len; /* of what waits in it to be written */
};

/* Live as long as @bf. What is written waits until the buffer is full. */
struct byte_sink byte_fd_sink(struct byte_fd *bf);
struct byte_source byte_fd_source(struct byte_fd *bf);
/* Write what waits. */
int byte_fd_flush(struct byte_fd *bf, struct err *err);

#endif
