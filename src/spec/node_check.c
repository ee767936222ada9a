/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/node_check.c - members of documents from outside, strictly typed.
 */
#include "spec/node_check.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static int
node_check_complain(const char *key, const struct node *node, const char *want,
		    struct err *err)
{
	return err_set(err, EBADMSG, "'%s' is %s instead of %s", key,
		       node_kind_name(node_kind(node)), want);
}

int
node_check_str(const struct node *obj, const char *key, const char **ret_str,
	       struct err *err)
{
	const struct node *node = node_get(obj, key);

	if (node_kind(node) != NODE_NULL && node_kind(node) != NODE_STR)
		return node_check_complain(key, node, "a string", err);
	*ret_str = node_str(node);
	return 0;
}

int
node_check_strvec(const struct node *obj, const char *key, struct strvec *sv,
		  struct err *err)
{
	const struct node *node = node_get(obj, key);

	if (node_kind(node) == NODE_NULL)
		return 0;
	if (node_kind(node) != NODE_ARR)
		return node_check_complain(key, node, "an array", err);
	for (size_t i = 0; i < node_len(node); i++) {
		const struct node *item = node_at(node, i);

		if (node_kind(item) != NODE_STR)
			return node_check_complain(key, item,
						   "an array of strings", err);
		strvec_add(sv, node_str(item));
	}
	return 0;
}

int
node_check_obj(const struct node *obj, const char *key,
	       const struct node **ret_obj, struct err *err)
{
	const struct node *node = node_get(obj, key);

	if (node_kind(node) != NODE_NULL && node_kind(node) != NODE_OBJ)
		return node_check_complain(key, node, "an object", err);
	*ret_obj = node_kind(node) == NODE_OBJ ? node : NULL;
	return 0;
}

int
node_check_str_obj(const struct node *obj, const char *key,
		   const struct node **ret_obj, struct err *err)
{
	const struct node *node = NULL;
	int r = node_check_obj(obj, key, &node, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < node_len(node); i++)
		if (node_kind(node_value_at(node, i)) != NODE_STR)
			return node_check_complain(key, node_value_at(node, i),
						   "an object of strings", err);
	*ret_obj = node;
	return 0;
}

int
node_check_int(const struct node *obj, const char *key, int64_t min,
	       int64_t max, int64_t *io_value, struct err *err)
{
	const struct node *node = node_get(obj, key);
	int64_t value = node_int_or(node, 0);

	if (node_kind(node) == NODE_NULL)
		return 0;
	if (node_kind(node) != NODE_INT)
		return node_check_complain(key, node, "a number", err);
	if (value < min || value > max)
		return err_set(err, EBADMSG, "'%s' is out of range: %lld", key,
			       (long long)value);
	*io_value = value;
	return 0;
}

int
node_check_bool(const struct node *obj, const char *key, bool *io_value,
		struct err *err)
{
	const struct node *node = node_get(obj, key);

	if (node_kind(node) == NODE_NULL)
		return 0;
	if (node_kind(node) != NODE_BOOL)
		return node_check_complain(key, node, "true or false", err);
	*io_value = node_bool_or(node, *io_value);
	return 0;
}

int
node_check_platform(const struct node *node, struct platform *platform,
		    struct err *err)
{
	const struct {
		const char *key;
		char *to;
	} parts[] = {
		{ "os", platform->os },
		{ "architecture", platform->arch },
		{ "variant", platform->variant },
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *text;
		int r = node_check_str(node, parts[i].key, &text, err);

		if (r < 0)
			return r;
		if (text && strlen(text) >= PLATFORM_PART_BYTES)
			return err_set(err, EBADMSG,
				       "platform '%.40s' is too long", text);
		(void)snprintf(parts[i].to, PLATFORM_PART_BYTES, "%s",
			       text ?: "");
	}
	return 0;
}
