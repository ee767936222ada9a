/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/launch.h - the parent's side of a container's start.
 *
 *	launch_init(&launch)              memory for what comes late
 *	launch_clone(&launch, &plan)      it makes its namespaces
 *	… the caller makes what the plan names …
 *	launch_map(&launch, &plan)        id maps; it mounts its root
 *	launch_wait_root(&launch)         its root stands: launch.rootfd;
 *	                                  begin_network() was called before
 *	… the caller fills launch.late, volumes …
 *	launch_late(&launch)
 *	… the caller sets up the network …
 *	launch_go(&launch)                it becomes the command
 *	launch_wait_exec(&launch)         it did, or why it did not
 *
 * The caller is inside the user namespace U with all capabilities in it and
 * has one thread. Any failure is followed by launch_abort().
 */
#ifndef DHOW_RUNTIME_LAUNCH_H
#define DHOW_RUNTIME_LAUNCH_H

#include <errno.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "runtime/plan.h"

struct launch {
	struct rt_late *late; /* shared with the child */
	pid_t pid;            /* of the container's first process, or 0 */
	int pidfd;
	int linkfd;
	int rootfd; /* the container's root, as the child sees it */
	int userfd; /* its user namespace */
	int netfd;  /* its network namespace */
	/*
	 * Its mount namespace: while this is open, the end of the container
	 * does not wait for its mounts to be taken down.
	 */
	int mntfd;
	int ttyfd;    /* the pty's master, or -EBADF */
	int ownersfd; /* of owner_watch.h, or -EBADF */
	/* The child got as far as exec: a failure is the command's. */
	bool command_failed;
	/* Serve the other end of a FUSE mount; called with its fd. */
	int (*serve_fuse)(void *data, int fusefd, struct err *err);
	/* Its network namespace is there: first thing that is heard of it. */
	int (*begin_network)(void *data, int netfd, struct err *err);
	void *data;
};

#define LAUNCH_INIT                                                  \
	{                                                            \
		.pidfd = -EBADF, .linkfd = -EBADF, .rootfd = -EBADF, \
		.userfd = -EBADF, .netfd = -EBADF, .mntfd = -EBADF,  \
		.ttyfd = -EBADF, .ownersfd = -EBADF,                 \
	}

int launch_init(struct launch *launch, struct err *err);
int launch_clone(struct launch *launch, const struct rt_plan *plan,
		 struct err *err);
int launch_map(struct launch *launch, const struct rt_plan *plan,
	       struct err *err);
int launch_wait_root(struct launch *launch, struct err *err);
int launch_late(struct launch *launch, struct err *err);
void launch_go(struct launch *launch);
int launch_wait_exec(struct launch *launch, struct err *err);

/* Instead, for a plan that visits: it is over, and how. */
int launch_wait_visit(struct launch *launch, struct err *err);

/* Kill and reap what was started, unless it was reaped; then start anew. */
void launch_abort(struct launch *launch);
/* The same, and unmap. */
void launch_release(struct launch *launch);

#endif
