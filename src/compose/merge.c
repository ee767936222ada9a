/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/merge.c - one tree over another, by the rules of the tables.
 */
#include "compose/merge.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/schema_types.h"

/* The element of @list that @element stands for, or its length. */
static size_t
find_same(const struct schema *schema, const struct node *list,
	  const struct node *element)
{
	cleanup_free char *key = NULL;
	size_t i;

	if (schema->merge == MERGE_BY_KEY)
		key = schema->key_of(element);
	for (i = 0; i < node_len(list); i++) {
		cleanup_free char *other = NULL;

		if (!key) {
			if (node_equal(node_at(list, i), element))
				break;
			continue;
		}
		other = schema->key_of(node_at(list, i));
		if (other && !strcmp(key, other))
			break;
	}
	return i;
}

static void
merge_list(const struct schema *schema, struct node *base,
	   const struct node *over)
{
	bool is_set = schema && (schema->merge == MERGE_UNIQUE ||
				 schema->merge == MERGE_BY_KEY);

	for (size_t i = 0; i < node_len(over); i++) {
		const struct node *element = node_at(over, i);
		size_t at = is_set ? find_same(schema, base, element)
				   : node_len(base);

		if (at < node_len(base))
			node_replace_at(base, at, node_clone(element));
		else
			node_push(base, node_clone(element));
	}
}

/* Options belong to a driver: those of another one do not mix. */
static bool
is_other_driver(const struct node *base, const struct node *over)
{
	const char *a = node_get_str(base, "driver");
	const char *b = node_get_str(over, "driver");

	return a && b && strcmp(a, b) != 0;
}

static void
merge_member(const struct schema *schema, struct node *base, const char *key,
	     const struct node *over, const char *path, struct diag *diag)
{
	struct node *have = node_get(base, key);
	bool replaces = !schema ? node_kind(over) < NODE_ARR
				: schema->merge == MERGE_REPLACE;
	bool both_lists =
		node_kind(have) == NODE_ARR && node_kind(over) == NODE_ARR;
	bool both_maps =
		node_kind(have) == NODE_OBJ && node_kind(over) == NODE_OBJ;

	if (schema && schema->merge == MERGE_DRIVER && both_maps)
		replaces = is_other_driver(have, over);
	if (!replaces && both_maps)
		merge_into(schema, have, over, path, diag);
	else if (!replaces && both_lists)
		merge_list(schema, have, over);
	else if (!replaces && (node_kind(have) >= NODE_ARR ||
			       (node_kind(over) >= NODE_ARR &&
				node_kind(have) != NODE_NULL)))
		diag_at(diag, over, "cannot override %s", path);
	else
		node_set(base, key, node_clone(over));
}

void
merge_into(const struct schema *schema, struct node *base,
	   const struct node *over, const char *path, struct diag *diag)
{
	for (size_t i = 0; i < node_len(over); i++) {
		const char *key = node_key_at(over, i);
		const struct node *value = node_value_at(over, i);
		cleanup_free char *below =
			xasprintf("%s%s%s", path, *path ? "." : "", key);

		if (!node_get(base, key))
			node_set(base, key, node_clone(value));
		else if (node_kind(value) != NODE_NULL)
			merge_member(schema_member(schema, key), base, key,
				     value, below, diag);
		else if (schema == &schema_env)
			node_set(base, key, node_clone(value));
	}
}

void
merge_check_unique(const struct schema *schema, struct node *node,
		   struct diag *diag)
{
	for (size_t i = 0; schema && i < node_len(node); i++)
		merge_check_unique(node_kind(node) == NODE_OBJ
					   ? schema_member(schema,
							   node_key_at(node, i))
					   : schema_element(schema),
				   node_value_at(node, i), diag);
	if (!schema || node_kind(node) != NODE_ARR ||
	    (schema->merge != MERGE_UNIQUE && schema->merge != MERGE_BY_KEY))
		return;
	for (size_t i = 0; i < node_len(node);) {
		const struct node *element = node_at(node, i);
		size_t at = find_same(schema, node, element);

		if (at == i) {
			i++;
			continue;
		}
		if (schema->is_once &&
		    !node_equal(node_at(node, at), element)) {
			cleanup_free char *key = schema->key_of(element);

			diag_at(diag, element, "'%s' is given twice", key);
		}
		node_replace_at(node, at, node_clone(element));
		node_del_at(node, i);
	}
}

/* !reset and !override. */

static void
collect(struct node *node, const char *path, struct merge_cuts *cuts)
{
	for (size_t i = 0; i < node_len(node);) {
		struct node *value = node_value_at(node, i);
		const char *key = node_key_at(node, i);
		const char *tag = node_tag(value);
		cleanup_free char *below =
			key ? xasprintf("%s%c%s", path, MERGE_CUT_SEP, key)
			    : xstrdup(path);
		bool is_reset = tag && !strcmp(tag, "!reset");

		if (key && (is_reset || (tag && !strcmp(tag, "!override"))))
			strvec_add(&cuts->paths, below + 1);
		if (is_reset && key) {
			node_del(node, key);
			continue;
		}
		if (is_reset) {
			node_del_at(node, i);
			continue;
		}
		collect(value, below, cuts);
		i++;
	}
}

void
merge_collect_cuts(struct node *doc, struct merge_cuts *cuts)
{
	collect(doc, "", cuts);
}

static void
cut_path(struct node *base, const char *path)
{
	for (;;) {
		size_t len = strcspn(path, "\x1f");
		cleanup_free char *key = xstrndup(path, len);

		if (!path[len]) {
			(void)node_del(base, key);
			return;
		}
		base = node_get(base, key);
		path += len + 1;
	}
}

void
merge_apply_cuts(const struct merge_cuts *cuts, struct node *base,
		 const char *below)
{
	for (size_t i = 0; i < cuts->paths.len; i++) {
		const char *rest = text_after(cuts->paths.v[i], below);

		if (rest && *below && *rest != MERGE_CUT_SEP)
			continue;
		if (rest)
			cut_path(base, rest + (*below != '\0'));
	}
}

void
merge_cuts_release(struct merge_cuts *cuts)
{
	strvec_release(&cuts->paths);
}
