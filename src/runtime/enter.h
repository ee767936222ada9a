/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/enter.h - a further process in namespaces that are there already.
 *
 * A helper of ours joins the container's namespaces and starts the command as
 * a child of the caller, since only children are in a pid namespace that was
 * joined. Neither can be traced from the container: both are undumpable, and
 * hold no file but what the command gets (CVE-2016-9962, CVE-2024-21626).
 *
 * The caller has one thread and all capabilities over the container's user
 * namespace: it owns that, or an ancestor of it.
 */
#ifndef DHOW_RUNTIME_ENTER_H
#define DHOW_RUNTIME_ENTER_H

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/types.h>

#include "base/err.h"
#include "runtime/plan.h"

struct enter_shared;

struct enter {
	pid_t target; /* a process in the container */
	int target_pidfd;
	const struct rt_plan *plan; /* of it, what concerns the process */
	const struct winsize *size; /* of the terminal; may be NULL */
	/*
	 * Called in the helper, in the container's namespaces, with the
	 * container's root: fill the rest of *@late.
	 */
	int (*look_inside)(void *data, int rootfd, struct rt_late *late,
			   struct err *err);
	void *data;

	struct rt_late *late; /* after enter_init(): shared with the child */
	/* Written by enter_spawn() */
	pid_t pid; /* a child of the caller */
	int pidfd;
	int ttyfd; /* the terminal's master, or -EBADF */
	bool command_failed;
	struct enter_shared *shared; /* private */
};

#define ENTER_INIT                                                        \
	{                                                                 \
		.target_pidfd = -EBADF, .pidfd = -EBADF, .ttyfd = -EBADF, \
	}

int enter_init(struct enter *enter, struct err *err);
/* The command runs when this returns 0; else nothing is left of it. */
int enter_spawn(struct enter *enter, struct err *err);
/* Close and unmap; the process goes on. */
void enter_release(struct enter *enter);

/* The namespaces of a container, for enter_join(). */
#define ENTER_FILES (CLONE_NEWUSER | CLONE_NEWNS)
#define ENTER_ALL                                                   \
	(ENTER_FILES | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | \
	 CLONE_NEWUTS | CLONE_NEWCGROUP)

/*
 * Join, in a child of the caller that has one thread, those of the target's
 * @namespaces that are not ours. All fds but @keep (-1 ended) above 2 are
 * closed before. The working directory is the container's root afterwards.
 */
int enter_join(pid_t target, int target_pidfd, int namespaces, const int *keep,
	       struct err *err);

/*
 * Have @visit called in a child that joined the mounts of a container, with
 * its root and as its user 0, if it has one. @keep: what it needs of ours.
 */
struct enter_visit {
	pid_t target;
	int target_pidfd;
	const int *keep; /* fds, -1 ended */
	bool only_root;  /* nothing that is mounted in the root */
	int (*visit)(void *data, int rootfd, struct err *err);
	void *data;
};
int enter_visit(const struct enter_visit *visit, struct err *err);

#endif
