/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/freeze.h - stop and continue all processes of a container.
 *
 * Where no freezer of the kernel is delegated: SIGSTOP and SIGCONT to each.
 * A process can see that it was stopped, other than with a freezer.
 */
#ifndef DHOW_CONTAINER_FREEZE_H
#define DHOW_CONTAINER_FREEZE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * @pid: the container's first process. The processes of its PID namespace
 * are meant, those entered by exec too; in the host's, its descendants.
 */
int freeze_tree(pid_t pid, bool freeze, struct err *err);

#endif
