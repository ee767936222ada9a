/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/monitor_msg.h - what is said on a monitor's control socket.
 *
 * SOCK_SEQPACKET at live/<id>.ctl: a request is one struct monitor_request
 * with its fds, an answer one struct monitor_reply or, when it failed, one
 * struct err. MONITOR_OK answers at once. Who attached, waits or stopped it
 * hears MONITOR_EXIT when the process ended; end of file says that the
 * monitor is gone, and with it all that the container had mounted.
 */
#ifndef DHOW_CONTAINER_MONITOR_MSG_H
#define DHOW_CONTAINER_MONITOR_MSG_H

#include <stdint.h>

#include "base/err.h"

#define MONITOR_MAGIC 0x64686f31U /* "dho1": one format, one number */

enum monitor_op {
	MONITOR_ATTACH = 1, /* fds: pipes it reads (stdin) and writes */
	MONITOR_SIGNAL,     /* a: signal */
	MONITOR_STOP,       /* a: signal or 0; b: seconds, see below */
	MONITOR_PAUSE,
	MONITOR_UNPAUSE,
	MONITOR_RESIZE, /* a: rows, b: columns; no answer */
	MONITOR_WAIT,   /* for the next end */
	MONITOR_PIDFD,  /* answer: value is the pid, beside it a pidfd */
	MONITOR_RELOAD, /* config.json has changed */
	MONITOR_PROBE,  /* ask for its health now; then MONITOR_PROBED */
};

/* MONITOR_STOP's b */
#define MONITOR_STOP_DEFAULT INT64_MIN /* what the container asks for */
#define MONITOR_STOP_FOREVER INT64_C(-1)

enum monitor_flags {
	MONITOR_IN = 1, /* ATTACH: the fds that came, in this order */
	MONITOR_OUT = 2,
	MONITOR_ERR = 4,
	MONITOR_KEEP = 8,     /* STOP: --rm does not hold, it starts again */
	MONITOR_REMOVED = 16, /* STOP: it goes then, which is no "stop" */
};

struct monitor_request {
	uint32_t magic;
	uint32_t op;
	uint32_t flags;
	uint32_t spare;
	int64_t a, b;
};

enum monitor_answer {
	MONITOR_OK = 1,
	MONITOR_STARTED, /* to who started it: the command runs */
	MONITOR_EXIT,    /* value: exit status */
	MONITOR_PROBED,  /* value: exit status of the health check */
	MONITOR_NOT_RUN, /* before a struct err: execve() said it */
};

struct monitor_reply {
	uint32_t answer;
	int32_t value;
};

#endif
