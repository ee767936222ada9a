/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/byte_fd.c - a file descriptor as a stream of bytes.
 */
#include "archive/byte_fd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

int
byte_fd_flush(struct byte_fd *bf, struct err *err)
{
	int r = io_write_all(bf->fd, bf->buffer, bf->len);

	bf->len = 0;
	return r < 0 ? err_code(err, -r, "write") : 0;
}

static int
byte_fd_write(void *data, const void *bytes, size_t len, struct err *err)
{
	struct byte_fd *bf = data;
	int r = 0;

	bf->bytes += len;
	if (bf->len + len > BYTE_FD_BUFFER)
		r = byte_fd_flush(bf, err);
	if (r < 0)
		return r;
	if (len > BYTE_FD_BUFFER) {
		r = io_write_all(bf->fd, bytes, len);
		return r < 0 ? err_code(err, -r, "write") : 0;
	}
	(void)memcpy(bf->buffer + bf->len, bytes, len);
	bf->len += len;
	return 0;
}

static ssize_t
byte_fd_next(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct byte_fd *bf = data;
	ssize_t n;

	do
		n = read(bf->fd, bf->buffer, BYTE_FD_BUFFER);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(err, "read");
	bf->bytes += (size_t)n;
	*ret_piece = bf->buffer;
	return n;
}

struct byte_sink
byte_fd_sink(struct byte_fd *bf)
{
	return (struct byte_sink){ .write = byte_fd_write, .data = bf };
}

struct byte_source
byte_fd_source(struct byte_fd *bf)
{
	return (struct byte_source){ .next = byte_fd_next, .data = bf };
}
