/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/map.h - values by string key, kept in the order of their arrival.
 *
 * The map copies its keys and never owns its values.
 */
#ifndef DHOW_BASE_MAP_H
#define DHOW_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct map_entry {
	char *key; /* NULL: deleted */
	void *value;
};

struct map {
	struct map_entry *entries; /* walk these; skip those without a key */
	size_t len;
	size_t cap;
	size_t live;     /* entries that have a key */
	uint32_t *slots; /* index + 1 into entries, 0 empty */
	size_t slot_count;
};

#define MAP_INIT                \
	{                       \
		.entries = NULL \
	}

#define cleanup_map cleanup_release(map_release)

/* The value of @key or NULL. */
void *map_get(const struct map *map, const char *key);
bool map_has(const struct map *map, const char *key);
/* Set @key; returns the value it had before, NULL when it is new. */
void *map_set(struct map *map, const char *key, void *value);
/* Remove @key; returns its value or NULL. */
void *map_del(struct map *map, const char *key);
void map_release(struct map *map);

/* for (map_each(e, &map)) { e->key, e->value } */
#define map_each(e, m)                             \
	struct map_entry *e = map_next((m), NULL); \
	e;                                         \
	e = map_next((m), e)
struct map_entry *map_next(const struct map *map, struct map_entry *after);

#endif
