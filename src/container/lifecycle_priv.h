/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/lifecycle_priv.h - between the files of the verbs.
 */
#ifndef DHOW_CONTAINER_LIFECYCLE_PRIV_H
#define DHOW_CONTAINER_LIFECYCLE_PRIV_H

#include "container/lifecycle.h"

/* -EBUSY when it runs on another host. */
int lifecycle_check_here(const struct container *container, struct err *err);

/*
 * Take the lock of a container that does not run, waiting for one that just
 * ended; what a killed monitor left is put in order.
 *
 * @ret_state: the record, the caller's to release
 *
 * Returns an fd whose close gives it up; -EALREADY without a story when it
 * runs.
 */
int lifecycle_lock(struct session *session, const struct container *container,
		   struct container_state *ret_state, struct err *err);

/* If its monitor was killed: record that. */
void lifecycle_settle(struct session *session,
		      const struct container *container);

/* A connection to its monitor; -ESRCH when it does not run. */
int lifecycle_connect(struct session *session,
		      const struct container *container, struct err *err);

#endif
