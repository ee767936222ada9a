/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/lifecycle.h - the verbs of containers that exist.
 *
 * Each acts on what container_find() or container_list() found; a container
 * whose monitor was killed is brought in order by whichever of them meets it
 * first. A container that runs on another host is refused with -EBUSY and its
 * name. After a change the struct container is as it was found: find it again.
 *
 * The caller has one thread. One that starts containers calls sealed_ensure()
 * early.
 */
#ifndef DHOW_CONTAINER_LIFECYCLE_H
#define DHOW_CONTAINER_LIFECYCLE_H

#include <stdbool.h>

#include "container/lookup.h"
#include "container/monitor_msg.h"
#include "container/spec.h"
#include "session/session.h"

/*
 * Make a container that is not started: volumes, directory, record, name.
 * @spec gets a name if it has none. Returns 0; -EEXIST for a name in use.
 */
int lifecycle_create(struct session *session, struct container_spec *spec,
		     struct err *err);

/* All borrowed. */
struct lifecycle_start {
	const char *driver; /* --storage-driver, or NULL */
	bool attach;        /* copy its output here until it ends */
	bool open_stdin;    /* … and our input there */
	bool sig_proxy;
	const struct detach_keys *detach_keys; /* or NULL */
};

struct lifecycle_started {
	int exit_status; /* of one that was attached to */
	bool detached;   /* it lives on */
	bool not_run;    /* -errno is what execve() said */
};

/*
 * Start it; with .attach wait until it ends. One that runs already is a
 * success (and attached to). A failure is recorded in its state.
 */
int lifecycle_start(struct session *session, const struct container *container,
		    const struct lifecycle_start *how,
		    struct lifecycle_started *ret_started, struct err *err);

struct lifecycle_stop {
	int signal;        /* 0: what the container asks for */
	int64_t timeout_s; /* MONITOR_STOP_DEFAULT, MONITOR_STOP_FOREVER, >= 0
			    */
	bool keep;         /* --rm does not hold: it will be started again */
	bool removed;      /* it is removed next */
};
#define LIFECYCLE_STOP_INIT                        \
	{                                          \
		.timeout_s = MONITOR_STOP_DEFAULT, \
	}

/*
 * Ask it to stop, and wait until it has. Several can be asked before the
 * first is waited for. One that does not run is a success: *ret_fd is
 * -EBADF then, which lifecycle_stop_wait() takes too.
 */
int lifecycle_stop_ask(struct session *session,
		       const struct container *container,
		       const struct lifecycle_stop *how, int *ret_fd,
		       struct err *err);
/* Closes @fd. @gone: wait until its mounts and the lock are gone as well. */
int lifecycle_stop_wait(struct session *session,
			const struct container *container, int fd, bool gone,
			struct err *err);
/* Both. */
int lifecycle_stop(struct session *session, const struct container *container,
		   const struct lifecycle_stop *how, struct err *err);

/* Stop it, if it runs, and start it. */
int lifecycle_restart(struct session *session,
		      const struct container *container,
		      const struct lifecycle_stop *stop,
		      const struct lifecycle_start *start, struct err *err);

/* Returns after its end for SIGKILL; -ESRCH when it is not running. */
int lifecycle_kill(struct session *session, const struct container *container,
		   int signo, struct err *err);
int lifecycle_pause(struct session *session, const struct container *container,
		    bool pause, struct err *err);
/*
 * Ask for its health now; the answer is recorded as any.
 * @ret_exit_code: of the check, 0 for healthy
 * -EINVAL when it has no check; -ESRCH when it is not running.
 */
int lifecycle_probe(struct session *session, const struct container *container,
		    int *ret_exit_code, struct err *err);

enum lifecycle_remove_flags {
	LIFECYCLE_FORCE = 1,   /* kill it first if it runs */
	LIFECYCLE_VOLUMES = 2, /* its anonymous volumes too */
};

/*
 * Remove it with all it wrote. @how: how to stop one that runs, with FORCE;
 * NULL: SIGKILL. Returns 0; -EBUSY when it runs.
 */
int lifecycle_remove(struct session *session, const struct container *container,
		     int flags, const struct lifecycle_stop *how,
		     struct err *err);

/* Wait for its next end; the exit status of one that does not run. */
int lifecycle_wait(struct session *session, const struct container *container,
		   int *ret_status, struct err *err);

/* Copy streams to and from one that runs, as lifecycle_start() does. */
int lifecycle_attach(struct session *session, const struct container *container,
		     const struct lifecycle_start *how,
		     struct lifecycle_started *ret_started, struct err *err);

/* -EEXIST, -EINVAL for the name. */
int lifecycle_rename(struct session *session, const struct container *container,
		     const char *name, struct err *err);

/*
 * Record a changed spec of it, and tell its monitor, if there is one. The id,
 * the name and what the process was started with stay as they are.
 */
int lifecycle_update(struct session *session, const struct container *container,
		     const struct container_spec *spec, struct err *err);

#endif
