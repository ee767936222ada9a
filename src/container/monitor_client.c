/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_client.c - ask a container's monitor for something.
 */
#include "container/monitor_client.h"

#include <errno.h>
#include <unistd.h>

#include "base/io.h"

int
monitor_client_send(int fd, const struct monitor_request *request,
		    const int *fds, size_t fd_count, struct err *err)
{
	struct monitor_request whole = *request;
	int r;

	whole.magic = MONITOR_MAGIC;
	r = io_send_fds(fd, &whole, sizeof(whole), fds, fd_count);
	if (r == -EPIPE)
		r = -ECONNRESET;
	return r < 0 ? err_code(err, -r, "ask the container's monitor") : 0;
}

/* As monitor_client_recv(); one fd may come with it. */
static int
client_recv_fd(int fd, struct monitor_reply *ret_reply, int *ret_fd,
	       struct err *err)
{
	union {
		struct monitor_reply reply;
		struct err told;
	} msg;
	int fds[IO_MAX_FDS];
	size_t count = IO_MAX_FDS;
	ssize_t n = io_recv_fds(fd, &msg, sizeof(msg), fds, &count);

	for (size_t i = n > 0 ? 1 : count; i < count; i++)
		(void)close(fds[i]);
	*ret_fd = n > 0 && count ? fds[0] : -EBADF;
	if (n == 0)
		n = -ECONNRESET;
	if (n < 0)
		return err_code(err, (int)-n,
				"hear from the container's monitor");
	if (n == sizeof(msg.told) && msg.told.code > 0) {
		msg.told.text[sizeof(msg.told.text) - 1] = '\0';
		msg.told.hint[sizeof(msg.told.hint) - 1] = '\0';
		if (err)
			*err = msg.told;
		return -msg.told.code;
	}
	if (n != sizeof(msg.reply))
		return err_set(err, EPROTO,
			       "the container's monitor gave a strange answer");
	*ret_reply = msg.reply;
	return 0;
}

int
monitor_client_recv(int fd, struct monitor_reply *ret_reply, struct err *err)
{
	int spare, r = client_recv_fd(fd, ret_reply, &spare, err);

	if (spare >= 0)
		(void)close(spare);
	return r;
}

int
monitor_client_ask(int fd, const struct monitor_request *request,
		   struct err *err)
{
	struct monitor_reply reply;
	int r = monitor_client_send(fd, request, NULL, 0, err);

	return r < 0 ? r : monitor_client_recv(fd, &reply, err);
}

int
monitor_client_wait_exit(int fd, int *ret_status, struct err *err)
{
	struct monitor_reply reply;

	do {
		int r = monitor_client_recv(fd, &reply, err);

		if (r < 0)
			return r;
	} while (reply.answer != MONITOR_EXIT);
	*ret_status = reply.value;
	return 0;
}

void
monitor_client_wait_gone(int fd)
{
	struct monitor_reply reply;
	int r;

	do
		r = monitor_client_recv(fd, &reply, NULL);
	while (r != -ECONNRESET && r != -EPIPE && r != -EBADF);
}

int
monitor_client_pidfd(int fd, int *ret_pid, int *ret_pidfd, struct err *err)
{
	const struct monitor_request request = { .op = MONITOR_PIDFD };
	struct monitor_reply reply;
	int pidfd, r;

	r = monitor_client_send(fd, &request, NULL, 0, err);
	if (r == 0)
		r = client_recv_fd(fd, &reply, &pidfd, err);
	if (r < 0)
		return r;
	if (pidfd < 0)
		return err_set(err, EPROTO,
			       "the container's monitor gave no process");
	*ret_pid = reply.value;
	*ret_pidfd = pidfd;
	return 0;
}

int
monitor_client_wait_start(int fd, bool *ret_not_run, struct err *err)
{
	struct monitor_reply reply;
	int r;

	*ret_not_run = false;
	for (;;) {
		r = monitor_client_recv(fd, &reply, err);
		if (r == -ECONNRESET)
			return err_set(
				err, ECANCELED,
				"the container was killed while it started");
		if (r < 0 || reply.answer == MONITOR_STARTED)
			return r;
		if (reply.answer == MONITOR_NOT_RUN)
			*ret_not_run = true;
	}
}
