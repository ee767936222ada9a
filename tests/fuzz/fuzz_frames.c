/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets from a container, handed to libslirp as the tun device would: each
 * has two bytes of length in front. They may open sockets to anywhere, so
 * this happens in a network namespace without a way out.
 */
#include <assert.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/uplink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_alone;

/* Before anything starts a thread: then a user namespace is refused. */
__attribute__((constructor)) static void
be_alone(void)
{
	is_alone = unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_with(uplink_free) struct uplink *uplink = NULL;

	if (!is_alone || uplink_new(true, &uplink, NULL) < 0)
		return 0;
	while (size > 2) {
		size_t len = (size_t)(data[0] << 8 | data[1]);

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		uplink_input(uplink, data, len);
		data += len;
		size -= len;
	}
	return 0;
}
