/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/schema.c - checking a tree against the tables.
 */
#include "compose/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

struct check {
	struct diag *diag;
	int flags;
};

static void check_value(struct check *check, const struct schema *schema,
			struct node *parent, size_t at, const char *path);

static bool
is_bad(const struct node *node)
{
	const char *tag = node_tag(node);

	return tag && !strcmp(tag, "!bad");
}

const struct schema_key *
schema_find(const struct schema_key *keys, const char *key)
{
	for (; keys && keys->name; keys++)
		if (!strcmp(keys->name, key))
			return keys;
	return NULL;
}

const struct schema *
schema_member(const struct schema *schema, const char *key)
{
	const struct schema_key *row;

	if (!schema)
		return NULL;
	if (!schema->keys)
		return schema->item;
	row = schema_find(schema->keys, key);
	return row ? row->schema : NULL;
}

const struct schema *
schema_element(const struct schema *schema)
{
	if (!schema)
		return NULL;
	return schema->element ? schema->element : schema->item;
}

char *
schema_text(const struct node *node)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (node_kind(node) == NODE_NULL)
		return NULL;
	if (node_kind(node) == NODE_STR)
		return xstrdup(node_str(node));
	node_write_json(&sb, node, NODE_COMPACT);
	return strbuf_take(&sb);
}

bool
schema_number(const struct node *node, double *ret_value)
{
	cleanup_free char *text = schema_text(node);
	char *end;

	if (!text || !*text || !strchr("0123456789.-", *text))
		return false;
	*ret_value = strtod(text, &end);
	return !*end;
}

/* Messages. */

static void
add_accepted(struct strbuf *sb, const struct schema *schema)
{
	static const struct {
		unsigned int bits;
		const char *words;
	} kinds[] = {
		{ ACCEPT_STR, "text" },           { ACCEPT_NUM, "a number" },
		{ ACCEPT_BOOL, "true or false" }, { ACCEPT_LIST, "a list" },
		{ ACCEPT_MAP, "a mapping" },      { ACCEPT_NULL, "nothing" },
	};
	unsigned int left = schema->accepts;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!(left & kinds[i].bits))
			continue;
		left &= ~kinds[i].bits;
		strbuf_addf(sb, "%s%s", sb->len ? (left ? ", " : " or ") : "",
			    kinds[i].words);
	}
}

static const char *
kind_words(const struct node *node)
{
	static const char *const words[NODE_KIND_COUNT] = {
		[NODE_NULL] = "nothing",  [NODE_BOOL] = "true or false",
		[NODE_INT] = "a number",  [NODE_FLOAT] = "a number",
		[NODE_STR] = "text",      [NODE_ARR] = "a list",
		[NODE_OBJ] = "a mapping",
	};

	return words[node_kind(node)];
}

/* What is wrong leaves the tree, so that the rest can be looked at. */
static void
drop_value(struct node *parent, size_t at)
{
	struct node *none = node_new_null();

	node_set_position(none, node_value_at(parent, at));
	node_set_tag(none, "!bad");
	node_replace_at(parent, at, none);
}

static void
wrong_kind(struct check *check, const struct schema *schema,
	   const struct node *node, const char *path)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	add_accepted(&sb, schema);
	diag_at(check->diag, node, "%s must be %s, not %s", path,
		schema->wants ? schema->wants : sb.buf, kind_words(node));
	if (node_kind(node) == NODE_INT && (schema->accepts & ACCEPT_STR))
		diag_hint(check->diag, "put it in quotes");
	else if (node_kind(node) == NODE_STR && (schema->accepts & ACCEPT_LIST))
		diag_hint(check->diag, "put it in brackets: [%s]",
			  node_str(node));
}

static void
unknown_key(struct check *check, const struct schema_key *keys,
	    const struct node *obj, size_t i, const char *path)
{
	cleanup_free const char **names = NULL;
	const char *key = node_key_at(obj, i);
	size_t count = 0;
	const char *near;

	while (keys[count].name)
		count++;
	names = xcalloc(count + 1, sizeof(*names));
	for (size_t k = 0; k < count; k++)
		names[k] = keys[k].name;
	diag_key(check->diag, obj, i, "%s%sunknown property '%s'", path,
		 *path ? ": " : "", key);
	near = text_nearest(key, names);
	if (near)
		diag_hint(check->diag, "did you mean '%s'?", near);
	else
		diag_hint(check->diag,
			  "properties of one's own begin with 'x-'");
}

