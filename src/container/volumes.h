/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volumes.h - the volumes a container mounts.
 */
#ifndef DHOW_CONTAINER_VOLUMES_H
#define DHOW_CONTAINER_VOLUMES_H

#include "container/lookup.h"
#include "container/spec.h"
#include "store/store.h"

/*
 * What "volume create -o" asked for, checked: type=none with o=bind and a
 * device, or type=tmpfs. Returns 0; -EINVAL; -EOPNOTSUPP for what only the
 * host's root can mount.
 */
int volumes_check_options(const struct node *options, struct err *err);

/*
 * A volume that has options is a bind mount or a tmpfs in truth.
 *
 * @ret_mount: how to mount it at @mount's target, with what @mount adds; the
 *             caller releases it. Written when 1 is returned
 *
 * Returns 1; 0 for a volume that is a directory of the store; or -errno.
 */
int volumes_resolve(struct store *store, const struct mount_spec *mount,
		    struct mount_spec *ret_mount, struct err *err);

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

/*
 * How many of the containers mount it, running or not.
 * @ret_user: one of them, borrowed from @all; may be NULL
 */
size_t volumes_count_users(const struct container_vec *all, const char *name,
			   const struct container **ret_user);

/*
 * Remove a volume unless a container mounts it. The caller is inside U.
 * Returns 0; -ENOENT; -EBUSY with who does.
 */
int volumes_remove_unused(struct session *session, const char *name,
			  struct err *err);

/* Note for "dhow events" that "create" or the like happened. */
void volumes_event(struct store *store, const char *name, const char *action);

/* Remove the volumes of these names; failures are only logged. */
void volumes_remove(struct store *store, const struct strvec *names);

#endif
