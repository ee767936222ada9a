/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/index_list.h - indexes that are being put together here.
 *
 * lists/<escaped name>.json is an OCI index. Each entry remembers in the
 * annotation INDEX_LIST_SOURCE where its manifest is: "docker://NAME", or a
 * name of the store. What entries refer to in the store is kept by gc.
 */
#ifndef DHOW_STORE_INDEX_LIST_H
#define DHOW_STORE_INDEX_LIST_H

#include "data/node.h"
#include "store/store.h"

#define INDEX_LIST_DIR "lists"
#define INDEX_LIST_SOURCE "dev.dhow.source"
#define INDEX_LIST_MAX_BYTES (8U << 20)

/* A list without entries. */
struct node *index_list_new(void);

/* @name: canonical. Returns 0, -ENOENT, or -EBADMSG. */
int index_list_load(struct store *store, const char *name,
		    struct node **ret_index, struct err *err);
int index_list_save(struct store *store, const char *name,
		    const struct node *index, struct err *err);
/* Returns 0 or -ENOENT. */
int index_list_remove(struct store *store, const char *name, struct err *err);

/* Call @fn with each list; those that cannot be read are passed over. */
void index_list_each(struct store *store,
		     void (*fn)(const struct node *index, void *data),
		     void *data);

#endif
