/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/planner_priv.h - what the files of the planner share.
 */
#ifndef DHOW_CONTAINER_PLANNER_PRIV_H
#define DHOW_CONTAINER_PLANNER_PRIV_H

#include "container/planner.h"

#define PLANNER_NO_EXEC (MOUNTX_NOSUID | MOUNTX_NODEV | MOUNTX_NOEXEC)
#define PLANNER_MAX_OPTIONS 16

struct rt_mount *planner_add_mount(struct planner *planner,
				   struct rt_mount mount);
/* File system options "key=value" or "key"; texts are borrowed. */
const struct mountx_option *
planner_options(struct planner *planner, const struct mountx_option *options);
/* What a mount's words ask for, as MOUNTX_*. */
unsigned int planner_attrs(const struct mount_spec *mount);
void planner_add_bind(struct planner *planner, const struct mount_spec *mount,
		      const char *source, const char *target);

/* planner_base.c: what every container has, before all others. */
void planner_add_base(struct planner *planner,
		      const struct container_spec *spec, const struct ids *ids);

/* planner_kinds.c: mounts of the rarer kinds. */
void planner_add_devpts(struct planner *planner, const struct mount_spec *mount,
			const struct ids *ids);
void planner_add_ramfs(struct planner *planner, const struct mount_spec *mount);
int planner_add_glob(struct planner *planner, const struct mount_spec *mount,
		     struct err *err);
void planner_add_image(struct planner *planner, const struct mount_spec *mount,
		       const struct container_dir *dir);
/* --tz: where a library looks that has no TZ. */
void planner_add_timezone(struct planner *planner, const char *zone);
void planner_add_secrets(struct planner *planner,
			 const struct container_spec *spec,
			 const struct container_dir *dir);

#endif
