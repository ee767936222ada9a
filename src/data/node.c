/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/node.c - one value tree for JSON and YAML: life, building, reading.
 */
#include "data/node.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "data/node_index.h"
#include "data/node_priv.h"
#include "data/utf8.h"

struct node_source *
node_source_new(const char *name)
{
	size_t len = strlen(name) + 1;
	struct node_source *source = xmalloc(sizeof(*source) + len);

	source->refs = 1;
	(void)memcpy(source->name, name, len);
	return source;
}

void
node_source_unref(struct node_source *source)
{
	if (source && --source->refs == 0)
		free(source);
}

struct node *
node_new(enum node_kind kind, size_t text_len)
{
	struct node *node = xmalloc(sizeof(*node) + text_len + 1);

	(void)memset(node, 0, sizeof(*node));
	node->kind = kind;
	node->text[0] = '\0';
	return node;
}

void
node_place(struct node *node, struct node_source *source, int line, int col)
{
	if (source)
		source->refs++;
	node_source_unref(node->source);
	node->source = source;
	node->line = line;
	node->col = col;
}

struct node *
node_new_null(void)
{
	return node_new(NODE_NULL, 0);
}

struct node *
node_new_bool(bool value)
{
	struct node *node = node_new(NODE_BOOL, 0);

	node->boolean = value;
	return node;
}

struct node *
node_new_int(int64_t value)
{
	struct node *node = node_new(NODE_INT, 0);

	node->integer = value;
	return node;
}

struct node *
node_new_float(double value)
{
	struct node *node = node_new(NODE_FLOAT, 0);

	node->real = value;
	return node;
}

struct node *
node_new_str(const char *str)
{
	size_t len = strlen(str);
	struct node *node = node_new(NODE_STR, len);

	(void)memcpy(node->text, str, len + 1);
	node->str_len = len;
	return node;
}

/* The rare string that holds NULs. */
static struct node *
node_new_str_without_nul(const char *str, size_t len)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < len; i++) {
		if (str[i])
			strbuf_addch(&sb, str[i]);
		else
			utf8_add(&sb, UTF8_REPLACEMENT);
	}
	return node_new_str(sb.buf);
}

struct node *
node_new_strn(const char *str, size_t len)
{
	struct node *node;

	if (len && memchr(str, '\0', len))
		return node_new_str_without_nul(str, len);
	node = node_new(NODE_STR, len);
	if (len)
		(void)memcpy(node->text, str, len);
	node->text[len] = '\0';
	node->str_len = len;
	return node;
}

struct node *
node_new_arr(void)
{
	return node_new(NODE_ARR, 0);
}

struct node *
node_new_obj(void)
{
	return node_new(NODE_OBJ, 0);
}

struct node *
node_new_strvec(const struct strvec *sv)
{
	struct node *arr = node_new_arr();

	for (size_t i = 0; sv && i < sv->len; i++)
		node_push_str(arr, sv->v[i]);
	return arr;
}

static bool
node_is_list(const struct node *node)
{
	return node && (node->kind == NODE_ARR || node->kind == NODE_OBJ);
}

/* Bytes of text that a node's kind gives it. */
static size_t
node_text_len(const struct node *node)
{
	if (node->kind == NODE_STR)
		return node->str_len;
	return node->kind == NODE_FLOAT ? strlen(node->text) : 0;
}

struct node *
node_clone(const struct node *node)
{
	struct node *copy;
	size_t text_len;

	if (!node)
		return NULL;
	text_len = node_text_len(node);
	copy = node_new(node->kind, text_len);
	(void)memcpy(copy, node, sizeof(*copy));
	(void)memcpy(copy->text, node->text, text_len);
	copy->text[text_len] = '\0';
	copy->tag = xstrdup_null(node->tag);
	if (copy->source)
		copy->source->refs++;
	if (!node_is_list(node))
		return copy;
	copy->list = (struct node_list){ .members = NULL };
	for (size_t i = 0; i < node->list.len; i++) {
		const struct node_member *from = &node->list.members[i];
		struct node_member *to =
			node_list_append(&copy->list, xstrdup_null(from->key),
					 node_clone(from->value));

		to->line = from->line;
		to->col = from->col;
	}
	return copy;
}

void
node_free(struct node *node)
{
	if (!node)
		return;
	if (node_is_list(node)) {
		for (size_t i = 0; i < node->list.len; i++) {
			free(node->list.members[i].key);
			node_free(node->list.members[i].value);
		}
		free(node->list.members);
		free(node->list.slots);
	}
	node_source_unref(node->source);
	free(node->tag);
	free(node);
}

/* Building. */

struct node *
node_push(struct node *arr, struct node *child)
{
	assert(arr && arr->kind == NODE_ARR && child);
	node_list_append(&arr->list, NULL, child);
	return child;
}

