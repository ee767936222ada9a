/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/sealed.h - run from a copy of ourselves that nobody can change.
 *
 * A container's first process begins as a clone of dhow, so /proc/self/exe in
 * it may name our binary. Where a container's ids could write to that file
 * (a binary of the user's own, or dhow run as root), it runs from a sealed
 * memfd instead (CVE-2019-5736). Elsewhere nothing is spent.
 */
#ifndef DHOW_SYS_SEALED_H
#define DHOW_SYS_SEALED_H

#include "base/err.h"

/*
 * Make sure of it; call before any user namespace is entered and before
 * anything is open that must survive exec. Executes again with the same
 * arguments when needed, and then does not return.
 * man: memfd_create(2), fcntl(2) F_ADD_SEALS.
 */
int sealed_ensure(struct err *err);

#endif
