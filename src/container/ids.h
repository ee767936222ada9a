/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/ids.h - who is who: container ids, the user namespace U, the host.
 */
#ifndef DHOW_CONTAINER_IDS_H
#define DHOW_CONTAINER_IDS_H

#include <stdbool.h>

#include "conf/idspace.h"
#include "container/spec.h"
#include "runtime/plan.h"
#include "store/store.h"

struct ids {
	struct idmap uids; /* container → U, or the host where U is left out */
	struct idmap gids;
	bool deny_setgroups;
	bool permuted; /* container root is not U's: layers appear shifted */
	bool single;
	uint32_t you_uid; /* who you are in the container */
	uint32_t you_gid;
};

/*
 * Choose the maps. In single-id mode the one id is the user's; otherwise you
 * are root, unless --userns keep-id says so or a bind mount of a directory of
 * yours is writable and the user is another (DESIGN, "Whose files").
 *
 * Returns 0; -EINVAL when the user's id is outside what this account has.
 */
int ids_choose(const struct container_spec *spec, struct store *store,
	       const struct idspace *space, struct ids *ret_ids,
	       struct err *err);

/*
 * Find the user in the container's own passwd and group files and fill
 * @late: ids, groups and HOME. @rootfd: the container's root.
 */
int ids_resolve(const struct container_spec *spec, const struct ids *ids,
		int rootfd, struct rt_late *late, struct err *err);

#endif
