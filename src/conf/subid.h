/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/subid.h - sub-ids granted to the user, and the programs that map them.
 *
 * man: subuid(5), subgid(5), newuidmap(1).
 */
#ifndef DHOW_CONF_SUBID_H
#define DHOW_CONF_SUBID_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/span.h"
#include "sys/idmap.h"

enum subid_kind {
	SUBID_USER,
	SUBID_GROUP,
};

#define SUBID_FILE_MAX_BYTES (16U << 20)

/*
 * Append the ranges of @uid to @map, from its first free inside id on. Both
 * files name users, by login name or number. Returns the count of ids added.
 */
int64_t subid_add(enum subid_kind kind, uid_t uid, struct idmap *map);

/* The same from a file's bytes; @name may be NULL. */
int64_t subid_parse(struct span text, const char *name, uid_t uid,
		    struct idmap *map);

/* newuidmap and newgidmap are both there. */
bool subid_has_helpers(void);

/* Write both maps of @pid by newuidmap and newgidmap, side by side. */
int subid_write_maps(pid_t pid, const struct idmap *uids,
		     const struct idmap *gids, struct err *err);

#endif
