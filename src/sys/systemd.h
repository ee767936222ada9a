/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/systemd.h - groups from the systemd that keeps those of a user.
 *
 * On a host with systemd a login session stands in groups that are root's;
 * the user's own manager (user@UID.service) makes us scopes that are ours to
 * divide. Root asks the host's manager.
 * man: org.freedesktop.systemd1(5), StartTransientUnit,
 * AttachProcessesToUnit; systemd.resource-control(5), Delegate=.
 */
#ifndef DHOW_SYS_SYSTEMD_H
#define DHOW_SYS_SYSTEMD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* "a-b.slice": a name that only systemd can make a group of. */
bool systemd_is_slice(const char *text);

/* Is there one that answers to the host's user @uid? */
bool systemd_is_there(uid_t uid);

/*
 * Move this process into a new scope that is ours to divide.
 *
 * @unit:  "x.scope", not in use
 * @slice: "x.slice" that it is made below, or NULL: as systemd likes
 *
 * Returns 0 when it stands there; -EOPNOTSUPP without such a systemd;
 * -EACCES and others with systemd's words.
 */
int systemd_make_scope(uid_t uid, const char *unit, const char *slice,
		       struct err *err);

/* Move this process to a group below a scope: @subgroup "/leaf". */
int systemd_join_scope(uid_t uid, const char *unit, const char *subgroup,
		       struct err *err);

#endif
