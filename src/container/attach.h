/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/attach.h - the caller's terminal or pipes and a running container.
 */
#ifndef DHOW_CONTAINER_ATTACH_H
#define DHOW_CONTAINER_ATTACH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "container/pipes.h"
#include "spec/detach_keys.h"

struct attach {
	pid_t pid; /* the container's first process */
	int pidfd;
	struct pipes *pipes; /* borrowed */
	int ttyfd;           /* the pty's master, or -EBADF */
	bool open_stdin;     /* -i */
	bool sig_proxy;
	bool leaves_others; /* what it started may outlive it */
	const struct detach_keys *detach_keys; /* or NULL */
	int64_t timeout_ns; /* kill it after so long; 0: never */
};

enum attach_end {
	ATTACH_EXITED,
	ATTACH_DETACHED,
};

/*
 * Copy streams, pass signals on and wait for the end of the container's first
 * process, which is reaped.
 *
 * @ret_status: wait status; with ATTACH_DETACHED nothing is written
 * @ret_end:    why it returned
 */
int attach_run(const struct attach *attach, int *ret_status,
	       enum attach_end *ret_end, struct err *err);

#endif
