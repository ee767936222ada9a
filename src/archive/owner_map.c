/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/owner_map.c - the record of owners.h, looked up by path.
 */
#include "archive/owner_map.h"

#include <string.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/text.h"

static void
owner_map_put(struct owner_map *map, const char *path,
	      const struct owner *owner)
{
	free(map_set(&map->owners, path, xmemdup(owner, sizeof(*owner))));
}

/* '-': what was said of @path and of all below it holds no longer. */
static void
owner_map_void(struct owner_map *map, const char *path)
{
	size_t len = strlen(path);

	for (map_each(e, &map->owners)) {
		const char *rest = text_after(e->key, path);

		if (!rest || (len && *rest && *rest != '/'))
			continue;
		free(e->value);
		(void)map_del(&map->owners, e->key);
	}
}

int
owner_map_read(struct owner_map *map, int fd, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf path = STRBUF_INIT;
	struct owner owner;
	struct span rest;
	int r;

	r = io_read_all(fd, OWNER_MAP_MAX_BYTES, &text, err);
	if (r < 0)
		return err_wrap(err, r, "read the record of owners");
	rest = span_new(text.buf, text.len);
	while ((r = owners_next(&rest, &owner, &path, err)) > 0) {
		if (owner.type == '-')
			owner_map_void(map, path.buf);
		else
			owner_map_put(map, path.buf, &owner);
	}
	return r;
}

const struct owner *
owner_map_get(const struct owner_map *map, const char *path)
{
	return map->owners.live ? map_get(&map->owners, path) : NULL;
}

void
owner_map_release(struct owner_map *map)
{
	for (map_each(e, &map->owners))
		free(e->value);
	map_release(&map->owners);
}
