/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/run.h - a container from start to end in the foreground.
 */
#ifndef DHOW_CONTAINER_RUN_H
#define DHOW_CONTAINER_RUN_H

#include <stdbool.h>

#include "container/spec.h"
#include "session/session.h"

struct run_result {
	int exit_status;     /* of the command: code, or 128 + signal */
	bool detached;       /* left by the detach keys */
	bool command_failed; /* -errno is what execve() said */
};

/*
 * Create, start, attach, wait, clean up. The caller becomes the container's
 * monitor and a member of U.
 *
 * @driver: --storage-driver or NULL
 *
 * Returns 0 when the command ran; -EEXIST for a name in use; others when it
 * could not be started, with nothing left behind.
 */
int run_foreground(struct session *session, struct container_spec *spec,
		   const char *driver, bool sig_proxy,
		   struct run_result *ret_result, struct err *err);

#endif
