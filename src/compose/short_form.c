/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/short_form.c - "8080:80" and "./src:/app:ro".
 *
 * Spec: compose-spec 05-services.md, "ports" and "volumes".
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/long_form.h"
#include "compose/schema.h"
#include "spec/abs_path.h"
#include "spec/port_spec.h"

static void
push_port(struct node *list, const struct port_spec *port,
	  const struct node *from)
{
	struct node *map = node_push(list, node_new_obj());
	cleanup_free char *published = NULL;

	node_set_position(map, from);
	node_set_str(map, "mode", "ingress");
	if (port->host_ip[0])
		node_set_str(map, "host_ip", port->host_ip);
	node_set_int(map, "target", port->container_port);
	if (port->host_first) {
		published = port->host_last > port->host_first
				    ? xasprintf("%u-%u", port->host_first,
						port->host_last)
				    : xasprintf("%u", port->host_first);
		node_set_str(map, "published", published);
	}
	node_set_str(map, "protocol", port_proto_name(port->proto));
}

static void
push_short_port(struct node *list, const char *text, const struct node *from,
		struct diag *diag)
{
	cleanup_port_list struct port_list ports = PORT_LIST_INIT;
	struct err err = ERR_INIT;

	if (port_list_publish(&ports, text, &err) < 0) {
		diag_at(diag, from, "%s", err.text);
		if (err.hint[0])
			diag_hint(diag, "%s", err.hint);
	}
	for (size_t i = 0; i < ports.len; i++)
		push_port(list, &ports.items[i], from);
}

/* The short form of the same must be one. */
static void
check_published(const struct node *from, const char *published, int64_t target,
		struct diag *diag)
{
	cleanup_free char *text = xasprintf("%s:%ld", published, (long)target);
	cleanup_port_list struct port_list ports = PORT_LIST_INIT;
	struct err err = ERR_INIT;

	if (strchr(published, '$') ||
	    port_list_publish(&ports, text, &err) == 0)
		return;
	diag_at(diag, node_get(from, "published"),
		"'%s' is not a port or range in 1-65535", published);
}

/* The long form with its defaults; published is text. */
static void
push_long_port(struct node *list, const struct node *from, struct diag *diag)
{
	struct node *map = node_push(list, node_clone(from));
	cleanup_free char *published = schema_text(node_get(from, "published"));
	int64_t target = node_get_int(from, "target", 0);

	(void)node_del(map, "published");
	if (published && *published && strcmp(published, "0") != 0)
		node_set_str(map, "published", published);
	if (node_kind(node_get(from, "target")) == NODE_INT &&
	    (target < 1 || target > UINT16_MAX))
		diag_at(diag, node_get(from, "target"),
			"a port is a number from 1 to 65535");
	else if (node_get(map, "published") && target)
		check_published(from, published, target, diag);
	if (!node_get(map, "protocol"))
		node_set_str(map, "protocol", "tcp");
	if (!node_get(map, "mode"))
		node_set_str(map, "mode", "ingress");
}

struct node *
long_form_ports(const struct node *value, struct diag *diag)
{
	struct node *list = node_new_arr();

	for (size_t i = 0; i < node_len(value); i++) {
		const struct node *from = node_at(value, i);
		cleanup_free char *text = NULL;

		if (node_kind(from) == NODE_OBJ) {
			push_long_port(list, from, diag);
			continue;
		}
		text = schema_text(from);
		if (!text)
			continue;
		/* Variables that were not replaced: it stays as written. */
		if (strchr(text, '$'))
			node_push(list, node_clone(from));
		else
			push_short_port(list, text, from, diag);
	}
	return list;
}

/* Volumes. */

/*
 * "C:\src" and the "C:/src" of "C:/src:/app"; "v:/app" alone is a volume of
 * one letter.
 */
static bool
is_drive(const char *text)
{
	return (text_is_lower(*text) || text_is_upper(*text)) &&
	       text[1] == ':' &&
	       (text[2] == '\\' || (text[2] == '/' && strstr(text + 2, ":/")));
}

