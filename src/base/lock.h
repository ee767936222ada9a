/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/lock.h - advisory locks on small files, released by close().
 *
 * Open file description locks (fcntl(2), F_OFD_SETLKW): they end with the
 * last copy of the fd, so a killed process never leaves one.
 * Order when several are taken: store, image, container, network.
 */
#ifndef DHOW_BASE_LOCK_H
#define DHOW_BASE_LOCK_H

#include "base/err.h"

/*
 * Open (and make) @name below @dirfd and lock it, waiting for others.
 * Returns an fd whose close is the unlock, or -errno.
 */
int lock_exclusive(int dirfd, const char *name, struct err *err);
int lock_shared(int dirfd, const char *name, struct err *err);

/* As lock_exclusive() without waiting: -EBUSY when another holds it. */
int lock_try(int dirfd, const char *name, struct err *err);

#endif
