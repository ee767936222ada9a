/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/idspace.h - the user namespace that all of a user's containers share.
 *
 * One per user and host while anything runs in it, here called U: its id 0 is
 * the user, 1… are the sub-ids. Containers live in namespaces nested in it.
 * Whoever keeps it alive (monitors, the network process) stands in the run
 * directory's holders/ as "PID" → "startTicks bootId"; a newcomer joins
 * through any that lives and pays for no newuidmap. Only when nothing lives
 * is a new one made, under a lock, so that there are never two.
 */
#ifndef DHOW_CONF_IDSPACE_H
#define DHOW_CONF_IDSPACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "sys/idmap.h"

enum id_mode {
	ID_MODE_RANGE,  /* sub-ids, by newuidmap */
	ID_MODE_SINGLE, /* the user's own id is all there is */
	ID_MODE_ROOT,   /* euid 0: maps written directly */
	ID_MODE_COUNT,
};

struct idspace {
	enum id_mode mode;
	uid_t uid; /* the caller's, as the host knows it */
	gid_t gid;
	struct idmap uids; /* inside U → host */
	struct idmap gids;
	bool entered;
	const char *why; /* one line: why this mode was chosen; static */
};

/* Note who the caller is; mode and maps are known after the calls below. */
void idspace_init(struct idspace *ids);

/*
 * Find out which mode this account has: /etc/subuid and /etc/subgid (by name
 * or number) and newuidmap. DHOW_ID_MODE=single forbids the use of ranges.
 */
int idspace_detect(struct idspace *ids, struct err *err);

#define IDSPACE_HOLD 1     /* stand in holders/ */
#define IDSPACE_OPTIONAL 2 /* with one id, no U is made for us alone */

/*
 * Make this process a member of U (user namespace only). It must have one
 * thread.
 *
 * @rundirfd: the run directory
 * @flags:    IDSPACE_HOLD: others join through this process, until
 *            idspace_release(). IDSPACE_OPTIONAL: where sub-ids are shared, or
 *            somebody holds U anyway; else ids->entered stays false
 *
 * Mode and maps are those of U afterwards. Entering twice does nothing. Returns
 * 0 or -errno: -EPERM and -ENOSYS where the host allows no user namespaces.
 */
int idspace_enter(struct idspace *ids, int rundirfd, int flags,
		  struct err *err);

/*
 * Stand in holders/: for a process that was started inside U, as the network
 * process is.
 */
int idspace_hold(int rundirfd, struct err *err);

/* Take @pid's record out of holders/. */
void idspace_release(int rundirfd, pid_t pid);

/* "range", "single", "root". */
const char *idspace_mode_name(enum id_mode mode);

#endif
