/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/volume_node.h - a volume as docker inspect shows it.
 */
#ifndef DHOW_CLI_VOLUME_NODE_H
#define DHOW_CLI_VOLUME_NODE_H

#include "session/session.h"
#include "store/volume.h"

/* The caller frees it. */
struct node *volume_node(const struct session *session,
			 const struct volume *volume);

/* Was it made for one container, without a name of its own? */
bool volume_is_anonymous(const struct volume *volume);

#endif
