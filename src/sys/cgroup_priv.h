/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/cgroup_priv.h - what the files of sys/cgroup.h share.
 */
#ifndef DHOW_SYS_CGROUP_PRIV_H
#define DHOW_SYS_CGROUP_PRIV_H

#include "sys/cgroup.h"

/* As version 1 calls them. */
extern const char *const cgroup_controller_names[CGROUP_CONTROLLER_COUNT];

/* One directory for all controllers. */
void cgroup_set_unified(struct cgroup *cgroup, const char *dir);

#endif
