/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/decode.c - structs from nodes and back, by one table.
 */
#include "data/decode.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

/* Where a value is, for messages: fields from the root down. */
struct decode_path {
	const struct decode_path *up;
	const char *name; /* NULL: an element */
	size_t index;
};

struct decode_run {
	int flags;
	struct err *err;
};

static int decode_object(const struct decode_run *run, const struct node *node,
			 const struct decode_path *up,
			 const struct field *fields, void *obj);

static void
decode_add_path(struct strbuf *sb, const struct decode_path *path)
{
	if (!path)
		return;
	decode_add_path(sb, path->up);
	if (!path->name)
		strbuf_addf(sb, "[%zu]", path->index);
	else
		strbuf_addf(sb, "%s%s", sb->len ? "." : "", path->name);
}

static int
decode_fail(const struct decode_run *run, const struct node *node,
	    const struct decode_path *path, const char *wanted)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	decode_add_path(&sb, path);
	return node_err(node, run->err, EBADMSG, "'%s' must be %s, not %s",
			sb.len ? sb.buf : ".", wanted,
			node_kind_phrase(node_kind(node)));
}

static int
decode_str(const struct decode_run *run, const struct node *node,
	   const struct decode_path *path, char **str)
{
	if (node_kind(node) != NODE_STR)
		return decode_fail(run, node, path, "a string");
	free(*str);
	*str = xstrdup(node_str(node));
	return 0;
}

static int
decode_strvec(const struct decode_run *run, const struct node *node,
	      const struct decode_path *path, struct strvec *sv)
{
	if (node_kind(node) != NODE_ARR)
		return decode_fail(run, node, path, "an array of strings");
	strvec_release(sv);
	for (size_t i = 0; i < node_len(node); i++) {
		struct decode_path at = { .up = path, .index = i };
		const char *str = node_str(node_at(node, i));

		if (!str)
			return decode_fail(run, node_at(node, i), &at,
					   "a string");
		strvec_add(sv, str);
	}
	return 0;
}

static void
decode_release_structs(const struct field *field, void *obj)
{
	char **items = (char **)((char *)obj + field->offset);
	size_t *count = (size_t *)((char *)obj + field->count_offset);

	for (size_t i = 0; i < *count; i++)
		decode_release(field->fields, *items + i * field->elem_size);
	free(*items);
	*items = NULL;
	*count = 0;
}

static int
decode_structs(const struct decode_run *run, const struct node *node,
	       const struct decode_path *path, const struct field *field,
	       void *obj)
{
	char **items = (char **)((char *)obj + field->offset);
	size_t *count = (size_t *)((char *)obj + field->count_offset);

	if (node_kind(node) != NODE_ARR)
		return decode_fail(run, node, path, "an array of objects");
	decode_release_structs(field, obj);
	*items = xcalloc(node_len(node), field->elem_size);
	for (size_t i = 0; i < node_len(node); i++) {
		struct decode_path at = { .up = path, .index = i };
		int r;

		*count = i + 1;
		r = decode_object(run, node_at(node, i), &at, field->fields,
				  *items + i * field->elem_size);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
decode_value(const struct decode_run *run, const struct node *node,
	     const struct decode_path *path, const struct field *field,
	     void *obj)
{
	void *at = (char *)obj + field->offset;

	switch (field->kind) {
	case FIELD_KIND_STR:
		return decode_str(run, node, path, at);
	case FIELD_KIND_BOOL:
		if (node_kind(node) != NODE_BOOL)
			return decode_fail(run, node, path, "true or false");
		*(bool *)at = node_bool_or(node, false);
		return 0;
	case FIELD_KIND_INT:
		if (node_kind(node) != NODE_INT)
			return decode_fail(run, node, path, "an integer");
		*(int64_t *)at = node_int_or(node, 0);
		return 0;
	case FIELD_KIND_FLOAT:
		if (node_kind(node) != NODE_FLOAT &&
		    node_kind(node) != NODE_INT)
			return decode_fail(run, node, path, "a number");
		*(double *)at = node_float_or(node, 0);
		return 0;
	case FIELD_KIND_STRVEC:
		return decode_strvec(run, node, path, at);
	case FIELD_KIND_NODE:
		node_free(*(struct node **)at);
		*(struct node **)at = node_clone(node);
		return 0;
	case FIELD_KIND_STRUCT:
		return decode_object(run, node, path, field->fields, at);
	default:
		assert(field->kind == FIELD_KIND_STRUCTS);
		return decode_structs(run, node, path, field, obj);
	}
}

static int
decode_missing(const struct decode_run *run, const struct node *node,
	       const struct decode_path *path)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	decode_add_path(&sb, path);
	return node_err(node, run->err, EBADMSG, "'%s' is missing", sb.buf);
}

/* A key that no field has is refused, with the name that was meant. */
static int
decode_check_keys(const struct decode_run *run, const struct node *node,
		  const struct decode_path *up, const struct field *fields)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *nearest;
	size_t i;

	for (const struct field *f = fields; f->name; f++)
		strvec_add(&names, f->name);
	for (i = 0; i < node_len(node); i++)
		if (!strvec_has(&names, node_key_at(node, i)))
			break;
	if (i == node_len(node))
		return 0;
	decode_add_path(&sb, &(struct decode_path){
				     .up = up, .name = node_key_at(node, i) });
	(void)node_key_err(node, i, run->err, EBADMSG, "'%s' is unknown here",
			   sb.buf);
	nearest = text_nearest(node_key_at(node, i),
			       (const char *const *)strvec_argv(&names));
	if (nearest)
		err_hint(run->err, "did you mean '%s'?", nearest);
	return -EBADMSG;
}

