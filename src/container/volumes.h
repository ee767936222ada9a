/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volumes.h - the volumes a container mounts.
 */
#ifndef DHOW_CONTAINER_VOLUMES_H
#define DHOW_CONTAINER_VOLUMES_H

#include "container/spec.h"
#include "store/store.h"

/*
 * Make the volumes that do not exist yet; one without a name gets a random
 * one and goes with the container.
 */
int volumes_ensure(struct store *store, struct container_spec *spec,
		   struct err *err);

/*
 * First use: copy what the image has at the mount's target into the volume.
 * @rootfd: the container's root, before the volumes are mounted
 * @uid:    with @gid, in U: the user who gets sources marked so (U). A volume
 * that was filled by anything before is left alone (CVE-2020-1726).
 */
int volumes_fill(struct store *store, const struct container_spec *spec,
		 int rootfd, uid_t uid, gid_t gid, struct err *err);

/* Remove the volumes that have no name of their own. */
void volumes_remove_anonymous(struct store *store,
			      const struct container_spec *spec);

#endif
