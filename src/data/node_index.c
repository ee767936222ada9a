/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_index.c - the member list of a node and its look-up by key.
 *
 * The index holds positions + 1, 0 is an empty slot; it is at most half full.
 * Removing and sorting shift positions, so they build it anew.
 */
#include "data/node_index.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"

#define NODE_INDEX_FROM 16 /* members; fewer are searched from the front */

static uint64_t
node_index_seed(void)
{
	static uint64_t seed;

	if (!seed) {
		/* Without entropy yet, the address still differs per start. */
		if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
			seed = (uint64_t)(uintptr_t)&seed;
		seed |= 1;
	}
	return seed;
}

static uint32_t
node_index_hash(const char *key)
{
	uint64_t hash = node_index_seed();

	for (; *key; key++) {
		unsigned __int128 wide = hash ^ (unsigned char)*key;

		wide *= UINT64_C(0x9e3779b97f4a7c15) ^ node_index_seed();
		hash = (uint64_t)wide ^ (uint64_t)(wide >> 64);
	}
	return (uint32_t)(hash ^ hash >> 32);
}

static void
node_index_put(struct node_list *list, uint32_t at)
{
	uint32_t mask = list->slot_count - 1;
	uint32_t slot = node_index_hash(list->members[at].key) & mask;

	while (list->slots[slot])
		slot = (slot + 1) & mask;
	list->slots[slot] = at + 1;
}

static void
node_index_drop(struct node_list *list)
{
	free(list->slots);
	list->slots = NULL;
	list->slot_count = 0;
}

static void
node_index_build(struct node_list *list)
{
	uint32_t want = 4 * NODE_INDEX_FROM;

	node_index_drop(list);
	if (list->len < NODE_INDEX_FROM || !list->members[0].key)
		return;
	while (want < 4 * list->len)
		want *= 2;
	list->slots = xcalloc(want, sizeof(*list->slots));
	list->slot_count = want;
	for (uint32_t i = 0; i < list->len; i++)
		node_index_put(list, i);
}

struct node_member *
node_list_find(const struct node_list *list, const char *key)
{
	if (!list->slots) {
		for (uint32_t i = 0; i < list->len; i++)
			if (!strcmp(list->members[i].key, key))
				return &list->members[i];
		return NULL;
	}
	for (uint32_t mask = list->slot_count - 1,
		      slot = node_index_hash(key) & mask;
	     list->slots[slot]; slot = (slot + 1) & mask) {
		struct node_member *m = &list->members[list->slots[slot] - 1];

		if (!strcmp(m->key, key))
			return m;
	}
	return NULL;
}

struct node_member *
node_list_append(struct node_list *list, char *key, struct node *value)
{
	struct node_member *m;

	assert(list->len < UINT32_MAX / 8);
	if (list->len == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 4;
		list->members = xreallocarray(list->members, list->cap,
					      sizeof(*list->members));
	}
	m = &list->members[list->len++];
	*m = (struct node_member){ .key = key, .value = value };
	if (!key || list->len < NODE_INDEX_FROM)
		return m;
	if (2 * list->len > list->slot_count)
		node_index_build(list);
	else
		node_index_put(list, list->len - 1);
	return m;
}

void
node_list_remove(struct node_list *list, size_t at)
{
	assert(at < list->len);
	free(list->members[at].key);
	node_free(list->members[at].value);
	list->len--;
	(void)memmove(list->members + at, list->members + at + 1,
		      (list->len - at) * sizeof(*list->members));
	if (list->slots)
		node_index_build(list);
}

static int
node_member_compare(const void *a, const void *b)
{
	const struct node_member *x = a;
	const struct node_member *y = b;

	return strcmp(x->key, y->key);
}

void
node_list_sort(struct node_list *list)
{
	if (list->len)
		qsort(list->members, list->len, sizeof(*list->members),
		      node_member_compare);
	if (list->slots)
		node_index_build(list);
}
