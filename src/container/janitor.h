/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/janitor.h - what is slow to take down, behind the command's back.
 *
 * The kernel needs milliseconds to take a mount namespace down, and a written
 * layer is a tree to remove. None of it can be seen any more, so the command
 * ends while a child finishes the work. Killed before that, it leaves entries
 * of tmp/ whose process is gone.
 */
#ifndef DHOW_CONTAINER_JANITOR_H
#define DHOW_CONTAINER_JANITOR_H

#include <stdbool.h>

#include "base/fsx.h"
#include "base/strvec.h"
#include "store/store.h"

struct janitor {
	struct store *store; /* borrowed, may be NULL when nothing was made */
	int rundirfd;        /* borrowed */
	int mntfd;      /* the container's mount namespace; ours to close */
	int fuse_pidfd; /* borrowed; the helper ends with the mounts */
	bool holds;     /* we are in U: others may join through us */
	bool removes;   /* tomb and volumes go */
	char tomb[FSX_TMP_NAME_BYTES + 8]; /* below the store, or "" */
	const struct strvec *volumes;      /* anonymous ones */
};

/*
 * Do the work in a child that nothing waits for; without one, do it now. The
 * caller's place among the holders of U passes to the child, so that a
 * command that follows at once still finds U.
 */
void janitor_start(struct janitor *janitor);

#endif
