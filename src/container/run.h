/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/run.h - a new container, from start to end or to its own devices.
 */
#ifndef DHOW_CONTAINER_RUN_H
#define DHOW_CONTAINER_RUN_H

#include <stdbool.h>

#include "container/spec.h"
#include "session/session.h"

/* All borrowed. */
struct run_options {
	const char *driver; /* --storage-driver, or NULL */
	bool detach;
	bool sig_proxy;
};

struct run_result {
	int exit_status;     /* of the command: code, or 128 + signal */
	bool detached;       /* it lives on */
	bool command_failed; /* -errno is what execve() said */
};

/*
 * Create and start a container; unless detached, attach and wait.
 *
 * Where the container cannot outlive its caller, the caller becomes its
 * monitor and a member of U: no detach keys, no restart policy.
 *
 * Returns 0 when the command ran; -EEXIST for a name in use; others when it
 * could not be started, with nothing left behind.
 */
int run_container(struct session *session, struct container_spec *spec,
		  const struct run_options *options,
		  struct run_result *ret_result, struct err *err);

#endif
