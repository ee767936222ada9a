/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/consistency.h - what no table can say: keys that do not go together
 * and references to nothing.
 */
#ifndef DHOW_COMPOSE_CONSISTENCY_H
#define DHOW_COMPOSE_CONSISTENCY_H

#include "compose/diag.h"
#include "data/node.h"

/* Every service and resource by itself, and what they refer to. @raw:
 * variables stand as they are. */
void consistency_check_all(const struct node *model, bool raw,
			   struct diag *diag);
/* Services that are on and depend on each other in a circle. */
void consistency_check_cycles(const struct node *model, struct diag *diag);
/*
 * What @services cannot do here or beside each other; in consistency_host.c.
 * @acts: they are about to be started; else what is open to change until then
 * is a warning, or nothing
 */
void consistency_check_host(const struct node *model,
			    const struct strvec *services, bool acts,
			    struct diag *diag);
/* Addresses of a service, and of networks; in consistency_net.c. */
void consistency_check_addresses(const struct node *service, bool raw,
				 struct diag *diag);
void consistency_check_pools(const struct node *networks, bool raw,
			     struct diag *diag);
/* Does the value of a key ask for anything? False and null do not. */
bool consistency_asks(const struct node *value);
/* One service by itself; in consistency_service.c. */
void consistency_check_service(const char *name, const struct node *service,
			       bool raw, struct diag *diag);

#endif
