/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/inspect_parts.h - the parts that inspect is put together from.
 */
#ifndef DHOW_CONTAINER_INSPECT_PARTS_H
#define DHOW_CONTAINER_INSPECT_PARTS_H

#include "container/lookup.h"
#include "data/template.h"

/* An array, or Go's nil slice when there is nothing in it. */
static inline struct node *
inspect_list(const struct strvec *list)
{
	struct node *nil;

	if (list->len)
		return node_new_strvec(list);
	nil = node_new_null();
	node_set_tag(nil, TEMPLATE_NIL_SLICE);
	return nil;
}

/* Go's nil map. */
static inline struct node *
inspect_no_map(void)
{
	struct node *nil = node_new_null();

	node_set_tag(nil, TEMPLATE_NIL_MAP);
	return nil;
}

/* "k=v" strings as an object, by key. */
struct node *inspect_pairs(const struct strvec *pairs);

struct node *inspect_host_config(const struct container_spec *spec);
struct node *inspect_network_settings(const struct container *container,
				      const struct container_spec *spec);

/* Was this mount asked for by --mount (not -v, --tmpfs, or the image)? */
bool inspect_is_long_mount(const struct container_spec *spec,
			   const struct mount_spec *mount);
/* The text of -v that asked for it, or NULL; borrowed. */
const char *inspect_bind_of(const struct container_spec *spec,
			    const struct mount_spec *mount);

#endif