struct node *
node_set(struct node *obj, const char *key, struct node *child)
{
	struct node_member *have;

	assert(obj && obj->kind == NODE_OBJ && child);
	have = node_list_find(&obj->list, key);
	if (have) {
		node_free(have->value);
		have->value = child;
	} else {
		node_list_append(&obj->list, xstrdup(key), child);
	}
	return child;
}

void
node_push_str(struct node *arr, const char *str)
{
	node_push(arr, node_new_str(str));
}

void
node_set_str(struct node *obj, const char *key, const char *str)
{
	node_set(obj, key, node_new_str(str));
}

void
node_set_int(struct node *obj, const char *key, int64_t value)
{
	node_set(obj, key, node_new_int(value));
}

void
node_set_bool(struct node *obj, const char *key, bool value)
{
	node_set(obj, key, node_new_bool(value));
}

void
node_set_null(struct node *obj, const char *key)
{
	node_set(obj, key, node_new_null());
}

void
node_set_strvec(struct node *obj, const char *key, const struct strvec *sv)
{
	node_set(obj, key, node_new_strvec(sv));
}

struct node *
node_need_obj(struct node *obj, const char *key)
{
	struct node *child = node_get(obj, key);

	if (node_kind(child) == NODE_OBJ)
		return child;
	return node_set(obj, key, node_new_obj());
}

struct node *
node_need_arr(struct node *obj, const char *key)
{
	struct node *child = node_get(obj, key);

	if (node_kind(child) == NODE_ARR)
		return child;
	return node_set(obj, key, node_new_arr());
}

bool
node_del(struct node *obj, const char *key)
{
	struct node_member *have;

	if (node_kind(obj) != NODE_OBJ)
		return false;
	have = node_list_find(&obj->list, key);
	if (!have)
		return false;
	node_list_remove(&obj->list, (size_t)(have - obj->list.members));
	return true;
}

void
node_del_at(struct node *arr, size_t i)
{
	if (node_is_list(arr) && i < arr->list.len)
		node_list_remove(&arr->list, i);
}

void
node_replace_at(struct node *parent, size_t i, struct node *child)
{
	assert(i < node_len(parent) && child);
	if (parent->list.members[i].value != child)
		node_free(parent->list.members[i].value);
	parent->list.members[i].value = child;
}

struct node *
node_take_at(struct node *parent, size_t i)
{
	struct node *taken;

	if (!node_is_list(parent) || i >= parent->list.len)
		return NULL;
	taken = parent->list.members[i].value;
	parent->list.members[i].value = NULL;
	node_list_remove(&parent->list, i);
	return taken;
}

struct node *
node_take(struct node *obj, const char *key)
{
	struct node_member *have;

	if (node_kind(obj) != NODE_OBJ)
		return NULL;
	have = node_list_find(&obj->list, key);
	if (!have)
		return NULL;
	return node_take_at(obj, (size_t)(have - obj->list.members));
}

void
node_sort_keys(struct node *node)
{
	if (!node_is_list(node))
		return;
	if (node->kind == NODE_OBJ)
		node_list_sort(&node->list);
	for (size_t i = 0; i < node->list.len; i++)
		node_sort_keys(node->list.members[i].value);
}

/* Positions and tags. */

void
node_position(const struct node *node, const char **ret_file, int *ret_line,
	      int *ret_col)
{
	*ret_file = node && node->source ? node->source->name : NULL;
	*ret_line = node ? node->line : 0;
	*ret_col = node ? node->col : 0;
}

static int
node_verr(const struct node_source *source, int line, int col, struct err *err,
	  int code, const char *fmt, va_list args)
{
	cleanup_free char *text = xvasprintf(fmt, args);

	if (source && line)
		return err_set(err, code, "%s:%d:%d: %s", source->name, line,
			       col, text);
	return err_set(err, code, "%s", text);
}

int
node_err(const struct node *node, struct err *err, int code, const char *fmt,
	 ...)
{
	va_list args;

	va_start(args, fmt);
	(void)node_verr(node ? node->source : NULL, node ? node->line : 0,
			node ? node->col : 0, err, code, fmt, args);
	va_end(args);
	return -code;
}

int
node_key_err(const struct node *obj, size_t i, struct err *err, int code,
	     const char *fmt, ...)
{
	const struct node_member *m = &obj->list.members[i];
	va_list args;

	assert(i < node_len(obj));
	va_start(args, fmt);
	(void)node_verr(obj->source, m->line, m->col, err, code, fmt, args);
	va_end(args);
	return -code;
}

const char *
node_tag(const struct node *node)
{
	return node ? node->tag : NULL;
}

void
node_set_tag(struct node *node, const char *tag)
{
	free(node->tag);
	node->tag = xstrdup_null(tag);
}

void
node_set_position(struct node *node, const struct node *from)
{
	if (from)
		node_place(node, from->source, from->line, from->col);
}
