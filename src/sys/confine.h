/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/confine.h - a process gives up what its work does not need.
 *
 * For helpers that read hostile bytes. The caller is single-threaded and has
 * CAP_SYS_ADMIN in its user namespace. Order: confine_root(), confine_caps(),
 * confine_syscalls().
 */
#ifndef DHOW_SYS_CONFINE_H
#define DHOW_SYS_CONFINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum confine_flags {
	CONFINE_NEW_NET = 1, /* an empty network namespace too */
};

/*
 * Unshare mount, IPC and UTS namespaces and make @dirfd the root and working
 * directory; -1: an empty, read-only root. The old root is gone afterwards,
 * and devices, set-id bits and programs in the new one have no effect.
 * @dirfd must come from the caller's own mount namespace.
 * Returns 0 or -errno. man: pivot_root(2).
 */
int confine_root(int dirfd, int flags, struct err *err);

/*
 * Keep only the capabilities of @keep (bit N = capability N), in all sets and
 * the bounding set; inheritable and ambient become empty; no_new_privs is set.
 */
int confine_caps(uint64_t keep, struct err *err);

/*
 * Allow only the system calls of @numbers (native architecture, at most 512);
 * any other kills the process. A listed SYS_clone makes threads only, a listed
 * SYS_clone3 answers ENOSYS (then libc falls back to clone). Sets
 * no_new_privs. man: seccomp(2).
 */
int confine_syscalls(const int *numbers, size_t count, struct err *err);

#endif
