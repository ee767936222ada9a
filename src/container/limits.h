/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/limits.h - what of the host a container may use, and who holds it
 * to that.
 *
 * A cgroup where one is delegated to this user, or the user's systemd does so
 * when it is asked. Elsewhere --pids-limit is a resource limit and
 * --cpuset-cpus an affinity; the other limits are not held, and limits_warn()
 * says so before the container starts. @uid is the user as the host knows him.
 */
#ifndef DHOW_CONTAINER_LIMITS_H
#define DHOW_CONTAINER_LIMITS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/strvec.h"
#include "container/spec.h"
#include "sys/cgroup.h"

struct limits {
	struct cgroup cgroup;      /* version 0: none */
	int procs[CGROUP_MAX_FDS]; /* to be written by who joins it */
	bool holds_pids;
	bool holds_cpuset;
};

#define LIMITS_INIT             \
	{                       \
		.procs = { -1 } \
	}

/*
 * Add one line for each limit that this host does not hold, or holds in
 * another way. Nothing is made.
 */
void limits_warn(const struct container_spec *spec, uid_t uid,
		 struct strvec *ret_warnings);

/* Is it systemd that has to be asked for its limits, at its start? */
bool limits_need_scope(const struct container_spec *spec, uid_t uid);

/* Can a resource limit count the processes of one container? */
bool limits_can_count_processes(void);
/* The lowest --oom-score-adj that the host's user @uid may set. */
int limits_lowest_oom_score(uid_t uid);

/*
 * Make the container's cgroup, if one is delegated, and write its limits. Who
 * calls it watches over the container, for he may be moved into its scope.
 * Returns 0; -EINVAL and others with the flag whose value is not taken;
 * -EACCES for a --cgroup-parent that is not ours.
 */
int limits_open(struct limits *limits, const struct container_spec *spec,
		uid_t uid, struct err *err);

/*
 * The group of a running container, to join it; the caller may be moved near
 * it. @text: as recorded.
 */
int limits_join(struct limits *limits, const char *text, uid_t uid,
		struct err *err);

/* Close what joins it. */
void limits_close(struct limits *limits);
/* The container ended: remove its cgroup, too. */
void limits_remove(struct limits *limits);

/* In version 1 what is frozen does not die, not even killed: let it. */
void limits_thaw(const char *text);
/* What a killed monitor left, by its record. */
void limits_collect(const char *text);

/* The record of it, or NULL when there is none; the caller frees it. */
char *limits_to_text(const struct limits *limits);

/*
 * Change the limits of a running container to those of @spec.
 * @text: as recorded; NULL: none, and -EOPNOTSUPP
 */
int limits_update(const char *text, const struct limits_spec *spec,
		  struct err *err);

#endif
