/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/front.h - the caller's terminal or pipes and a container that
 * another process watches.
 *
 * The monitor gets pipes, never the caller's own streams: those may block, be
 * stopped with the caller's job, or be read by others.
 */
#ifndef DHOW_CONTAINER_FRONT_H
#define DHOW_CONTAINER_FRONT_H

#include <errno.h>
#include <stdbool.h>

#include "base/err.h"
#include "spec/detach_keys.h"

struct front {
	int fd; /* to the monitor; borrowed */
	bool tty;
	bool sig_proxy; /* without a terminal: pass signals on */
	const struct detach_keys *detach_keys; /* borrowed; or NULL */
	int pipes[3]; /* our ends; -EBADF where a stream is not attached */
};

#define FRONT_INIT                                                \
	{                                                         \
		.fd = -EBADF, .pipes = { -EBADF, -EBADF, -EBADF } \
	}

/* Ask for these streams (stdin, stdout, stderr); the answer comes later. */
int front_attach(struct front *front, const bool streams[3], struct err *err);

/*
 * Copy until the container's process has ended (exit status), or the detach
 * keys were typed (*ret_detached). -ECONNRESET: its monitor is gone.
 */
int front_run(struct front *front, int *ret_status, bool *ret_detached,
	      struct err *err);
void front_release(struct front *front);

#endif
