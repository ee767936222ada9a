/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/io.c - whole reads and writes on file descriptors.
 */
#include "base/io.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"

#define IO_CHUNK_BYTES (256U << 10)

static void
io_wait(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	/* An interrupted or failed wait only means one more try. */
	(void)poll(&pfd, 1, -1);
}

int
io_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EAGAIN)
			io_wait(fd, POLLOUT);
		else if (n < 0 && errno != EINTR)
			return -errno;
		else if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* One read that is not interrupted and waits for what is not there yet. */
static ssize_t
io_read_some(int fd, void *data, size_t len)
{
	for (;;) {
		ssize_t n = read(fd, data, len);

		if (n >= 0)
			return n;
		if (errno == EAGAIN)
			io_wait(fd, POLLIN);
		else if (errno != EINTR)
			return -errno;
	}
}

ssize_t
io_read_full(int fd, void *data, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = io_read_some(fd, (char *)data + have, len - have);

		if (n < 0)
			return n;
		if (!n)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

int
io_read_all(int fd, size_t max_bytes, struct strbuf *sb, struct err *err)
{
	size_t start = sb->len;

	for (;;) {
		size_t room = 64U << 10;
		ssize_t n = io_read_some(fd, strbuf_grow(sb, room), room);

		if (n < 0)
			return err_code(err, (int)-n, "read");
		if (!n)
			return 0;
		sb->len += (size_t)n;
		sb->buf[sb->len] = '\0';
		if (sb->len - start > max_bytes)
			return err_set(err, EFBIG, "more than %zu bytes",
				       max_bytes);
	}
}

static int64_t
io_copy_buffered(int infd, int outfd, uint64_t len, struct err *err)
{
	cleanup_free char *buf = xmalloc(IO_CHUNK_BYTES);
	uint64_t done = 0;

	while (done < len) {
		uint64_t want = len - done;
		ssize_t n;
		int r;

		if (want > IO_CHUNK_BYTES)
			want = IO_CHUNK_BYTES;
		n = io_read_some(infd, buf, (size_t)want);
		if (n < 0)
			return err_code(err, (int)-n, "read");
		if (!n)
			break;
		r = io_write_all(outfd, buf, (size_t)n);
		if (r < 0)
			return err_code(err, -r, "write");
		done += (uint64_t)n;
	}
	return (int64_t)done;
}

int64_t
io_copy(int infd, int outfd, uint64_t len, struct err *err)
{
	uint64_t done = 0;

	while (done < len) {
		uint64_t want = len - done;
		ssize_t n;

		if (want > (1U << 30))
			want = 1U << 30;
		n = copy_file_range(infd, NULL, outfd, NULL, (size_t)want, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == ENOSPC || errno == EIO))
			return err_sys(err, "copy");
		if (n <= 0)
			break;
		done += (uint64_t)n;
	}
	if (done < len) {
		int64_t rest = io_copy_buffered(infd, outfd, len - done, err);

		if (rest < 0)
			return rest;
		done += (uint64_t)rest;
	}
	return (int64_t)done;
}

int
io_send_fds(int sock, const void *data, size_t len, const int *fds,
	    size_t fd_count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(IO_MAX_FDS * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (void *)data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd_count > IO_MAX_FDS)
		return -EINVAL;
	if (fd_count) {
		struct cmsghdr *cmsg;

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		(void)memcpy(CMSG_DATA(cmsg), fds, fd_count * sizeof(int));
	}
	for (;;) {
		ssize_t n = sendmsg(sock, &msg, MSG_NOSIGNAL);

		if (n >= 0)
			return (size_t)n == len ? 0 : -EMSGSIZE;
		if (errno == EAGAIN)
			io_wait(sock, POLLOUT);
		else if (errno != EINTR)
			return -errno;
	}
}

/* Move the descriptors of @msg to @fds; what has no room is closed. */
static size_t
io_take_fds(struct msghdr *msg, int *fds, size_t room)
{
	size_t count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c;
	     c = CMSG_NXTHDR(msg, c)) {
		size_t n;
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			(void)memcpy(&fd, CMSG_DATA(c) + i * sizeof(int),
				     sizeof(fd));
			if (count < room)
				fds[count++] = fd;
			else
				(void)close(fd);
		}
	}
	return count;
}

ssize_t
io_recv_fds(int sock, void *data, size_t len, int *fds, size_t *io_fd_count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(IO_MAX_FDS * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { data, len };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;

	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	*io_fd_count = io_take_fds(&msg, fds, *io_fd_count);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		for (size_t i = 0; i < *io_fd_count; i++)
			(void)close(fds[i]);
		*io_fd_count = 0;
		return -EMSGSIZE;
	}
	return n;
}
