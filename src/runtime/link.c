/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/link.c - what the parent hears from a starting process.
 */
#include "runtime/link.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

void
link_fds_close(struct link_fds *fds)
{
	for (size_t i = 0; i < RT_ROOT_FDS; i++)
		cleanup_close_p(&fds->v[i]);
}

int
link_send(int linkfd, enum rt_msg msg, struct err *err)
{
	char byte = (char)msg;
	int r = io_send_fds(linkfd, &byte, 1, NULL, 0);

	return r < 0 ? err_code(err, -r, "talk to the container's start") : 0;
}

int
link_recv(int linkfd, struct link_fds *ret_fds, struct err *err)
{
	struct err told;
	int fds[IO_MAX_FDS];
	size_t count = IO_MAX_FDS;
	ssize_t n;

	n = io_recv_fds(linkfd, &told, sizeof(told), fds, &count);
	/* It went without reading all of ours; what it said is still there. */
	if (n == -ECONNRESET) {
		count = IO_MAX_FDS;
		n = io_recv_fds(linkfd, &told, sizeof(told), fds, &count);
	}
	for (size_t i = 0; i < RT_ROOT_FDS; i++)
		ret_fds->v[i] = n > 0 && i < count ? fds[i] : -EBADF;
	if (n < 0)
		return err_code(err, (int)-n,
				"hear from the container's start");
	for (size_t i = RT_ROOT_FDS; n > 0 && i < count; i++)
		(void)close(fds[i]);
	if (n == sizeof(told) && told.code > 0) {
		told.text[sizeof(told.text) - 1] = '\0';
		told.hint[sizeof(told.hint) - 1] = '\0';
		if (err)
			*err = told;
		return -told.code;
	}
	return n ? (unsigned char)*(char *)&told : 0;
}
