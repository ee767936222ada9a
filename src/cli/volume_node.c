/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/volume_node.c - a volume as docker inspect shows it.
 */
#include "cli/volume_node.h"

#include "base/alloc.h"
#include "base/text.h"
#include "data/template.h"

static struct node *
clone_or_nil(const struct node *map)
{
	struct node *nil;

	if (map && node_kind(map) == NODE_OBJ)
		return node_clone(map);
	nil = node_new_null();
	node_set_tag(nil, TEMPLATE_NIL_MAP);
	return nil;
}

bool
volume_is_anonymous(const struct volume *volume)
{
	return text_is_hex_of(volume->name, VOLUME_RANDOM_BYTES - 1);
}

struct node *
volume_node(const struct session *session, const struct volume *volume)
{
	cleanup_free char *place = xasprintf("%s/volumes/%s/_data",
					     session->paths.data, volume->name);
	struct node *node = node_new_obj();

	node_set_str(node, "CreatedAt",
		     node_str_or(node_get(volume->doc, "createdAt"), ""));
	node_set_str(node, "Driver", "local");
	node_set(node, "Labels", clone_or_nil(node_get(volume->doc, "labels")));
	node_set_str(node, "Mountpoint", place);
	node_set_str(node, "Name", volume->name);
	node_set(node, "Options",
		 clone_or_nil(node_get(volume->doc, "options")));
	node_set_str(node, "Scope", "local");
	return node;
}
