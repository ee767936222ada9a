/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_mounts.h - RUN --mount: what a step sees beside its own files.
 *
 * Called in the step's child, inside U.
 */
#ifndef DHOW_BUILD_RUN_MOUNTS_H
#define DHOW_BUILD_RUN_MOUNTS_H

#include "build/build_priv.h"
#include "container/spec.h"

struct run_mounts {
	struct step_room *room;
	struct container_spec *spec;
	int dirfd;         /* room's mounts/, for what has to be made */
	char *private_dir; /* in the run directory: values of secrets */
	int *lockfds;      /* of cache mounts */
	size_t lock_count, lock_cap;
	int *agents; /* pidfds of ssh-agents, for keys */
	size_t agent_count, agent_cap;
	size_t made; /* numbers names */
};

#define RUN_MOUNTS_INIT          \
	{                        \
		.dirfd = -EBADF, \
	}

/*
 * Add to @spec what the step's mounts ask for. Returns 0; -ENOENT for a
 * missing source or a required secret; or what making them failed of.
 */
int run_mounts_begin(struct run_mounts *mounts, struct step_room *room,
		     struct container_spec *spec, struct err *err);
/* After the command: locks, secrets and agents go. May be called twice. */
void run_mounts_end(struct run_mounts *mounts);

/* run_cache.c: a directory that outlives builds. */
int run_mounts_add_cache(struct run_mounts *mounts,
			 const struct df_mount *mount,
			 const struct origin *origin, const char *target,
			 struct err *err);
/* run_secret.c */
int run_mounts_add_secret(struct run_mounts *mounts,
			  const struct df_mount *mount, const char *target,
			  struct err *err);
int run_mounts_add_ssh(struct run_mounts *mounts, const struct df_mount *mount,
		       const char *target, struct err *err);

/*
 * run_agent.c: make the socket @path, which hands on to the one of @agent.
 * The process is the caller's to end and wait for.
 */
int run_agent_start(const char *agent, const char *path,
		    const struct df_mount *mount, pid_t *ret_pid,
		    struct err *err);

/* Bind @source, absolute or below the store (then made absolute). */
void run_mounts_bind(struct run_mounts *mounts, const char *source,
		     const char *below, const char *target, bool readonly);
/* An empty directory named by the next number; its fd or -errno. */
int run_mounts_new_dir(struct run_mounts *mounts, char **ret_path,
		       struct err *err);
/* The run directory's place for what must not reach a disk. */
int run_mounts_private(struct run_mounts *mounts, struct err *err);

/* run_reduce.c: make the upper of a whole root that was written to. */
int run_reduce(int rootfd, const struct view *below, struct err *err);
int run_list_names(int fd, struct strvec *names, struct err *err);

/*
 * run_owners.c: what is new in the room's upper is recorded as theirs, who are
 * not root, or as the owner's of its directory, who was stepped down to.
 */
int run_own_new(struct step_room *room, uid_t uid, gid_t gid, struct err *err);

#endif
