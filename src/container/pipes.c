/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/pipes.c - the standard streams of a container without a terminal.
 */
#include "container/pipes.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"

static int
pipes_open_one(struct pipes *pipes, int i, struct err *err)
{
	int ends[2], ours = i ? 0 : 1;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	pipes->ours[i] = ends[ours];
	pipes->container[i] = ends[1 - ours];
	if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "set up a pipe");
	return 0;
}

int
pipes_open(struct pipes *pipes, bool input, struct err *err)
{
	int r = 0;

	if (!input) {
		pipes->container[0] = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (pipes->container[0] < 0)
			return err_sys(err, "open /dev/null");
	}
	for (int i = input ? 0 : 1; r == 0 && i < 3; i++)
		r = pipes_open_one(pipes, i, err);
	return r;
}

void
pipes_started(struct pipes *pipes)
{
	for (int i = 0; i < 3; i++) {
		cleanup_close_p(&pipes->container[i]);
		pipes->container[i] = -EBADF;
	}
}

void
pipes_release(struct pipes *pipes)
{
	pipes_started(pipes);
	for (int i = 0; i < 3; i++) {
		cleanup_close_p(&pipes->ours[i]);
		pipes->ours[i] = -EBADF;
	}
}
