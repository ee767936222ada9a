/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/io.h - whole reads and writes on file descriptors.
 */
#ifndef DHOW_BASE_IO_H
#define DHOW_BASE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Write all of @len bytes, waiting as long as it takes (poll on EAGAIN).
 * Returns 0 or -errno.
 */
int io_write_all(int fd, const void *data, size_t len);

/*
 * Read exactly @len bytes. Returns the count read (short only at end of
 * file) or -errno.
 */
ssize_t io_read_full(int fd, void *data, size_t len);

/*
 * Append everything up to the end of file to @sb. Returns 0, -EFBIG when
 * there is more than @max_bytes, or another -errno.
 */
int io_read_all(int fd, size_t max_bytes, struct strbuf *sb, struct err *err);

/*
 * Copy up to @len bytes (UINT64_MAX: to the end) by copy_file_range or
 * read and write. Returns the count copied or -errno.
 */
int64_t io_copy(int infd, int outfd, uint64_t len, struct err *err);

#define IO_MAX_FDS 16

/*
 * Send one message with up to IO_MAX_FDS descriptors over an AF_UNIX socket.
 * Returns 0 or -errno. man: unix(7), SCM_RIGHTS.
 */
int io_send_fds(int sock, const void *data, size_t len, const int *fds,
		size_t fd_count);

/*
 * Receive one message. @fds: room for *@io_fd_count descriptors, set to what
 * came; they are close-on-exec and the caller's. Returns the byte count (0 at
 * end of file) or -errno (-EMSGSIZE: cut, nothing is kept).
 */
ssize_t io_recv_fds(int sock, void *data, size_t len, int *fds,
		    size_t *io_fd_count);

#endif
