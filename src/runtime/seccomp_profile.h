/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_profile.h - which system calls a container may make.
 *
 * A profile (our default, or a file of Docker's JSON format) becomes a BPF
 * program for one set of capabilities on this kernel and architecture.
 * Compiling takes libseccomp and some 10 ms; the program is kept in the cache
 * directory, so a warm start reads one small file and loads no library.
 */
#ifndef DHOW_RUNTIME_SECCOMP_PROFILE_H
#define DHOW_RUNTIME_SECCOMP_PROFILE_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

/* A program for seccomp(SECCOMP_SET_MODE_FILTER, flags, &prog). */
struct seccomp_filter {
	struct sock_fprog prog; /* prog.filter is malloc'd */
	unsigned int flags;     /* SECCOMP_FILTER_FLAG_* the profile asks for */
};

#define SECCOMP_PROFILE_MAX_BYTES (1 << 20)

/* Free what the filter owns; it is empty afterwards. */
void seccomp_filter_release(struct seccomp_filter *filter);
#define cleanup_seccomp_filter cleanup_release(seccomp_filter_release)

/*
 * Find or compile the filter of a profile.
 *
 * @cachedirfd: directory for compiled programs, ours and private; -1: none
 * @path:       profile file (Docker's JSON), or NULL for the built-in default
 * @caps:       bit N set: the container's first process has capability N
 * @ret_filter: the caller releases it
 *
 * Returns 0; -ENOENT no such profile; -EINVAL the profile is not valid;
 * -EOPNOTSUPP it wants what this host or libseccomp cannot (also: nothing is
 * cached and libseccomp.so.2 is not installed). A cache that cannot be read
 * or written is no failure.
 */
int seccomp_profile_load(int cachedirfd, const char *path, uint64_t caps,
			 struct seccomp_filter *ret_filter, struct err *err);

/*
 * The filter of single-id mode: calls that name an id the user namespace does
 * not map succeed and do nothing (chown and set*id families, setgroups), as
 * does mknod of a device. Calls that name only uid, gid or -1 are real.
 *
 * Install it after the profile: of two filters that answer "errno", the
 * kernel takes the newer one's number. man: seccomp(2), "Return values".
 */
struct seccomp_fakeid {
	uint32_t uid, gid;
	bool is_watched; /* owners, devices and setuid are owner_watch.h's */
};

void seccomp_fakeid_build(const struct seccomp_fakeid *fake,
			  struct seccomp_filter *ret_filter);

#endif
