/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/map.c - values by string key, kept in the order of their arrival.
 *
 * Open addressing over indices into the entry array. A deleted entry keeps
 * its place without a key until the table is built again.
 */
#include "base/map.h"

#include <string.h>

#include "base/alloc.h"

/* FNV-1a: keys are short and the order of entries does not depend on it. */
static uint32_t
map_hash(const char *key)
{
	uint32_t hash = 2166136261U;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619U;
	return hash;
}

static size_t
map_slot(const struct map *map, const char *key)
{
	size_t mask = map->slot_count - 1;
	size_t at = map_hash(key) & mask;

	while (map->slots[at]) {
		const struct map_entry *e = &map->entries[map->slots[at] - 1];

		if (e->key && !strcmp(e->key, key))
			break;
		at = (at + 1) & mask;
	}
	return at;
}

static void
map_rebuild(struct map *map)
{
	size_t len = 0;

	for (size_t i = 0; i < map->len; i++)
		if (map->entries[i].key)
			map->entries[len++] = map->entries[i];
	map->len = len;
	map->slot_count = 16;
	while (map->slot_count < 4 * (len + 1))
		map->slot_count *= 2;
	free(map->slots);
	map->slots = xcalloc(map->slot_count, sizeof(*map->slots));
	for (size_t i = 0; i < len; i++)
		map->slots[map_slot(map, map->entries[i].key)] =
			(uint32_t)i + 1;
}

static struct map_entry *
map_find(const struct map *map, const char *key)
{
	uint32_t slot;

	if (!map->slot_count)
		return NULL;
	slot = map->slots[map_slot(map, key)];
	return slot ? &map->entries[slot - 1] : NULL;
}

void *
map_get(const struct map *map, const char *key)
{
	struct map_entry *e = map_find(map, key);

	return e ? e->value : NULL;
}

bool
map_has(const struct map *map, const char *key)
{
	return map_find(map, key) != NULL;
}

void *
map_set(struct map *map, const char *key, void *value)
{
	struct map_entry *e = map_find(map, key);
	void *old;

	if (e) {
		old = e->value;
		e->value = value;
		return old;
	}
	if (2 * (map->len + 1) > map->slot_count)
		map_rebuild(map);
	array_push(map->entries, map->len, map->cap,
		   (struct map_entry){ xstrdup(key), value });
	map->live++;
	map->slots[map_slot(map, key)] = (uint32_t)map->len;
	return NULL;
}

void *
map_del(struct map *map, const char *key)
{
	struct map_entry *e = map_find(map, key);
	void *old;

	if (!e)
		return NULL;
	old = e->value;
	free(e->key);
	*e = (struct map_entry){ NULL, NULL };
	map->live--;
	return old;
}

struct map_entry *
map_next(const struct map *map, struct map_entry *after)
{
	struct map_entry *end, *e;

	if (!map->len)
		return NULL;
	end = map->entries + map->len;
	e = after ? after + 1 : map->entries;
	while (e < end && !e->key)
		e++;
	return e < end ? e : NULL;
}

void
map_release(struct map *map)
{
	for (size_t i = 0; i < map->len; i++)
		free(map->entries[i].key);
	free(map->entries);
	free(map->slots);
	*map = (struct map)MAP_INIT;
}
