/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/start.h - what brings a container's process up.
 *
 *	start_claim(&start)     ports and cidfile; nothing exists yet
 *	start_prepare(&start)   who is who, the plan, the streams
 *	start_begin(&start)     its namespaces, root, network; it execs
 *	… there is time while the command is loaded …
 *	start_finish(&start)    it runs: launch.pid, pipes, launch.ttyfd
 *	… until the process is reaped, launch.pid = 0 …
 *	start_down(&start)      then prepare, begin and finish start it anew
 *	start_release(&start)
 *
 * The process dies with the thread that called start_begin(). Whoever calls
 * it watches the process; recording, logging and removing are his too. A
 * failure is followed by start_release() and leaves no process; what it made
 * on disk is start.created.
 */
#ifndef DHOW_CONTAINER_START_H
#define DHOW_CONTAINER_START_H

#include <errno.h>
#include <stdbool.h>

#include "container/dir.h"
#include "container/ids.h"
#include "container/limits.h"
#include "container/networking.h"
#include "container/pipes.h"
#include "container/planner.h"
#include "container/rootfs.h"
#include "container/spec.h"
#include "runtime/launch.h"
#include "session/session.h"

struct start {
	/* What is asked for; borrowed. */
	struct session *session;
	struct container_spec *spec;
	const char *driver; /* --storage-driver, or NULL: as config.yaml says */
	const char *again;  /* the driver that an earlier start used, or NULL */
	bool exists;        /* the directory is there: dir is open */
	/*
	 * With one id: the caller polls launch.ownersfd and lets somebody
	 * answer (runtime/owner_watch.h).
	 */
	bool watches_owners;

	/* What came of it. */
	struct store *store; /* borrowed from session */
	int rundirfd;        /* borrowed */
	int lockfd;          /* container/live.h; the caller's, if exists */
	struct container_dir dir;
	struct ids ids;
	struct limits limits; /* its cgroup, if there is one */
	struct planner planner;
	struct rootfs rootfs;
	struct launch launch;
	struct pipes pipes;
	char *usual_driver;     /* config.yaml's, or NULL; owned */
	struct port_plan ports; /* kept open: the next start needs them */
	struct networking net;  /* net.connfd: readable when it wants care */
	struct winsize size;    /* of the terminal, as far as it is known */
	bool created;           /* the directory stands */
	bool made_cidfile;
	bool filled; /* and has what this start needs */
};

#define START_INIT                                                \
	{                                                         \
		.rundirfd = -EBADF, .lockfd = -EBADF,             \
		.dir = CONTAINER_DIR_INIT, .limits = LIMITS_INIT, \
		.rootfs = ROOTFS_INIT, .launch = LAUNCH_INIT,     \
		.pipes = PIPES_INIT, .ports = PORT_PLAN_INIT,     \
		.net = NETWORKING_INIT,                           \
	}

/*
 * Refuse what must fail before anything exists: -EADDRINUSE and others of
 * port_plan_open(), -EEXIST for the cidfile.
 */
int start_claim(struct start *start, struct err *err);

/* The caller becomes a member of U. */
int start_prepare(struct start *start, struct err *err);

/* Returns 0; -EEXIST for a name in use; or why it could not be started. */
int start_begin(struct start *start, struct err *err);

/*
 * Returns 0 when the command runs. launch.command_failed: -errno is what
 * execve() said.
 */
int start_finish(struct start *start, struct err *err);

/* The process ended and was reaped: give back what was for this life. */
void start_down(struct start *start);
/* All of it; kills the process if it was not reaped. */
void start_release(struct start *start);

#endif
