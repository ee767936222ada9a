/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/owner_map.h - the record of owners.h, looked up by path.
 */
#ifndef DHOW_ARCHIVE_OWNER_MAP_H
#define DHOW_ARCHIVE_OWNER_MAP_H

#include "archive/owners.h"
#include "base/map.h"

#define OWNER_MAP_MAX_BYTES (256u << 20)

struct owner_map {
	struct map owners; /* path below the root → struct owner * */
};

#define OWNER_MAP_INIT             \
	{                          \
		.owners = MAP_INIT \
	}

/*
 * Read the whole record. Returns 0; -EBADMSG for anything else than one;
 * -EFBIG beyond OWNER_MAP_MAX_BYTES.
 */
int owner_map_read(struct owner_map *map, int fd, struct err *err);

/* What was recorded of @path ("" is the root), or NULL; borrowed. */
const struct owner *owner_map_get(const struct owner_map *map,
				  const char *path);

void owner_map_release(struct owner_map *map);

#endif
