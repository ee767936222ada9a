/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_wait.h - wait until a container is what a plan needs it to be.
 */
#ifndef DHOW_CLI_COMPOSE_WAIT_H
#define DHOW_CLI_COMPOSE_WAIT_H

#include "compose/project_plan.h"
#include "session/session.h"

/*
 * Returns 0; -EPROTO with the reason when that will not happen: it is
 * unhealthy, has ended, or has no health check to ask.
 */
int compose_wait_step(struct session *session, const struct plan_step *step,
		      struct err *err);

#endif
