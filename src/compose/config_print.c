/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/config_print.c - a project as "compose config" prints it.
 */
#include "compose/config_print.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/schema.h"

static const char *const kinds[] = { "services", "networks", "volumes",
				     "secrets",  "configs",  "models" };

static void
escape_dollars(struct node *node)
{
	for (size_t i = 0; i < node_len(node); i++) {
		struct node *child = node_value_at(node, i);
		const char *text = node_str(child);
		struct strbuf sb = STRBUF_INIT;

		if (!text || !strchr(text, '$')) {
			escape_dollars(child);
			continue;
		}
		for (; *text; text++) {
			if (*text == '$')
				strbuf_addch(&sb, '$');
			strbuf_addch(&sb, *text);
		}
		node_replace_at(node, i, node_new_str(sb.buf));
		strbuf_release(&sb);
	}
}

/* Null is the image's own command; [] is none. */
static void
drop_null(struct node *service, const char *key)
{
	if (node_kind(node_get(service, key)) == NODE_NULL)
		(void)node_del(service, key);
}

static void
trim_service(struct node *service)
{
	schema_trim(&schema_service, service);
	drop_null(service, "command");
	drop_null(service, "entrypoint");
}

static void
sort_texts(struct node *obj, const char *key)
{
	cleanup_strvec struct strvec texts = STRVEC_INIT;

	node_get_strvec(obj, key, &texts);
	strvec_sort(&texts);
	if (texts.len)
		node_set_strvec(obj, key, &texts);
}

/* A list of "ID" and "ID=PATH", as it may be written. */
static void
list_ssh(struct node *build)
{
	const struct node *ssh = node_get(build, "ssh");
	struct node *list;

	if (node_kind(ssh) != NODE_OBJ)
		return;
	list = node_new_arr();
	for (size_t i = 0; i < node_len(ssh); i++) {
		const char *path = node_str(node_value_at(ssh, i));
		cleanup_free char *text =
			xasprintf("%s%s%s", node_key_at(ssh, i),
				  path ? "=" : "", path ? path : "");

		node_push_str(list, text);
	}
	node_set(build, "ssh", list);
}

static struct node *
print_services(const struct project *project, const struct strvec *services)
{
	const struct node *all = project_services(project);
	struct node *shown = node_new_obj();

	for (size_t i = 0; i < node_len(all); i++) {
		const char *name = node_key_at(all, i);
		struct node *one;

		if (services && services->len && !strvec_has(services, name))
			continue;
		one = node_set(shown, name, node_clone(node_value_at(all, i)));
		trim_service(one);
		sort_texts(one, "extra_hosts");
		sort_texts(node_get(one, "build"), "extra_hosts");
		list_ssh(node_get(one, "build"));
	}
	return shown;
}

struct node *
config_print_model(const struct project *project, const struct strvec *services,
		   bool escape)
{
	struct node *out = node_new_obj();
	struct node *model = project->model;

	node_set_str(out, "name", project->name);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct node *part = node_get(model, kinds[i]);

		if (!i)
			part = node_set(out, kinds[i],
					print_services(project, services));
		else if (node_len(part))
			part = node_set(out, kinds[i], node_clone(part));
		node_sort_keys(node_get(out, kinds[i]));
	}
	for (size_t i = 0; i < node_len(model); i++)
		if (text_starts(node_key_at(model, i), "x-"))
			node_set(out, node_key_at(model, i),
				 node_clone(node_value_at(model, i)));
	schema_trim(&schema_file, out);
	if (escape)
		escape_dollars(out);
	return out;
}

static void
fill_deploy(struct node *service)
{
	struct node *deploy = node_get(service, "deploy");

	if (node_kind(deploy) != NODE_OBJ)
		return;
	(void)node_need_obj(deploy, "resources");
	(void)node_need_obj(deploy, "placement");
}

void
config_print_fill_json(struct node *model)
{
	struct node *services = node_get(model, "services");
	struct node *networks = node_get(model, "networks");

	for (size_t i = 0; i < node_len(networks); i++)
		(void)node_need_obj(node_value_at(networks, i), "ipam");
	node_sort_keys(networks);
	for (size_t i = 0; i < node_len(services); i++) {
		struct node *one = node_value_at(services, i);

		if (!node_get(one, "command"))
			node_set_null(one, "command");
		if (!node_get(one, "entrypoint"))
			node_set_null(one, "entrypoint");
		fill_deploy(one);
		node_sort_keys(one);
	}
}

char *
config_print_image(const struct project *project, const char *service,
		   bool underscore)
{
	const char *image =
		node_get_str(project_service(project, service), "image");

	if (image && *image)
		return xstrdup(image);
	return xasprintf("%s%c%s", project->name, underscore ? '_' : '-',
			 service);
}

/* Hashes. */

static void
hash_node(struct node *node, char hex[HASH256_HEX_BYTES])
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	node_sort_keys(node);
	node_write_json(&sb, node, NODE_COMPACT);
	hash256_hex(sb.buf, sb.len, hex);
}

/* A granted config's text decides too; a file's content is read at start. */
static void
add_grants(const struct project *project, struct node *service,
	   const char *kind)
{
	const struct node *grants = node_get(service, kind);
	const struct node *all = node_get(project->model, kind);

	for (size_t i = 0; i < node_len(grants); i++) {
		const char *source = node_get_str(node_at(grants, i), "source");
		const struct node *one = source ? node_get(all, source) : NULL;
		const char *variable = node_get_str(one, "environment");
		const char *text = node_get_str(one, "content");

		if (variable)
			text = project_env_get(&project->env, variable);
		if (text)
			node_set_str(node_at(grants, i), "x-content", text);
	}
}

void
config_print_hash(const struct project *project, const char *service,
		  char hex[HASH256_HEX_BYTES])
{
	static const char *const without[] = { "build",    "pull_policy",
					       "scale",    "depends_on",
					       "profiles", "develop" };
	cleanup_node struct node *copy =
		node_clone(project_service(project, service));

	trim_service(copy);
	for (size_t i = 0; i < ARRAY_LEN(without); i++)
		(void)node_del(copy, without[i]);
	(void)node_del(node_get(copy, "deploy"), "replicas");
	add_grants(project, copy, "configs");
	add_grants(project, copy, "secrets");
	hash_node(copy, hex);
}

void
config_print_resource_hash(const struct project *project, const char *kind,
			   const char *name, char hex[HASH256_HEX_BYTES])
{
	cleanup_node struct node *copy =
		node_clone(node_get(node_get(project->model, kind), name));

	hash_node(copy, hex);
}
