/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/logout.h - what this host does to processes of who logged out.
 */
#ifndef DHOW_CONF_LOGOUT_H
#define DHOW_CONF_LOGOUT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Does logind kill what the user @uid leaves behind (KillUserProcesses=yes,
 * and the user does not linger)? @root: "" (tests: another root directory).
 */
bool logout_kills(const char *root, uid_t uid);

/* Does systemd keep the user's services running after logout? */
bool logout_lingers(const char *root, uid_t uid);

#endif
