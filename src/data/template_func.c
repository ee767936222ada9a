/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_func.c - the functions a template may call.
 *
 * Here: logic, comparison and parts of values; the texts are next door in
 * data/template_text.c.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node_priv.h"
#include "data/template_priv.h"
#include "data/utf8.h"

int
template_want_str(struct template_run *run, const struct template_value *arg,
		  const char **ret_str)
{
	const char *str = node_str(arg->node);

	if (!str)
		return template_run_fail(
			run, "needs a string, not %s",
			node_kind_phrase(node_kind(arg->node)));
	*ret_str = str;
	return 0;
}

int
template_want_int(struct template_run *run, const struct template_value *arg,
		  int64_t *ret_value)
{
	if (node_kind(arg->node) != NODE_INT)
		return template_run_fail(
			run, "needs an integer, not %s",
			node_kind_phrase(node_kind(arg->node)));
	*ret_value = node_int_or(arg->node, 0);
	return 0;
}

static int
template_answer(struct template_run *run, bool answer,
		struct template_value *ret_value)
{
	return template_run_keep(run, node_new_bool(answer), ret_value);
}

/* Comparison. */

static bool
template_is_number(const struct node *node)
{
	return node_kind(node) == NODE_INT || node_kind(node) == NODE_FLOAT;
}

static bool
template_are_equal(const struct node *a, const struct node *b)
{
	if (node_kind(a) == NODE_INT && node_kind(b) == NODE_INT)
		return node_int_or(a, 0) == node_int_or(b, 0);
	if (template_is_number(a))
		return node_float_or(a, 0) == node_float_or(b, 0);
	return node_equal(a, b);
}

static int
template_can_compare(struct template_run *run, const struct node *a,
		     const struct node *b)
{
	enum node_kind x = node_kind(a), y = node_kind(b);

	if (x == NODE_OBJ || x == NODE_ARR || y == NODE_OBJ || y == NODE_ARR)
		return template_run_fail(
			run, "cannot compare %s",
			node_kind_phrase(x == NODE_OBJ || x == NODE_ARR ? x
									: y));
	if (x == y || x == NODE_NULL || y == NODE_NULL ||
	    (template_is_number(a) && template_is_number(b)))
		return 0;
	return template_run_fail(run, "cannot compare %s with %s",
				 node_kind_phrase(x), node_kind_phrase(y));
}

/* True when the first equals any of the others. */
static int
template_func_eq(struct template_run *run, const struct template_value *args,
		 size_t arg_count, struct template_value *ret_value)
{
	for (size_t i = 1; i < arg_count; i++) {
		int r = template_can_compare(run, args[0].node, args[i].node);

		if (r < 0)
			return r;
		if (template_are_equal(args[0].node, args[i].node))
			return template_answer(run, true, ret_value);
	}
	return template_answer(run, false, ret_value);
}

static int
template_func_ne(struct template_run *run, const struct template_value *args,
		 size_t arg_count, struct template_value *ret_value)
{
	int r = template_can_compare(run, args[0].node, args[1].node);

	if (r < 0)
		return r;
	return template_answer(run,
			       !template_are_equal(args[0].node, args[1].node),
			       ret_value);
}

/* -1, 0, 1 of two values that have an order. */
static int
template_order(struct template_run *run, const struct template_value *args,
	       int *ret_order)
{
	const struct node *a = args[0].node, *b = args[1].node;

	if (node_kind(a) == NODE_STR && node_kind(b) == NODE_STR) {
		int order = strcmp(node_str(a), node_str(b));

		*ret_order = (order > 0) - (order < 0);
	} else if (node_kind(a) == NODE_INT && node_kind(b) == NODE_INT) {
		*ret_order = (node_int_or(a, 0) > node_int_or(b, 0)) -
			     (node_int_or(a, 0) < node_int_or(b, 0));
	} else if (template_is_number(a) && template_is_number(b)) {
		*ret_order = (node_float_or(a, 0) > node_float_or(b, 0)) -
			     (node_float_or(a, 0) < node_float_or(b, 0));
	} else {
		return template_run_fail(run, "%s and %s have no order",
					 node_kind_phrase(node_kind(a)),
					 node_kind_phrase(node_kind(b)));
	}
	return 0;
}

#define TEMPLATE_ORDER_FUNC(name, test)                                    \
	static int template_func_##name(struct template_run *run,          \
					const struct template_value *args, \
					size_t arg_count,                  \
					struct template_value *ret_value)  \
	{                                                                  \
		int order, r = template_order(run, args, &order);          \
                                                                           \
		if (r < 0)                                                 \
			return r;                                          \
		return template_answer(run, order test 0, ret_value);      \
	}                                                                  \
	struct template_semicolon

TEMPLATE_ORDER_FUNC(lt, <);
TEMPLATE_ORDER_FUNC(le, <=);
TEMPLATE_ORDER_FUNC(gt, >);
TEMPLATE_ORDER_FUNC(ge, >=);

static int
template_func_not(struct template_run *run, const struct template_value *args,
		  size_t arg_count, struct template_value *ret_value)
{
	return template_answer(run, !template_truth(run, args[0]), ret_value);
}

/* Parts of values. */

static int
template_func_len(struct template_run *run, const struct template_value *args,
		  size_t arg_count, struct template_value *ret_value)
{
	const struct node *node = args[0].node;
	size_t len = node_len(node);

	if (node_kind(node) == NODE_STR)
		len = node->str_len;
	else if (node_kind(node) != NODE_ARR && node_kind(node) != NODE_OBJ &&
		 !node_tag(node))
		return template_run_fail(run, "%s has no length",
					 node_kind_phrase(node_kind(node)));
	return template_run_keep(run, node_new_int((int64_t)len), ret_value);
}