/* Casts. */

static bool
word_bool(const char *text, bool *ret_value)
{
	static const char *const yes[] = { "true", "y", "yes", "on", NULL };
	static const char *const no[] = { "false", "n", "no", "off", NULL };

	for (size_t i = 0; yes[i]; i++) {
		if (!strcasecmp(text, yes[i]) || !strcasecmp(text, no[i])) {
			*ret_value = !strcasecmp(text, yes[i]);
			return true;
		}
	}
	return false;
}

static struct node *
cast_bool(struct check *check, const struct node *node, const char *path)
{
	const char *text = node_str(node);
	bool value;

	if (!word_bool(text, &value)) {
		diag_at(check->diag, node, "%s must be true or false, not '%s'",
			path, text);
		return NULL;
	}
	if (strcasecmp(text, "true") != 0 && strcasecmp(text, "false") != 0)
		diag_warn(check->diag, node, "%s: '%s' is taken for %s", path,
			  text, value ? "true" : "false");
	return node_new_bool(value);
}

static struct node *
cast_number(struct check *check, const struct schema *schema,
	    const struct node *node, const char *path)
{
	const char *text = node_str(node);
	int64_t integer;
	double value;

	if (units_parse_i64(text, INT64_MIN, INT64_MAX, &integer, NULL) == 0)
		return node_new_int(integer);
	if (schema->cast == CAST_NUM && schema_number(node, &value))
		return node_new_float(value);
	diag_at(check->diag, node, "%s must be %s, not '%s'", path,
		schema->cast == CAST_INT ? "an integer" : "a number", text);
	return NULL;
}

/* Text that holds a variable is left alone when these are not replaced. */
static bool
is_left_raw(const struct check *check, const struct node *node)
{
	const char *text = node_str(node);

	return (check->flags & SCHEMA_RAW) && text && strchr(text, '$');
}

static bool
is_in_range(struct check *check, const struct schema *schema,
	    const struct node *node, const char *path)
{
	double value;

	if (schema->min == schema->max || node_kind(node) == NODE_STR ||
	    !schema_number(node, &value) ||
	    (value >= (double)schema->min && value <= (double)schema->max))
		return true;
	diag_at(check->diag, node, "%s must be from %ld to %ld", path,
		(long)schema->min, (long)schema->max);
	return false;
}

static void
cast_value(struct check *check, const struct schema *schema,
	   struct node *parent, size_t at, const char *path)
{
	struct node *node = node_value_at(parent, at);
	struct node *made = NULL;

	if (node_kind(node) != NODE_STR || schema->cast == CAST_NONE)
		return;
	made = schema->cast == CAST_BOOL
		       ? cast_bool(check, node, path)
		       : cast_number(check, schema, node, path);
	if (!made) {
		drop_value(parent, at);
		return;
	}
	node_set_position(made, node);
	node_replace_at(parent, at, made);
}

/* The walk. */

static bool
check_text(struct check *check, const struct schema *schema,
	   const struct node *node, const char *path)
{
	const char *text = node_str(node);
	struct err err = ERR_INIT;
	bool is_word = !schema->words;

	for (size_t i = 0; !is_word && schema->words[i]; i++)
		is_word = !strcmp(text, schema->words[i]);
	if (!is_word) {
		const char *near = text_nearest(text, schema->words);

		diag_at(check->diag, node, "%s: unknown value '%s'", path,
			text);
		if (near)
			diag_hint(check->diag, "did you mean '%s'?", near);
		return false;
	}
	if (!schema->check || schema->check(text, &err) == 0)
		return true;
	diag_at(check->diag, node, "%s: %s", path, err.text);
	if (err.hint[0])
		diag_hint(check->diag, "%s", err.hint);
	return false;
}

