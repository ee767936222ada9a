/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/pipes.h - the standard streams of a container without a terminal.
 */
#ifndef DHOW_CONTAINER_PIPES_H
#define DHOW_CONTAINER_PIPES_H

#include <errno.h>
#include <stdbool.h>

#include "base/err.h"

/* The container's ends are for the plan, ours do not block. */
struct pipes {
	int container[3];
	int ours[3]; /* -EBADF where a stream is /dev/null */
};

#define PIPES_INIT                                       \
	{                                                \
		.container = { -EBADF, -EBADF, -EBADF }, \
		.ours = { -EBADF, -EBADF, -EBADF },      \
	}

/* Output is piped; input too, or it is /dev/null. */
int pipes_open(struct pipes *pipes, bool input, struct err *err);
/* After the start: the container holds its ends itself. */
void pipes_started(struct pipes *pipes);
void pipes_release(struct pipes *pipes);

#endif
