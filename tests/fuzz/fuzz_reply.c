/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a monitor answers, and what a starting process tells: one message each,
 * of whatever length and content.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "container/monitor_client.h"
#include "runtime/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_story(int r, const struct err *err)
{
	assert(r >= 0 || err->code > 0);
	assert(strnlen(err->text, sizeof(err->text)) < sizeof(err->text));
	assert(strnlen(err->hint, sizeof(err->hint)) < sizeof(err->hint));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct monitor_reply reply;
	struct link_fds fds;
	struct err err = ERR_INIT;
	int pair[2];

	if (size == 0 || size > 4096)
		return 0;
	assert(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ==
	       0);
	for (int i = 0; i < 2; i++)
		assert(send(pair[0], data, size, 0) == (ssize_t)size);
	check_story(monitor_client_recv(pair[1], &reply, &err), &err);
	err_reset(&err);
	check_story(link_recv(pair[1], &fds, &err), &err);
	(void)close(pair[0]);
	(void)close(pair[1]);
	return 0;
}
