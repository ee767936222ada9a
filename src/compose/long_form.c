/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/long_form.c - the long forms that short ones stand for.
 */
#include "compose/long_form.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "compose/schema.h"
#include "compose/shell_words.h"

/* A new string node that stands where @from stands. */
static struct node *
text_at(const char *text, const struct node *from)
{
	struct node *node = text ? node_new_str(text) : node_new_null();

	node_set_position(node, from);
	return node;
}

static struct node *
map_of(const struct node *value, struct diag *diag, const char *missing)
{
	struct node *map = node_new_obj();

	for (size_t i = 0; i < node_len(value); i++) {
		const struct node *from = node_value_at(value, i);
		const char *key = node_key_at(value, i);
		cleanup_free char *text = schema_text(from);
		cleanup_free char *name = NULL;

		if (key) {
			node_set(map, key,
				 text_at(text ? text : missing, from));
			continue;
		}
		if (!text)
			continue;
		name = xstrndup(text, strcspn(text, "="));
		if (!*name) {
			diag_at(diag, from, "'%s' has no name before '='",
				text);
			continue;
		}
		key = strchr(text, '=');
		node_set(map, name, text_at(key ? key + 1 : missing, from));
	}
	return map;
}

LONG_FORM(long_form_map)
{
	return map_of(value, diag, NULL);
}

LONG_FORM(long_form_labels)
{
	return map_of(value, diag, "");
}

LONG_FORM(long_form_text)
{
	cleanup_free char *text = schema_text(value);

	return node_kind(value) == NODE_STR ? NULL : node_new_str(text);
}

LONG_FORM(long_form_list)
{
	struct node *list;

	if (node_kind(value) == NODE_ARR)
		return NULL;
	list = node_new_arr();
	node_push(list, node_clone(value));
	return list;
}

LONG_FORM(long_form_texts)
{
	struct node *list = node_new_arr();

	for (size_t i = 0; i < node_len(value); i++) {
		cleanup_free char *text = schema_text(node_at(value, i));

		node_push(list, text_at(text ? text : "", node_at(value, i)));
	}
	if (node_kind(value) == NODE_STR)
		node_push(list, node_clone(value));
	return list;
}

LONG_FORM(long_form_names)
{
	struct node *map;

	if (node_kind(value) != NODE_ARR)
		return NULL;
	map = node_new_obj();
	for (size_t i = 0; i < node_len(value); i++)
		if (node_str(node_at(value, i)))
			node_set(map, node_str(node_at(value, i)),
				 text_at(NULL, node_at(value, i)));
	return map;
}

LONG_FORM(long_form_shell)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;
	struct err err = ERR_INIT;

	if (node_kind(value) != NODE_STR)
		return long_form_texts(value, diag);
	if (shell_words_split(node_str(value), &words, &err) < 0)
		diag_at(diag, value, "%s", err.text);
	return node_new_strvec(&words);
}

LONG_FORM(long_form_build)
{
	struct node *map;

	if (node_kind(value) != NODE_STR)
		return NULL;
	map = node_new_obj();
	node_set(map, "context", node_clone(value));
	return map;
}

LONG_FORM(long_form_depends)
{
	struct node *map;

	if (node_kind(value) != NODE_ARR)
		return NULL;
	map = node_new_obj();
	for (size_t i = 0; i < node_len(value); i++) {
		const struct node *from = node_at(value, i);
		struct node *how;

		if (!node_str(from))
			continue;
		how = node_set(map, node_str(from), node_new_obj());
		node_set_position(how, from);
		node_set_str(how, "condition", "service_started");
		node_set_bool(how, "required", true);
	}
	return map;
}

/* HOST[:CTR[:rwm]]; a CDI name stays whole. */
LONG_FORM(long_form_device)
{
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	const char *text = node_str(value);
	struct node *map;

	if (!text)
		return NULL;
	map = node_new_obj();
	if (*text == '/')
		strvec_split(&parts, text, ":");
	else
		strvec_add(&parts, text);
	if (parts.len == 0 || parts.len > 3)
		diag_at(diag, value,
			"'%s' is no device: write HOST[:CONTAINER[:rwm]]",
			text);
	if (parts.len == 2 && parts.v[1][0] != '/') {
		node_set_str(map, "source", parts.v[0]);
		node_set_str(map, "target", parts.v[0]);
		node_set_str(map, "permissions", parts.v[1]);
		return map;
	}
	node_set_str(map, "source", parts.len ? parts.v[0] : "");
	node_set_str(map, "target",
		     parts.len > 1 ? parts.v[1]
		     : parts.len   ? parts.v[0]
				   : "");
	node_set_str(map, "permissions", parts.len > 2 ? parts.v[2] : "rwm");
	return map;
}

LONG_FORM(long_form_grant)
{
	struct node *map;

	if (node_kind(value) != NODE_STR)
		return NULL;
	map = node_new_obj();
	node_set(map, "source", node_clone(value));
	return map;
}

LONG_FORM(long_form_env_files)
{
	struct node *list = node_new_arr();
	size_t count = node_kind(value) == NODE_ARR ? node_len(value) : 1;

	for (size_t i = 0; i < count; i++) {
		const struct node *from = node_kind(value) == NODE_ARR
						  ? node_at(value, i)
						  : value;
		struct node *file;

		if (node_kind(from) == NODE_OBJ) {
			file = node_clone(from);
		} else {
			file = node_new_obj();
			node_set(file, "path", node_clone(from));
			node_set_position(file, from);
		}
		if (!node_get(file, "required"))
			node_set_bool(file, "required", true);
		node_push(list, file);
	}
	return list;
}

