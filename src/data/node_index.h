/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_index.h - the member list of a node and its look-up by key.
 *
 * Small objects are searched from the front; beyond a few members a hash
 * index is kept, seeded per process because keys come from outside.
 */
#ifndef DHOW_DATA_NODE_INDEX_H
#define DHOW_DATA_NODE_INDEX_H

#include "data/node_priv.h"

/* The member called @key, or NULL. */
struct node_member *node_list_find(const struct node_list *list,
				   const char *key);
/*
 * Append; takes @key (NULL in arrays, else not there yet) and @value. Returns
 * the member, good until the list changes.
 */
struct node_member *node_list_append(struct node_list *list, char *key,
				     struct node *value);
/* Remove and free the member at @at, closing the gap. */
void node_list_remove(struct node_list *list, size_t at);
/* Order members by key. */
void node_list_sort(struct node_list *list);

#endif
