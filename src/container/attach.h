/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/attach.h - the caller's terminal or pipes and a running container.
 */
#ifndef DHOW_CONTAINER_ATTACH_H
#define DHOW_CONTAINER_ATTACH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "spec/detach_keys.h"

/* The container's ends are for the plan, ours for attach_run(). */
struct attach_pipes {
	int container[3];
	int ours[3]; /* -EBADF where a stream is not attached */
};

#define ATTACH_PIPES_INIT                                \
	{                                                \
		.container = { -EBADF, -EBADF, -EBADF }, \
		.ours = { -EBADF, -EBADF, -EBADF },      \
	}

/*
 * Make pipes for the wanted streams (stdin, stdout, stderr); the others are
 * /dev/null in the container.
 */
int attach_pipes_open(struct attach_pipes *pipes, const bool want[3],
		      struct err *err);
/* After the start: the container holds its ends itself. */
void attach_pipes_started(struct attach_pipes *pipes);
void attach_pipes_release(struct attach_pipes *pipes);

struct attach {
	pid_t pid; /* the container's first process */
	int pidfd;
	struct attach_pipes *pipes; /* borrowed */
	int ttyfd;                  /* the pty's master, or -EBADF */
	bool open_stdin;            /* -i */
	bool sig_proxy;
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
