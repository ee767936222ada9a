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
/* What services that are on do to each other: cycles and, unless @same_ports,
 * the same port of the host. */
void consistency_check_together(const struct node *model, bool same_ports,
				struct diag *diag);

/* One service by itself; the other half, in consistency_service.c. */
void consistency_check_service(const char *name, const struct node *service,
			       bool raw, struct diag *diag);

#endif
