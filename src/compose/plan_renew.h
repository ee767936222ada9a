/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_renew.h - networks and volumes that are not as the files have
 * them now.
 *
 * Neither can be changed: it is removed, which nobody may be using then, and
 * made again. A network loses nothing by that; a volume its data, so that
 * somebody has to agree (plan_input.renew_volumes).
 */
#ifndef DHOW_COMPOSE_PLAN_RENEW_H
#define DHOW_COMPOSE_PLAN_RENEW_H

#include "compose/plan_input.h"

/* Is the network to be made again? */
bool plan_renew_wants_network(const struct plan_input *in, const char *key);
/* Is the volume, and did somebody agree? */
bool plan_renew_wants_volume(const struct plan_input *in, const char *key);
/* Does a service use such a volume? Its containers go first. */
bool plan_renew_takes(const struct plan_input *in, const struct node *service);

/* Stop whoever is on the network and remove it; the last step. */
size_t plan_renew_network(const struct plan_input *in, struct plan *plan,
			  const char *name);
/* Start those again that were stopped and will not be replaced. */
void plan_renew_resume(const struct plan_input *in, struct plan *plan,
		       const char *name, size_t after);
/* Remove the containers of services that use the volume, and it. */
size_t plan_renew_volume(const struct plan_input *in, struct plan *plan,
			 const char *key, const char *name);

#endif
