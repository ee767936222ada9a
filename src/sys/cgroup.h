/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/cgroup.h - control groups of versions 1 and 2, for who owns some.
 *
 * Version 2 has one directory per group; version 1 has one per controller.
 * Delegated means that this user may divide it: the directory, its list of
 * processes and, in version 2, its list of controllers are writable.
 * man: cgroups(7), "Delegation"; Linux, cgroup-v2.rst, cgroup-v1/.
 */
#ifndef DHOW_SYS_CGROUP_H
#define DHOW_SYS_CGROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/err.h"

enum cgroup_controller {
	CGROUP_MEMORY,
	CGROUP_PIDS,
	CGROUP_CPU,
	CGROUP_CPUACCT, /* part of cpu in version 2 */
	CGROUP_CPUSET,
	CGROUP_IO, /* "blkio" in version 1 */
	CGROUP_FREEZER,
	CGROUP_CONTROLLER_COUNT,
};

struct cgroup {
	int version; /* 1, 2, or 0 when there is none */
	/* Absolute directories, NULL for what is not there; owned. */
	char *dirs[CGROUP_CONTROLLER_COUNT];
};

#define CGROUP_INIT          \
	{                    \
		.version = 0 \
	}
#define cleanup_cgroup cleanup_release(cgroup_release)
void cgroup_release(struct cgroup *cgroup);

/* Is the unified hierarchy where systems with no other have it? */
bool cgroup_is_unified(void);

/* Where what stood in a place that is divided goes to. */
#define CGROUP_LEAF "dhow-host"
/* Scopes and services of systemd whose names begin so are ours to divide. */
#define CGROUP_UNIT_PREFIX "dhow-"

/* 2 when a unified hierarchy carries the controllers, else 1. */
int cgroup_version(void);

/*
 * Find what is delegated to this user.
 *
 * @parent: a path below the hierarchies' roots, "/batch/job7", or NULL: of
 *          version 1 the group of this process, of version 2 the nearest
 *          above it that systemd delegated, else the topmost delegated one
 *
 * Nothing is version 0. Returns 0; -EINVAL for a bad @parent, -EACCES when it
 * is not delegated.
 */
int cgroup_find(const char *parent, struct cgroup *ret_cgroup, struct err *err);

/*
 * The group that the systemd of the host's user @uid divides, and so what a
 * scope made by it can do; version 0 when there is none.
 */
void cgroup_find_manager(uid_t uid, struct cgroup *ret_cgroup);

/*
 * Make a group below @place; one that is there is taken as it is. In version
 * 2 what stands in @place itself moves into a leaf of it, since only leaves
 * have processes.
 */
int cgroup_make(const struct cgroup *place, const char *name,
		struct cgroup *ret_cgroup, struct err *err);

/* Remove it; without processes it goes at once. */
void cgroup_remove(const struct cgroup *cgroup);

/*
 * Where it is, as one line for a record: "/sys/fs/cgroup/a/b" or
 * "memory:/sys/fs/…,pids:/sys/fs/…". The caller frees it. From: -EINVAL.
 */
char *cgroup_to_text(const struct cgroup *cgroup);
int cgroup_from_text(const char *text, struct cgroup *ret_cgroup);

/*
 * May this process be moved to it by ourselves? In version 2 what is above
 * both has to be writable, too.
 */
bool cgroup_can_join(const struct cgroup *cgroup);

#define CGROUP_MAX_FDS (CGROUP_CONTROLLER_COUNT + 1)

/*
 * Open the lists of processes for writing: who writes "0" to each is in it.
 * @fds: -1 ended; the caller closes them. They work in other namespaces too.
 */
int cgroup_open_procs(const struct cgroup *cgroup, int fds[CGROUP_MAX_FDS],
		      struct err *err);

/* Can limits of this controller be set in it, or in groups made below it? */
bool cgroup_has(const struct cgroup *cgroup, enum cgroup_controller which);

/*
 * Write one file of a controller: "memory.max". Returns 0; -EOPNOTSUPP when
 * the group has not that controller or file; what the kernel says.
 */
int cgroup_write(const struct cgroup *cgroup, enum cgroup_controller which,
		 const char *file, const char *value, struct err *err);

/*
 * Read a number from a file that has only that, or from the line of a file
 * that begins with the word @key ("oom_kill 3"). "max" is INT64_MAX. Returns
 * 0 or -ENOENT.
 */
int cgroup_read(const struct cgroup *cgroup, enum cgroup_controller which,
		const char *file, const char *key, int64_t *ret_value);

/* Stop all processes in it, or let them go on. Waits until they stand. */
int cgroup_freeze(const struct cgroup *cgroup, bool frozen, struct err *err);

/* Kill what is in it, and wait for that. */
void cgroup_kill(const struct cgroup *cgroup);

/* Did the kernel kill a process in it because memory ended? */
bool cgroup_was_oom(const struct cgroup *cgroup);

/* What it uses; -1 where its controllers do not tell. */
struct cgroup_usage {
	int64_t memory_bytes;     /* without what can be dropped at once */
	int64_t memory_max_bytes; /* INT64_MAX: no limit */
	int64_t cpu_ns;
	int64_t pids;
	int64_t pids_max;
	int64_t read_bytes, written_bytes; /* of block devices */
};

void cgroup_usage(const struct cgroup *cgroup, struct cgroup_usage *ret_usage);

#endif
