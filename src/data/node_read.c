/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node_read.c - questions to a node that also nothing may answer.
 */
#include <string.h>

#include "data/node.h"
#include "data/node_index.h"
#include "data/node_priv.h"

enum node_kind
node_kind(const struct node *node)
{
	return node ? node->kind : NODE_NULL;
}

const char *
node_kind_name(enum node_kind kind)
{
	static const char *const names[NODE_KIND_COUNT] = {
		[NODE_NULL] = "null",   [NODE_BOOL] = "boolean",
		[NODE_INT] = "integer", [NODE_FLOAT] = "number",
		[NODE_STR] = "string",  [NODE_ARR] = "array",
		[NODE_OBJ] = "object",
	};

	return kind < NODE_KIND_COUNT ? names[kind] : "value";
}

const char *
node_kind_phrase(enum node_kind kind)
{
	static const char *const phrases[NODE_KIND_COUNT] = {
		[NODE_NULL] = "null",      [NODE_BOOL] = "a boolean",
		[NODE_INT] = "an integer", [NODE_FLOAT] = "a number",
		[NODE_STR] = "a string",   [NODE_ARR] = "an array",
		[NODE_OBJ] = "an object",
	};

	return kind < NODE_KIND_COUNT ? phrases[kind] : "a value";
}

static bool
node_list_equal(const struct node *a, const struct node *b)
{
	if (a->list.len != b->list.len)
		return false;
	for (uint32_t i = 0; i < a->list.len; i++) {
		const struct node_member *m = &a->list.members[i];
		const struct node_member *other = &b->list.members[i];

		if (m->key)
			other = node_list_find(&b->list, m->key);
		if (!other || !node_equal(m->value, other->value))
			return false;
	}
	return true;
}

bool
node_equal(const struct node *a, const struct node *b)
{
	if (node_kind(a) != node_kind(b))
		return false;
	switch (node_kind(a)) {
	case NODE_BOOL:
		return a->boolean == b->boolean;
	case NODE_INT:
		return a->integer == b->integer;
	case NODE_FLOAT:
		return a->real == b->real;
	case NODE_STR:
		return a->str_len == b->str_len && !strcmp(a->text, b->text);
	case NODE_ARR:
	case NODE_OBJ:
		return node_list_equal(a, b);
	default:
		return true;
	}
}

struct node *
node_get(const struct node *obj, const char *key)
{
	struct node_member *m;

	if (node_kind(obj) != NODE_OBJ)
		return NULL;
	m = node_list_find(&obj->list, key);
	return m ? m->value : NULL;
}

size_t
node_len(const struct node *node)
{
	if (node_kind(node) != NODE_ARR && node_kind(node) != NODE_OBJ)
		return 0;
	return node->list.len;
}

struct node *
node_at(const struct node *arr, size_t i)
{
	if (node_kind(arr) != NODE_ARR)
		return NULL;
	return node_value_at(arr, i);
}

const char *
node_key_at(const struct node *obj, size_t i)
{
	return i < node_len(obj) ? obj->list.members[i].key : NULL;
}

struct node *
node_value_at(const struct node *obj, size_t i)
{
	return i < node_len(obj) ? obj->list.members[i].value : NULL;
}

const char *
node_str(const struct node *node)
{
	return node_kind(node) == NODE_STR ? node->text : NULL;
}

const char *
node_str_or(const struct node *node, const char *fallback)
{
	return node_kind(node) == NODE_STR ? node->text : fallback;
}

int64_t
node_int_or(const struct node *node, int64_t fallback)
{
	return node_kind(node) == NODE_INT ? node->integer : fallback;
}

double
node_float_or(const struct node *node, double fallback)
{
	if (node_kind(node) == NODE_INT)
		return (double)node->integer;
	return node_kind(node) == NODE_FLOAT ? node->real : fallback;
}

bool
node_bool_or(const struct node *node, bool fallback)
{
	return node_kind(node) == NODE_BOOL ? node->boolean : fallback;
}

const char *
node_get_str(const struct node *obj, const char *key)
{
	return node_str(node_get(obj, key));
}

int64_t
node_get_int(const struct node *obj, const char *key, int64_t fallback)
{
	return node_int_or(node_get(obj, key), fallback);
}

bool
node_get_bool(const struct node *obj, const char *key, bool fallback)
{
	return node_bool_or(node_get(obj, key), fallback);
}

void
node_get_strvec(const struct node *obj, const char *key, struct strvec *sv)
{
	const struct node *arr = node_get(obj, key);

	for (size_t i = 0; i < node_len(arr); i++) {
		const char *str = node_str(node_at(arr, i));

		if (str)
			strvec_add(sv, str);
	}
}
