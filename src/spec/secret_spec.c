/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/secret_spec.c - --secret NAME[,type=mount|env][,target=…][,uid=…]…
 */
#include "spec/secret_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strvec.h"
#include "base/units.h"
#include "spec/abs_path.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/name_spec.h"

#define SECRET_MODE 0444

static const char *const secret_types[] = { "mount", "env", NULL };
static const char *const secret_keys[] = { "gid",    "mode", "source", "src",
					   "target", "type", "uid",    NULL };

static void
secret_spec_release(struct secret_spec *spec)
{
	free(spec->name);
	free(spec->id);
	free(spec->target);
	if (spec->value.buf)
		explicit_bzero(spec->value.buf, spec->value.len);
	strbuf_release(&spec->value);
	*spec = (struct secret_spec){ .value = STRBUF_INIT };
}

void
secret_spec_list_release(struct secret_spec_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		secret_spec_release(&list->items[i]);
	free(list->items);
	*list = (struct secret_spec_list)SECRET_SPEC_LIST_INIT;
}

static int
secret_set_id(const char *text, uint32_t *ret_id, struct err *err)
{
	uint64_t id;
	int r = units_parse_u64(text, 0, INT32_MAX, &id, err);

	if (r == 0)
		*ret_id = (uint32_t)id;
	return r;
}

static int
secret_set_mode(const char *text, uint32_t *ret_mode, struct err *err)
{
	char *end;
	unsigned long mode = strtoul(text, &end, 8);

	if (!*text || *end || mode > 07777)
		return err_set(err, EINVAL, "'%s' is no octal mode", text);
	*ret_mode = (uint32_t)mode;
	return 0;
}

static int
secret_set_name(struct secret_spec *spec, const char *name, struct err *err)
{
	if (spec->name)
		return err_set(err, EINVAL, "the secret is named twice");
	spec->name = xstrdup(name);
	return name_spec_check("secret name", name, err);
}

static int
secret_set(struct secret_spec *spec, const char *key, const char *value,
	   struct err *err)
{
	int at = choice_find("option", key, secret_keys, err), type;

	if (at < 0)
		return at;
	if (!strcmp(key, "uid"))
		return secret_set_id(value, &spec->uid, err);
	if (!strcmp(key, "gid"))
		return secret_set_id(value, &spec->gid, err);
	if (!strcmp(key, "mode"))
		return secret_set_mode(value, &spec->mode, err);
	if (!strcmp(key, "source") || !strcmp(key, "src"))
		return secret_set_name(spec, value, err);
	if (!strcmp(key, "target")) {
		free(spec->target);
		spec->target = xstrdup(value);
		return 0;
	}
	type = choice_find("type of secret", value, secret_types, err);
	spec->is_env = type == 1;
	return type < 0 ? type : 0;
}

/* A file has an absolute path, a variable a name. */
static int
secret_finish(struct secret_spec *spec, struct err *err)
{
	char *path;

	if (!spec->name)
		return err_set(err, EINVAL, "the secret is not named");
	if (!spec->target)
		spec->target = xstrdup(spec->name);
	if (spec->is_env)
		return *spec->target && !strchr(spec->target, '=')
			       ? 0
			       : err_set(err, EINVAL,
					 "'%s' is no name of a variable",
					 spec->target);
	path = abs_path_join(SECRET_SPEC_DIR, spec->target);
	free(spec->target);
	spec->target = path;
	return strcmp(path, "/") && strcmp(path, SECRET_SPEC_DIR)
		       ? 0
		       : err_set(err, EINVAL, "target '%s' is no file", path);
}

static int
secret_parse(const char *text, struct secret_spec *spec, struct err *err)
{
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	int r = csv_split(text, &fields, err);

	for (size_t i = 0; r == 0 && i < fields.len; i++) {
		char *value = csv_cut_value(fields.v[i]);

		r = value    ? secret_set(spec, fields.v[i], value, err)
		    : i == 0 ? secret_set_name(spec, fields.v[i], err)
			     : err_set(err, EINVAL, "'%s' has no value",
				       fields.v[i]);
	}
	return r < 0 ? r : secret_finish(spec, err);
}

static int
secret_check_target(const struct secret_spec_list *list,
		    const struct secret_spec *spec, struct err *err)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->items[i].is_env == spec->is_env &&
		    !strcmp(list->items[i].target, spec->target))
			return err_set(err, EINVAL,
				       "two secrets have the target '%s'",
				       spec->target);
	return 0;
}

int
secret_spec_add(struct secret_spec_list *list, const char *text,
		struct err *err)
{
	struct secret_spec spec = { .mode = SECRET_MODE, .value = STRBUF_INIT };
	int r = secret_parse(text, &spec, err);

	if (r == 0)
		r = secret_check_target(list, &spec, err);
	if (r < 0)
		secret_spec_release(&spec);
	else
		array_push(list->items, list->len, list->cap, spec);
	return r;
}

struct node *
secret_spec_list_to_node(const struct secret_spec_list *list)
{
	struct node *arr = node_new_arr();

	for (size_t i = 0; i < list->len; i++) {
		const struct secret_spec *spec = &list->items[i];
		struct node *node = node_push(arr, node_new_obj());

		node_set_str(node, "Name", spec->name);
		node_set_str(node, "ID", spec->id ?: "");
		node_set_str(node, "Type", secret_types[spec->is_env]);
		node_set_str(node, "Target", spec->target);
		node_set_int(node, "UID", spec->uid);
		node_set_int(node, "GID", spec->gid);
		node_set_int(node, "Mode", spec->mode);
	}
	return arr;
}

int
secret_spec_list_from_node(const struct node *node,
			   struct secret_spec_list *list, struct err *err)
{
	for (size_t i = 0; i < node_len(node); i++) {
		const struct node *one = node_at(node, i);
		const char *name = node_get_str(one, "Name");
		const char *target = node_get_str(one, "Target");
		const char *type = node_get_str(one, "Type");
		struct secret_spec spec = { .value = STRBUF_INIT };

		if (!name || !target || !type)
			return err_set(err, EBADMSG,
				       "the record of a secret is damaged");
		spec.name = xstrdup(name);
		spec.id = xstrdup_null(node_get_str(one, "ID"));
		spec.target = xstrdup(target);
		spec.is_env = !strcmp(type, secret_types[1]);
		spec.uid = (uint32_t)node_get_int(one, "UID", 0);
		spec.gid = (uint32_t)node_get_int(one, "GID", 0);
		spec.mode = (uint32_t)node_get_int(one, "Mode", SECRET_MODE);
		array_push(list->items, list->len, list->cap, spec);
	}
	return 0;
}
