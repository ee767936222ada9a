/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/planner.h - from what was asked for to a runtime plan.
 */
#ifndef DHOW_CONTAINER_PLANNER_H
#define DHOW_CONTAINER_PLANNER_H

#include "base/strvec.h"
#include "container/cdi_edits.h"
#include "container/ids.h"
#include "container/limits.h"
#include "container/rootfs.h"
#include "container/spec.h"
#include "runtime/plan.h"
#include "runtime/seccomp_profile.h"
#include "session/session.h"

/* Layers to be made one tree in the container's directory. */
struct planner_copy {
	const struct strvec *layers; /* top first; borrowed */
	const char *path;            /* below the container's directory */
};

/* A plan and all memory it points to. */
struct planner {
	struct rt_plan plan;
	const struct limits *limits; /* borrowed; set before it is built */
	struct strvec strings;       /* texts that plan members borrow */
	struct rt_mount *base, *mounts;
	size_t base_len, base_cap, mount_len, mount_cap;
	struct mountx_option **options; /* option arrays of tmpfs mounts */
	size_t option_len, option_cap;
	struct strvec dev_nodes, masked, readonly;
	struct mount_list resolved;  /* what volumes with options are */
	struct cdi_gift gift;        /* of devices by name */
	struct planner_copy *copies; /* what has to be there too */
	size_t copy_len, copy_cap;
	bool has_overlay;   /* the kernel's shows images; set before */
	struct strvec dirs; /* to be made in the container's directory */
	struct strvec env, exec_paths;
	const char **envp;
	struct rt_sysctl *sysctls;
	struct rt_rlimit *rlimits;
	cpu_set_t affinity;
	struct seccomp_filter seccomp, fake_ids, watched_ids;
	bool watches_owners; /* somebody answers: runtime/owner_watch.h */
};

void planner_release(struct planner *planner);

/* The host's file of a time zone, or of its own for "local". */
char *planner_zone_path(const char *zone);

/* Borrow a formatted text for the planner's life. */
const char *planner_keep(struct planner *planner, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Decide everything but the root file system and the standard streams; of the
 * container nothing needs to exist yet.
 * @late: where HOME will stand.
 */
int planner_build(struct planner *planner, struct session *session,
		  const struct container_spec *spec, const struct ids *ids,
		  const struct container_dir *dir, struct rt_late *late,
		  struct err *err);

/*
 * For a further process in the container: command, environment, rights and
 * limits; nothing of namespaces and file systems.
 */
int planner_build_exec(struct planner *planner, struct session *session,
		       const struct container_spec *spec, const struct ids *ids,
		       struct rt_late *late, struct err *err);

/* What of /proc and /sys cannot be seen, or not be changed; appended. */
void planner_list_masks(const struct container_spec *spec,
			struct strvec *masked, struct strvec *readonly);

/* The mounts of it: /proc, /dev, /sys; volumes, binds, files of /etc. */
int planner_add_mounts(struct planner *planner,
		       const struct container_spec *spec, const struct ids *ids,
		       const struct container_dir *dir, struct err *err);

#endif
