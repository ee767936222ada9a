/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/exec_run.h - a command in a running container, from our terminal.
 */
#ifndef DHOW_CONTAINER_EXEC_RUN_H
#define DHOW_CONTAINER_EXEC_RUN_H

#include <stdbool.h>

#include "base/strvec.h"
#include "container/lookup.h"
#include "session/session.h"
#include "spec/detach_keys.h"

/* All borrowed; see struct exec_spec. */
struct exec_request {
	const struct strvec *argv;
	const struct strvec *env; /* "NAME=value", over the container's */
	const char *user;
	const char *cwd;
	bool privileged;
	bool tty;
	bool open_stdin;
	bool detach; /* nobody listens and nobody waits */
	const struct detach_keys *detach_keys;
};

struct exec_result {
	int exit_status; /* of the command: code, or 128 + signal */
	bool detached;   /* it still runs */
	bool entered;    /* a failure is not the container's state */
	bool not_run;    /* -errno is what execve() said */
};

/*
 * Start it, attach our standard streams and wait for its end.
 *
 * @ret_result: written in any case
 *
 * Returns 0 when the command ran; -EBUSY when the container does not run or
 * is paused.
 */
int exec_run(struct session *session, const struct container *container,
	     const struct exec_request *request, struct exec_result *ret_result,
	     struct err *err);

#endif