/* "h:ip" and "h=ip"; of several colons the first one counts. */
static void
push_host(struct node *list, const char *name, const char *ip,
	  const struct node *from)
{
	cleanup_free char *line = NULL;
	size_t len = strlen(ip);

	if (*ip == '[' && ip[len - 1] == ']')
		line = xasprintf("%s=%.*s", name, (int)len - 2, ip + 1);
	else
		line = xasprintf("%s=%s", name, ip);
	node_push(list, text_at(line, from));
}

LONG_FORM(long_form_hosts)
{
	struct node *list = node_new_arr();

	for (size_t i = 0; i < node_len(value); i++) {
		const struct node *from = node_value_at(value, i);
		const char *key = node_key_at(value, i);
		const char *text = node_str_or(from, "");
		size_t at = strcspn(text, strchr(text, '=') ? "=" : ":");
		cleanup_free char *name = xstrndup(text, at);

		if (node_kind(from) == NODE_NULL)
			continue;
		if (key && node_kind(from) == NODE_ARR)
			for (size_t k = 0; k < node_len(from); k++)
				push_host(list, key,
					  node_str_or(node_at(from, k), ""),
					  from);
		else if (key)
			push_host(list, key, text, from);
		else if (!text[at] || !at)
			diag_at(diag, from,
				"'%s' is no extra host: write NAME=ADDRESS",
				text);
		else
			push_host(list, name, text + at + 1, from);
	}
	return list;
}

LONG_FORM(long_form_test)
{
	struct node *list;

	if (node_kind(value) != NODE_STR)
		return NULL;
	list = node_new_arr();
	node_push_str(list, "CMD-SHELL");
	node_push(list, node_clone(value));
	return list;
}

LONG_FORM(long_form_external)
{
	const struct node *external = node_get(value, "external");
	struct node *copy;

	if (node_kind(external) != NODE_OBJ)
		return NULL;
	copy = node_clone(value);
	diag_warn(
		diag, external,
		"external.name is deprecated: write 'external: true' and 'name:'");
	if (node_get_str(external, "name"))
		node_set_str(copy, "name", node_get_str(external, "name"));
	node_set_bool(copy, "external", true);
	return copy;
}

LONG_FORM(long_form_gpus)
{
	struct node *list;

	if (node_kind(value) != NODE_STR)
		return NULL;
	list = node_new_arr();
	node_set_int(node_push(list, node_new_obj()), "count", -1);
	return list;
}

/* All devices are meant by the word, and when nothing is said. */
LONG_FORM(long_form_request)
{
	struct node *map = node_clone(value);
	cleanup_free char *count = schema_text(node_get(value, "count"));
	int64_t number = -1;

	if (count)
		(void)units_parse_i64(count, -1, INT32_MAX, &number, NULL);
	if (count || !node_get(value, "device_ids"))
		node_set_int(map, "count", number);
	if (count)
		node_set_position(node_get(map, "count"),
				  node_get(value, "count"));
	return map;
}

LONG_FORM(long_form_service)
{
	struct node *map;

	if (node_kind(value) != NODE_STR)
		return NULL;
	map = node_new_obj();
	node_set(map, "service", node_clone(value));
	return map;
}

LONG_FORM(long_form_include)
{
	struct node *map, *paths;

	if (node_kind(value) != NODE_STR)
		return NULL;
	map = node_new_obj();
	paths = node_set(map, "path", node_new_arr());
	node_push(paths, node_clone(value));
	return map;
}

LONG_FORM(long_form_duration)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int64_t ns;

	if (node_kind(value) != NODE_STR ||
	    units_parse_duration(node_str(value), &ns, NULL) < 0)
		return NULL;
	units_add_duration(&sb, ns);
	return node_new_str(sb.buf);
}

/* A number was octal in the file, or means what it says; text is octal. */
static bool
read_mode(const struct node *value, unsigned int *ret_mode)
{
	const char *text = node_str_or(value, "");
	const char *digits = text_after(text, "0o");

	if (node_kind(value) != NODE_INT)
		return units_parse_mode(digits ? digits : text, ret_mode,
					NULL) == 0;
	*ret_mode = (unsigned int)node_int_or(value, 0);
	return true;
}

LONG_FORM(long_form_mode)
{
	cleanup_free char *text = NULL;
	unsigned int mode;

	if (!read_mode(value, &mode))
		return NULL;
	text = xasprintf("0%o", mode);
	return node_new_str(text);
}

LONG_FORM(long_form_mode_bits)
{
	unsigned int mode;

	return read_mode(value, &mode) ? node_new_int(mode) : NULL;
}

LONG_FORM(long_form_bytes)
{
	cleanup_free char *text = schema_text(value);
	cleanup_free char *made = NULL;
	int64_t bytes;

	if (!text || units_parse_size(text, &bytes, NULL) < 0)
		return node_kind(value) == NODE_STR ? NULL : node_new_str(text);
	made = xasprintf("%lld", (long long)bytes);
	return node_new_str(made);
}