/* Cut at the next ':' that stands in no "${…}"; "C:\" is one part. */
static size_t
part_len(const char *text)
{
	size_t i = is_drive(text) ? 2 : 0;
	int depth = 0;

	for (; text[i]; i++) {
		if (text[i] == '$' && text[i + 1] == '{')
			depth++;
		else if (text[i] == '}' && depth)
			depth--;
		else if (text[i] == ':' && !depth)
			break;
	}
	return i;
}

static void
split_volume(const char *text, struct strvec *parts)
{
	for (;;) {
		size_t len = part_len(text);

		strvec_add_take(parts, xstrndup(text, len));
		if (!text[len])
			return;
		text += len + 1;
	}
}

/* "/a/../b/" is "/b"; what is not absolute stays for the check to come. */
static char *
clean_target(const char *target)
{
	return *target == '/' && !strchr(target, '$')
		       ? abs_path_join("/", target)
		       : xstrdup(target);
}

static bool
is_path(const char *source)
{
	return *source == '.' || *source == '/' || *source == '~' ||
	       *source == '\\' || (source[0] && source[1] == ':');
}

static void
add_volume_option(struct node *map, const char *word)
{
	static const char *const propagations[] = {
		"rprivate", "private", "rshared", "shared", "rslave", "slave",
	};

	if (!strcmp(word, "ro"))
		node_set_bool(map, "read_only", true);
	else if (!strcmp(word, "nocopy"))
		node_set_bool(node_need_obj(map, "volume"), "nocopy", true);
	else if (!strcmp(word, "z") || !strcmp(word, "Z"))
		node_set_str(node_need_obj(map, "bind"), "selinux", word);
	for (size_t i = 0; i < ARRAY_LEN(propagations); i++)
		if (!strcmp(word, propagations[i]))
			node_set_str(node_need_obj(map, "bind"), "propagation",
				     word);
}

static void
fill_volume(struct node *map, const struct strvec *parts)
{
	cleanup_strvec struct strvec options = STRVEC_INIT;
	bool is_bind = parts->len > 1 && is_path(parts->v[0]);
	cleanup_free char *target = clean_target(parts->v[parts->len > 1]);

	node_set_str(map, "type", is_bind ? "bind" : "volume");
	if (parts->len > 1)
		node_set_str(map, "source", parts->v[0]);
	node_set_str(map, "target", target);
	if (is_bind)
		node_set_bool(node_need_obj(map, "bind"), "create_host_path",
			      true);
	else
		(void)node_need_obj(map, "volume");
	if (parts->len > 2)
		strvec_split(&options, parts->v[2], ",");
	for (size_t i = 0; i < options.len; i++)
		add_volume_option(map, options.v[i]);
}

static struct node *
long_volume(const struct node *value)
{
	struct node *map = node_clone(value);
	cleanup_free char *target = NULL;

	if (node_get_str(value, "target"))
		target = clean_target(node_get_str(value, "target"));
	if (target) {
		node_set_str(map, "target", target);
		node_set_position(node_get(map, "target"),
				  node_get(value, "target"));
	}
	if (!strcmp(node_str_or(node_get(value, "type"), ""), "bind") &&
	    !node_get(node_get(value, "bind"), "create_host_path"))
		node_set_bool(node_need_obj(map, "bind"), "create_host_path",
			      true);
	return map;
}

struct node *
long_form_volume(const struct node *value, struct diag *diag)
{
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	const char *text = node_str(value);
	struct node *map;

	if (!text)
		return node_kind(value) == NODE_OBJ ? long_volume(value) : NULL;
	map = node_new_obj();
	/* One or two characters are a target, never a drive. */
	if (strlen(text) <= 2)
		strvec_add(&parts, text);
	else
		split_volume(text, &parts);
	for (size_t i = 0; i < parts.len; i++) {
		if (*parts.v[i])
			continue;
		diag_at(diag, value, "volume '%s' has an empty section", text);
		return map;
	}
	if (parts.len > 3)
		diag_at(diag, value, "volume '%s' has too many colons", text);
	else if (parts.len && *parts.v[0])
		fill_volume(map, &parts);
	else
		diag_at(diag, value, "a volume may not be empty");
	return map;
}
