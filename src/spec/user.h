/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/user.h - NAME|UID[:GROUP|GID], resolved by ourselves (rule R4).
 *
 * Numbers are 0..2^31-1, decimal digits only; anything else is a name. The
 * image's passwd and group files are handed in as bytes that were read from
 * regular files with a size cap.
 */
#ifndef DHOW_SPEC_USER_H
#define DHOW_SPEC_USER_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strvec.h"

#define USER_FILE_MAX_BYTES (8U << 20)
#define USER_MAX_GROUPS 1024

struct user {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* supplementary, the primary one included; owned */
	size_t group_count;
	char *name; /* from passwd, or NULL */
	char *home; /* from passwd, "/" when unknown */
};

/*
 * Resolve @spec ("" is uid 0). @passwd, @group: file contents, may be empty.
 * @group_add: extra groups, names or numbers. Supplementary groups of the
 * group file count only when @spec names no group.
 *
 * Returns 0; -ENOENT "unable to find user …"; -EINVAL, -ERANGE for bad
 * numbers (CVE-2026-30892, GO-2025-3528).
 */
int user_resolve(const char *spec, struct span passwd, struct span group,
		 const struct strvec *group_add, struct user *ret_user,
		 struct err *err);
void user_release(struct user *user);

#endif
