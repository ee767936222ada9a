/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/members.h - a signal for every process of a container.
 */
#ifndef DHOW_CONTAINER_MEMBERS_H
#define DHOW_CONTAINER_MEMBERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Is the process one of those that are meant? @procfd: /proc */
typedef bool (*members_fn)(int procfd, pid_t pid, const void *data);

/*
 * Send each of them the signal, once. New ones may appear between two looks,
 * so it looks again until there are none.
 *
 * @data: handed to @is_meant
 *
 * Returns 0, or why /proc cannot be read.
 */
int members_signal(members_fn is_meant, const void *data, int signo,
		   struct err *err);

#endif
