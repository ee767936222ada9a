/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_client.h - ask a container's monitor for something.
 */
#ifndef DHOW_CONTAINER_MONITOR_CLIENT_H
#define DHOW_CONTAINER_MONITOR_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "container/monitor_msg.h"

/* Send a request with its fds; the answer is still to come. */
int monitor_client_send(int fd, const struct monitor_request *request,
			const int *fds, size_t fd_count, struct err *err);

/*
 * The next answer. Returns 0; what the monitor failed of; -ECONNRESET when it
 * is gone.
 */
int monitor_client_recv(int fd, struct monitor_reply *ret_reply,
			struct err *err);

/* Send it and wait for MONITOR_OK. */
int monitor_client_ask(int fd, const struct monitor_request *request,
		       struct err *err);

/*
 * Wait for the process's end; the monitor was asked to tell (WAIT, STOP,
 * ATTACH). Returns 0, or -ECONNRESET.
 */
int monitor_client_wait_exit(int fd, int *ret_status, struct err *err);

/* Wait until the monitor has ended, and with it all it held. */
void monitor_client_wait_gone(int fd);

/* The container's first process. @ret_pidfd is close-on-exec. */
int monitor_client_pidfd(int fd, int *ret_pid, int *ret_pidfd, struct err *err);

/*
 * Wait for what the process that fd was given to at its start has to say:
 * 0 when the command runs, else why not.
 * @ret_not_run: -errno is what execve() said
 */
int monitor_client_wait_start(int fd, bool *ret_not_run, struct err *err);

#endif