static void
check_map(struct check *check, const struct schema *schema, struct node *obj,
	  const char *path)
{
	for (size_t i = 0; i < node_len(obj);) {
		const char *key = node_key_at(obj, i);
		const struct schema *member = schema_member(schema, key);
		cleanup_free char *below =
			xasprintf("%s%s%s", path, *path ? "." : "", key);

		if (schema->keys && !member && !text_starts(key, "x-")) {
			unknown_key(check, schema->keys, obj, i, path);
			(void)node_del(obj, key);
			continue;
		}
		if (member)
			check_value(check, member, obj, i, below);
		i++;
	}
	for (const struct schema_key *k = schema->keys; k && k->name; k++)
		if (k->required &&
		    node_kind(node_get(obj, k->name)) == NODE_NULL &&
		    !is_bad(node_get(obj, k->name)))
			diag_at(check->diag, obj, "%s: '%s' is required", path,
				k->name);
}

static void
check_value(struct check *check, const struct schema *schema,
	    struct node *parent, size_t at, const char *path)
{
	struct node *node = node_value_at(parent, at);

	if (is_left_raw(check, node) || is_bad(node))
		return;
	/* What is empty says nothing, wherever it stands in a mapping. */
	if (node_kind(node) == NODE_NULL && node_kind(parent) == NODE_OBJ &&
	    !schema->needs_value)
		return;
	if (!(schema->accepts & (1U << node_kind(node)))) {
		wrong_kind(check, schema, node, path);
		drop_value(parent, at);
		return;
	}
	cast_value(check, schema, parent, at, path);
	node = node_value_at(parent, at);
	if ((node_kind(node) == NODE_STR &&
	     !check_text(check, schema, node, path)) ||
	    !is_in_range(check, schema, node, path)) {
		drop_value(parent, at);
		return;
	}
	if (node_kind(node) == NODE_OBJ)
		check_map(check, schema, node, path);
	if (node_kind(node) != NODE_ARR || !schema_element(schema))
		return;
	for (size_t i = 0; i < node_len(node); i++) {
		cleanup_free char *below = xasprintf("%s[%zu]", path, i);

		check_value(check, schema_element(schema), node, i, below);
	}
}

void
schema_check(const struct schema *schema, struct node *node, const char *path,
	     int flags, struct diag *diag)
{
	struct check check = { .diag = diag, .flags = flags };

	if (!(schema->accepts & (1U << node_kind(node)))) {
		wrong_kind(&check, schema, node,
			   *path ? path : "a Compose file");
		return;
	}
	if (node_kind(node) == NODE_OBJ)
		check_map(&check, schema, node, path);
}

static void
canon_at(const struct schema *schema, struct node *parent, size_t at, int flags,
	 struct diag *diag)
{
	struct node *value = node_value_at(parent, at);
	const char *text = node_str(value);
	struct node *made = NULL;

	if (!schema || ((flags & SCHEMA_RAW) && text && strchr(text, '$')))
		return;
	if (schema->canon && node_kind(value) != NODE_NULL)
		made = schema->canon(value, diag);
	if (made) {
		node_set_position(made, value);
		node_replace_at(parent, at, made);
	}
	schema_canon(schema, node_value_at(parent, at), flags, diag);
}

void
schema_canon(const struct schema *schema, struct node *node, int flags,
	     struct diag *diag)
{
	for (size_t i = 0; i < node_len(node); i++)
		canon_at(node_kind(node) == NODE_OBJ
				 ? schema_member(schema, node_key_at(node, i))
				 : schema_element(schema),
			 node, i, flags, diag);
}

static bool
says_nothing(const struct schema *schema, const struct node *value)
{
	switch (node_kind(value)) {
	case NODE_NULL:
		return true;
	case NODE_BOOL:
		return !node_bool_or(value, false);
	case NODE_INT:
	case NODE_FLOAT:
		return !(node_float_or(value, 0) < 0) &&
		       !(node_float_or(value, 0) > 0);
	case NODE_STR:
		return !*node_str(value);
	case NODE_ARR:
		return !node_len(value);
	default:
		return !node_len(value) && !schema->keys;
	}
}

void
schema_trim(const struct schema *schema, struct node *node)
{
	for (size_t i = node_len(node); i; i--) {
		struct node *value = node_value_at(node, i - 1);
		const char *key = node_key_at(node, i - 1);
		const struct schema_key *row =
			key ? schema_find(schema->keys, key) : NULL;
		const struct schema *below = row   ? row->schema
					     : key ? schema->item
						   : schema_element(schema);

		if (key && schema->keys && !row)
			continue;
		if (below)
			schema_trim(below, value);
		if (row && !row->means_zero && says_nothing(below, value))
			node_free(node_take_at(node, i - 1));
	}
}
