/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inspect.h - a container as docker inspect shows it.
 *
 * Made anew from the spec and the state each time; nothing of it is kept.
 * Spec: formats.md, "inspect JSON".
 */
#ifndef DHOW_CONTAINER_INSPECT_H
#define DHOW_CONTAINER_INSPECT_H

#include "container/lookup.h"
#include "container/usage.h"

/*
 * Build the object of a container that container_find() found.
 *
 * @usage: adds SizeRw and SizeRootFs; may be NULL
 *
 * Returns 0, or -EBADMSG for a damaged record.
 */
int container_inspect(struct session *session,
		      const struct container *container,
		      const struct container_usage *usage,
		      struct node **ret_node, struct err *err);

#endif
