/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inside.h - work on a container's files as the container sees
 * them.
 *
 * In a child of ours: of a running container it joins the mounts; of any
 * other it mounts the root file system, volumes and binds as a start would,
 * and the container cannot be started meanwhile.
 */
#ifndef DHOW_CONTAINER_INSIDE_H
#define DHOW_CONTAINER_INSIDE_H

#include <stdbool.h>

#include "container/lookup.h"
#include "session/session.h"

struct inside {
	bool only_root;  /* nothing that is mounted in the root */
	const int *keep; /* fds that the work needs, -1 ended */
	/* Called with the container's root, as its user 0 if it has one. */
	int (*work)(void *data, int rootfd, struct err *err);
	void *data;
};

/*
 * The caller has one thread; it may be a member of U afterwards.
 *
 * Returns 0; -EBUSY when the container runs elsewhere or is just started; or
 * what the work returned.
 */
int inside_run(struct session *session, const struct container *container,
	       const struct inside *inside, struct err *err);

#endif
