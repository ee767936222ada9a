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
 * First use: copy what the image has at the mount's target into the volume. A
 * volume that was filled by anything before is left alone (CVE-2020-1726).
 *
 * @rootfd: the container's root, before the volumes are mounted
 * @uid:    with @gid, as U knows them: who gets the sources marked U
 */
int volumes_fill(struct store *store, const struct container_spec *spec,
		 int rootfd, uid_t uid, gid_t gid, struct err *err);

/* Remove the volumes of these names; failures are only logged. */
void volumes_remove(struct store *store, const struct strvec *names);

#endif
