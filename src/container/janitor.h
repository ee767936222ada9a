/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/janitor.h - what is slow to take down, behind the command's back.
 *
 * The kernel needs milliseconds to take a mount namespace down, and a written
 * layer is a tree to remove. None of it can be seen any more, so the command
 * ends while a child of it finishes the work. The child is made when the
 * container starts, while dhow waits anyway, and sleeps until dhow ends: by
 * itself, with a word about what is left to do, or killed, and then it removes
 * what dhow would have removed.
 */
#ifndef DHOW_CONTAINER_JANITOR_H
#define DHOW_CONTAINER_JANITOR_H

#include <errno.h>
#include <stdbool.h>

#include "base/strvec.h"
#include "container/dir.h"

struct janitor {
	/* What it will need; all borrowed. */
	struct container_dir *dir;
	const struct strvec *volumes; /* anonymous ones */
	int rundirfd;
	int mntfd;      /* the container's mount namespace, held open by it */
	int fuse_pidfd; /* the helper ends with the mounts */
	bool holds;     /* we are in U: others may join through it */
	bool removes;   /* --rm: directory and volumes go */

	int wordfd; /* our end; closing it without a word means "killed" */
	char tomb[CONTAINER_TOMB_BYTES]; /* what janitor_bury() left */
};

#define JANITOR_INIT                                                       \
	{                                                                  \
		.rundirfd = -EBADF, .mntfd = -EBADF, .fuse_pidfd = -EBADF, \
		.wordfd = -EBADF,                                          \
	}

/*
 * Start it. Without memory for a child nothing is started, and
 * janitor_dismiss() does the work itself.
 */
void janitor_start(struct janitor *janitor);

/* Name and directory are out of sight, if they are to go. */
void janitor_bury(struct janitor *janitor);

/*
 * The container ended, and what is to go was buried; the rest is done later,
 * or by us when no janitor was started.
 */
void janitor_dismiss(struct janitor *janitor);

#endif