/*
 * What a map answers for a key it lacks: Go's zero value, whose type is seen
 * in the other values; a map of Docker's with none in it is one of strings.
 */
static int
template_map_zero(struct template_run *run, struct template_value map,
		  struct template_value *ret_value)
{
	*ret_value = (struct template_value){ .node = NULL };
	if (!run->opts->is_typed)
		return 0;
	switch (node_kind(node_value_at(map.node, 0))) {
	case NODE_NULL:
		if (node_len(map.node))
			return template_run_keep(run, node_new_null(),
						 ret_value);
		return template_run_keep(run, node_new_str(""), ret_value);
	case NODE_STR:
		return template_run_keep(run, node_new_str(""), ret_value);
	default:
		return template_run_keep(run, node_new_null(), ret_value);
	}
}

static int
template_index_position(struct template_run *run,
			const struct template_value *at, size_t len,
			size_t *ret_at)
{
	int64_t value;
	int r = template_want_int(run, at, &value);

	if (r < 0)
		return r;
	if (value < 0 || (uint64_t)value >= len)
		return template_run_fail(run, "index %lld is out of range",
					 (long long)value);
	*ret_at = (size_t)value;
	return 0;
}

static int
template_index_one(struct template_run *run, struct template_value of,
		   const struct template_value *at,
		   struct template_value *ret_value)
{
	struct template_value value = { .node = NULL };
	const char *key = NULL;
	size_t i = 0;
	int r;

	switch (node_kind(of.node)) {
	case NODE_OBJ:
		r = template_want_str(run, at, &key);
		if (r < 0)
			return r;
		value.node = node_get(of.node, key);
		if (!value.node)
			return template_map_zero(run, of, ret_value);
		break;
	case NODE_ARR:
		r = template_index_position(run, at, node_len(of.node), &i);
		if (r < 0)
			return r;
		value.node = node_at(of.node, i);
		break;
	case NODE_STR:
		r = template_index_position(run, at, of.node->str_len, &i);
		if (r < 0)
			return r;
		return template_run_keep(
			run, node_new_int((unsigned char)of.node->text[i]),
			ret_value);
	case NODE_NULL:
		if (node_tag(of.node) && node_kind(at->node) == NODE_STR)
			return template_run_keep(run, node_new_str(""),
						 ret_value);
		/* fallthrough */
	default:
		return template_run_fail(run, "%s has no index",
					 node_kind_phrase(node_kind(of.node)));
	}
	*ret_value = value;
	return 0;
}

static int
template_func_index(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	struct template_value value = args[0];

	for (size_t i = 1; i < arg_count; i++) {
		int r = template_index_one(run, value, &args[i], &value);

		if (r < 0)
			return r;
	}
	*ret_value = value;
	return 0;
}

static int
template_func_slice(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	const struct node *node = args[0].node;
	bool is_str = node_kind(node) == NODE_STR;
	size_t len = is_str ? node->str_len : node_len(node);
	size_t bounds[3] = { 0, len, len };
	struct node *part;

	if (!is_str && node_kind(node) != NODE_ARR)
		return template_run_fail(run, "%s cannot be sliced",
					 node_kind_phrase(node_kind(node)));
	if (is_str && arg_count == 4)
		return template_run_fail(run, "a string has no third bound");
	for (size_t i = 1; i < arg_count; i++) {
		int r = template_index_position(run, &args[i], len + 1,
						&bounds[i - 1]);

		if (r < 0)
			return r;
	}
	if (bounds[0] > bounds[1] || bounds[1] > bounds[2])
		return template_run_fail(run, "slice bounds cross");
	if (is_str)
		return template_run_keep(run,
					 node_new_strn(node->text + bounds[0],
						       bounds[1] - bounds[0]),
					 ret_value);
	part = node_new_arr();
	for (size_t i = bounds[0]; i < bounds[1]; i++)
		node_push(part, node_clone(node_at(node, i)));
	return template_run_keep(run, part, ret_value);
}

static int
template_func_call(struct template_run *run, const struct template_value *args,
		   size_t arg_count, struct template_value *ret_value)
{
	return template_run_fail(run, "%s is no function to call",
				 node_kind_phrase(node_kind(args[0].node)));
}

static const struct template_func template_funcs[] = {
	{ "and", 1, SIZE_MAX, NULL },
	{ "call", 1, SIZE_MAX, template_func_call },
	{ "eq", 2, SIZE_MAX, template_func_eq },
	{ "ge", 2, 2, template_func_ge },
	{ "gt", 2, 2, template_func_gt },
	{ "index", 1, SIZE_MAX, template_func_index },
	{ "le", 2, 2, template_func_le },
	{ "len", 1, 1, template_func_len },
	{ "lt", 2, 2, template_func_lt },
	{ "ne", 2, 2, template_func_ne },
	{ "not", 1, 1, template_func_not },
	{ "or", 1, SIZE_MAX, NULL },
	{ "slice", 1, 4, template_func_slice },
	{ .name = NULL },
};

const struct template_func *
template_func_find(struct span name)
{
	const struct template_func *f;

	for (f = template_funcs; f->name; f++)
		if (span_is(name, f->name))
			return f;
	for (f = template_text_funcs; f->name; f++)
		if (span_is(name, f->name))
			return f;
	return NULL;
}

void
template_func_names(struct strvec *names)
{
	const struct template_func *f;

	for (f = template_funcs; f->name; f++)
		strvec_add(names, f->name);
	for (f = template_text_funcs; f->name; f++)
		strvec_add(names, f->name);
}