static int
decode_object(const struct decode_run *run, const struct node *node,
	      const struct decode_path *up, const struct field *fields,
	      void *obj)
{
	if (node_kind(node) != NODE_OBJ)
		return decode_fail(run, node, up, "an object");
	for (const struct field *f = fields; f->name; f++) {
		const struct node *value = node_get(node, f->name);
		struct decode_path at = { .up = up, .name = f->name };
		int r = 0;

		if (node_kind(value) != NODE_NULL)
			r = decode_value(run, value, &at, f, obj);
		else if (f->flags & FIELD_REQUIRED)
			r = decode_missing(run, node, &at);
		if (r < 0)
			return r;
	}
	if (run->flags & DECODE_STRICT)
		return decode_check_keys(run, node, up, fields);
	return 0;
}

int
decode_read(const struct node *node, const struct field *fields, int flags,
	    void *obj, struct err *err)
{
	struct decode_run run = { .flags = flags, .err = err };

	return decode_object(&run, node, NULL, fields, obj);
}

static struct node *
decode_write_structs(const struct field *field, const void *obj)
{
	const char *items = *(char *const *)((const char *)obj + field->offset);
	size_t count =
		*(const size_t *)((const char *)obj + field->count_offset);
	struct node *arr = node_new_arr();

	for (size_t i = 0; i < count; i++)
		node_push(arr, decode_write(field->fields,
					    items + i * field->elem_size));
	return arr;
}

static struct node *
decode_write_value(const struct field *field, const void *obj)
{
	const void *at = (const char *)obj + field->offset;
	const char *str;

	switch (field->kind) {
	case FIELD_KIND_STR:
		str = *(char *const *)at;
		return node_new_str(str ? str : "");
	case FIELD_KIND_BOOL:
		return node_new_bool(*(const bool *)at);
	case FIELD_KIND_INT:
		return node_new_int(*(const int64_t *)at);
	case FIELD_KIND_FLOAT:
		return node_new_float(*(const double *)at);
	case FIELD_KIND_STRVEC:
		return node_new_strvec(at);
	case FIELD_KIND_NODE:
		if (!*(struct node *const *)at)
			return node_new_null();
		return node_clone(*(struct node *const *)at);
	case FIELD_KIND_STRUCT:
		return decode_write(field->fields, at);
	default:
		assert(field->kind == FIELD_KIND_STRUCTS);
		return decode_write_structs(field, obj);
	}
}

static bool
decode_is_empty(const struct node *node)
{
	switch (node_kind(node)) {
	case NODE_BOOL:
		return !node_bool_or(node, false);
	case NODE_INT:
	case NODE_FLOAT:
		return node_float_or(node, 0) == 0;
	case NODE_STR:
		return !*node_str(node);
	default:
		return node_len(node) == 0;
	}
}

struct node *
decode_write(const struct field *fields, const void *obj)
{
	struct node *node = node_new_obj();

	for (; fields->name; fields++) {
		struct node *value = decode_write_value(fields, obj);

		if ((fields->flags & FIELD_OMIT_EMPTY) &&
		    decode_is_empty(value))
			node_free(value);
		else
			node_set(node, fields->name, value);
	}
	return node;
}

static void
decode_release_value(const struct field *field, void *obj)
{
	void *at = (char *)obj + field->offset;

	switch (field->kind) {
	case FIELD_KIND_STR:
		free(*(char **)at);
		*(char **)at = NULL;
		return;
	case FIELD_KIND_BOOL:
		*(bool *)at = false;
		return;
	case FIELD_KIND_INT:
		*(int64_t *)at = 0;
		return;
	case FIELD_KIND_FLOAT:
		*(double *)at = 0;
		return;
	case FIELD_KIND_STRVEC:
		strvec_release(at);
		return;
	case FIELD_KIND_NODE:
		node_free(*(struct node **)at);
		*(struct node **)at = NULL;
		return;
	case FIELD_KIND_STRUCT:
		decode_release(field->fields, at);
		return;
	default:
		decode_release_structs(field, obj);
		return;
	}
}

void
decode_release(const struct field *fields, void *obj)
{
	for (; fields->name; fields++)
		decode_release_value(fields, obj);
}
