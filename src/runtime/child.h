/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child.h - between clone and exec.
 *
 * These functions walk a const plan and call sys/. They do not allocate,
 * print, log, lock or read the environment; `make lint` holds their symbols
 * against contrib/lint/child-symbols.txt. Each returns 0 or -errno with the
 * story in @err.
 */
#ifndef DHOW_RUNTIME_CHILD_H
#define DHOW_RUNTIME_CHILD_H

#include "base/err.h"
#include "runtime/plan.h"

/* What the child holds besides the plan. */
struct child {
	const struct rt_plan *plan;
	struct rt_late *late;
	int linkfd;     /* SOCK_SEQPACKET to the parent */
	int rootfd;     /* the container's root, once it stands */
	int sysctlsfd;  /* /proc/sys, before it is read-only; or -EBADF */
	bool is_joined; /* the network is there: RT_MSG_GO has come */
	int stdio[3];   /* as they will be at exec */
};

/* The whole life from clone to exec; does not return. */
_Noreturn void child_run(const struct rt_plan *plan, struct rt_late *late,
			 int linkfd);

/*
 * The same for a command in a container that runs already; the calling
 * process is in its namespaces.
 */
_Noreturn void child_enter(const struct rt_plan *plan, struct rt_late *late,
			   int linkfd);

/* What shells, nohup and we ourselves ignore, a command does not. */
void child_reset_signals(void);

int child_send(const struct child *child, enum rt_msg msg, const int *fds,
	       size_t fd_count, struct err *err);
int child_wait(const struct child *child, enum rt_msg msg, struct err *err);

/*
 * Enter the plan's control groups.
 * may: write to fds that the parent opened; must not: be in a new cgroup
 * namespace yet, or it would begin in the wrong place.
 */
int child_join_cgroups(const struct rt_plan *plan, struct err *err);

/*
 * Mount the root file system and attach it.
 * may: CAP_SYS_ADMIN in our namespaces; must not: look into the root.
 */
int child_mount_root(struct child *child, struct err *err);

/*
 * Mount one thing below child->rootfd, making what is missing of its target.
 * may: resolve paths below rootfd; must not: follow them out of it.
 */
int child_mount(struct child *child, const struct rt_mount *mount,
		struct err *err);

/*
 * Hold the place of kernel parameters, if the plan has some.
 * may: use the procfs just mounted; must not: accept anything else.
 */
int child_hold_sysctls(struct child *child, struct err *err);
/*
 * Write those of the container's namespaces there.
 * may: rely on the network; must not: resolve anything below the root.
 */
int child_write_sysctls(struct child *child, struct err *err);

/* /dev: nodes, links, pts and the console. */
int child_setup_dev(struct child *child, struct err *err);

/*
 * Cover masked paths with the host's null device and make others read-only.
 * may: use the procfs mounted by us; must not: trust a path's /dev/null.
 */
int child_mask_paths(struct child *child, struct err *err);

/*
 * Become the user, lose what the container may not have, and exec.
 * may: assume the container's root is "/"; must not: touch the host's.
 * Returns only on failure.
 */
int child_become(struct child *child, struct err *err);
int child_exec(struct child *child, struct err *err);

/*
 * Be process 1: start the rest of child_run() in a child of its own, hand on
 * signals, reap, and end as it ended. Returns 0 in that child.
 */
int child_reaper(struct child *child, struct err *err);

#endif
