/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/owner_mark.h - the record of owners.h on the file itself.
 *
 * A record beside the tree names paths; a container renames, links and copies
 * up. So regular files and directories of an owner that could not be set bear
 * the attribute user.dhow.owner: one line of owners.h whose path is ".". The
 * overlay carries it along when it copies a file up, whatever happens to its
 * name. A container can write it too: what is read is checked, and it decides
 * nothing but the owner in an archive.
 */
#ifndef DHOW_ARCHIVE_OWNER_MARK_H
#define DHOW_ARCHIVE_OWNER_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "archive/owners.h"

#define OWNER_MARK_NAME "user.dhow.owner"
#define OWNER_MARK_MAX_BYTES 80

/* Returns true and the owner for a well-formed mark on @fd (or O_PATH). */
bool owner_mark_get(int fd, struct owner *ret_owner);

/* The text of a mark, the same way. */
bool owner_mark_parse(const char *text, size_t len, struct owner *ret_owner);

/* Are two files, each in its directory, marked alike? No link is followed. */
bool owner_mark_is_same(int dirfd, const char *name, int other_dirfd,
			const char *other_name);

/*
 * Mark @fd; 0:0 without set-id bits needs none, and what is there goes.
 * Returns 0 or -errno (-EOPNOTSUPP: no such attributes here).
 */
int owner_mark_set(int fd, const struct owner *owner);

#endif
