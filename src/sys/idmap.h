/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/idmap.h - user namespace id maps as values.
 *
 * man: user_namespaces(7), "User and group ID mappings".
 */
#ifndef DHOW_SYS_IDMAP_H
#define DHOW_SYS_IDMAP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define IDMAP_MAX_EXTENTS 16
#define IDMAP_UNMAPPED UINT32_MAX

struct idmap_extent {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

struct idmap {
	struct idmap_extent extents[IDMAP_MAX_EXTENTS];
	size_t len;
};

/* Append an extent; a count of 0 adds nothing. Asserts that there is room. */
void idmap_add(struct idmap *map, uint32_t inside, uint32_t outside,
	       uint32_t count);

/* The other side's id, or IDMAP_UNMAPPED. */
uint32_t idmap_to_outside(const struct idmap *map, uint32_t inside);
uint32_t idmap_to_inside(const struct idmap *map, uint32_t outside);

/* How many ids from 0 on are mapped without a gap. */
uint32_t idmap_span(const struct idmap *map);

/*
 * Rewrite @map so that no extent crosses an extent border of @parent's inside:
 * the kernel wants each line of a nested map within one line of its parent.
 */
void idmap_split(struct idmap *map, const struct idmap *parent);

/*
 * The identity on all of @parent's inside, except that @a and @b trade
 * places: inside @a is the parent's @b and the other way round.
 */
void idmap_swapped(const struct idmap *parent, uint32_t a, uint32_t b,
		   struct idmap *ret_map);

/* Read /proc/self/uid_map or gid_map. */
int idmap_read(const char *path, struct idmap *ret_map, struct err *err);

/*
 * Write a child's maps, first "deny" to its setgroups when @deny_setgroups.
 * The caller has the capabilities or maps only its own id. Does not allocate.
 */
int idmap_write(pid_t pid, const struct idmap *uids, const struct idmap *gids,
		int deny_setgroups, struct err *err);

#endif
