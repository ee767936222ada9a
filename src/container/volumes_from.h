/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volumes_from.h - --volumes-from: mount what another one mounts.
 */
#ifndef DHOW_CONTAINER_VOLUMES_FROM_H
#define DHOW_CONTAINER_VOLUMES_FROM_H

#include "container/spec.h"
#include "session/session.h"

/*
 * Add the volumes and bind mounts of the containers that spec->volumes_from
 * names ("CONTAINER[:ro|rw]"), but for targets that @spec has mounts for.
 * Returns 0; -ENOENT for a container that is not there; -EINVAL for a mode.
 */
int volumes_from_add(struct session *session, struct container_spec *spec,
		     struct err *err);

#endif
