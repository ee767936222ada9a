/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/normalise.c - defaults, names and what follows from other keys.
 */
#include "compose/normalise.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

const char *
normalise_service_ref(const char *mode)
{
	return mode ? text_after(mode, "service:") : NULL;
}

/* Services that must be there first because something is shared with them. */
static void
imply(struct node *service, const char *name, bool restart,
      const struct node *from)
{
	struct node *depends = node_need_obj(service, "depends_on");
	struct node *how;

	if (node_get(depends, name))
		return;
	how = node_set(depends, name, node_new_obj());
	node_set_position(how, from);
	node_set_str(how, "condition", "service_started");
	node_set_bool(how, "required", true);
	if (restart)
		node_set_bool(how, "restart", true);
}

static void
imply_mode(struct node *service, const char *key)
{
	const struct node *mode = node_get(service, key);
	const char *name = normalise_service_ref(node_str(mode));

	if (name)
		imply(service, name, true, mode);
}

static void
imply_list(struct node *service, const char *key, bool restart)
{
	const struct node *list = node_get(service, key);

	for (size_t i = 0; i < node_len(list); i++) {
		const char *text = node_str_or(node_at(list, i), "");
		cleanup_free char *name = xstrndup(text, strcspn(text, ":"));

		if (*name && strcmp(name, "container") != 0)
			imply(service, name, restart, node_at(list, i));
	}
}

static void
imply_depends(struct node *service)
{
	static const char *const modes[] = { "network_mode", "ipc", "pid",
					     "uts", "cgroup" };

	imply_list(service, "links", true);
	imply_list(service, "volumes_from", false);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		imply_mode(service, modes[i]);
}

static void
fill_build(struct node *build, const struct project_env *env)
{
	struct node *args = node_get(build, "args");

	if (node_kind(build) != NODE_OBJ)
		return;
	if (!node_get(build, "context"))
		node_set_str(build, "context", ".");
	if (!node_get(build, "dockerfile") &&
	    !node_get(build, "dockerfile_inline"))
		node_set_str(build, "dockerfile", "Dockerfile");
	for (size_t i = 0; i < node_len(args); i++) {
		const char *value;

		if (node_kind(node_value_at(args, i)) != NODE_NULL)
			continue;
		value = project_env_get(env, node_key_at(args, i));
		if (value)
			node_replace_at(args, i, node_new_str(value));
	}
}

static void
fill_secrets(struct node *service)
{
	struct node *list = node_get(service, "secrets");

	for (size_t i = 0; i < node_len(list); i++) {
		struct node *grant = node_at(list, i);
		const char *source = node_get_str(grant, "source");
		cleanup_free char *target =
			xasprintf("/run/secrets/%s", source ? source : "");

		if (source && !node_get(grant, "target"))
			node_set_str(grant, "target", target);
	}
}

static void
fill_depends(struct node *service)
{
	struct node *depends = node_get(service, "depends_on");

	for (size_t i = 0; i < node_len(depends); i++) {
		struct node *how = node_value_at(depends, i);

		if (node_kind(how) == NODE_OBJ && !node_get(how, "required"))
			node_set_bool(how, "required", true);
	}
}

static void
fill_service(struct node *service, const struct project_env *env)
{
	const char *policy = node_get_str(service, "pull_policy");

	fill_build(node_get(service, "build"), env);
	fill_secrets(service);
	imply_depends(service);
	fill_depends(service);
	if (policy && !strcmp(policy, "if_not_present"))
		node_set_str(service, "pull_policy", "missing");
	if (!node_len(node_get(service, "networks")) &&
	    !node_get(service, "network_mode") &&
	    !node_get(service, "provider"))
		node_set_null(node_need_obj(service, "networks"), "default");
}

static void
fill_names(struct node *model, const char *kind, const char *project)
{
	struct node *all = node_get(model, kind);

	for (size_t i = 0; i < node_len(all); i++) {
		cleanup_free char *name =
			xasprintf("%s_%s", project, node_key_at(all, i));
		struct node *one = node_value_at(all, i);

		if (node_tag(one) && !strcmp(node_tag(one), "!bad"))
			continue;
		if (node_kind(one) != NODE_OBJ) {
			struct node *made = node_new_obj();

			node_set_position(made, one);
			node_replace_at(all, i, made);
			one = made;
		}
		if (*node_str_or(node_get(one, "name"), ""))
			continue;
		node_set_str(one, "name",
			     node_get_bool(one, "external", false)
				     ? node_key_at(all, i)
				     : name);
	}
}

/* The default network is there when somebody is on it. */
static void
fill_default_network(struct node *model)
{
	const struct node *services = node_get(model, "services");
	bool used = false;

	for (size_t i = 0; i < node_len(services); i++)
		used = used || node_get(node_get(node_value_at(services, i),
						 "networks"),
					"default");
	if (used && !node_get(node_get(model, "networks"), "default"))
		node_set(node_need_obj(model, "networks"), "default",
			 node_new_obj());
}

void
normalise_model(struct node *model, const char *project_name,
		const struct project_env *env)
{
	static const char *const kinds[] = { "networks", "volumes", "secrets",
					     "configs" };
	struct node *services = node_get(model, "services");

	for (size_t i = 0; i < node_len(services); i++)
		if (node_kind(node_value_at(services, i)) == NODE_OBJ)
			fill_service(node_value_at(services, i), env);
	fill_default_network(model);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		fill_names(model, kinds[i], project_name);
}

/* What nobody uses. */

static bool
service_uses(const struct node *service, const char *kind, const char *name)
{
	const struct node *list = node_get(service, kind);
	const struct node *built = node_get(node_get(service, "build"), kind);

	if (node_kind(list) == NODE_OBJ)
		return node_get(list, name) != NULL;
	for (size_t i = 0; i < node_len(list); i++)
		if (!strcmp(node_str_or(node_get(node_at(list, i), "source"),
					""),
			    name))
			return true;
	for (size_t i = 0; i < node_len(built); i++)
		if (!strcmp(node_str_or(node_get(node_at(built, i), "source"),
					""),
			    name))
			return true;
	return false;
}

static bool
is_used(const struct node *services, const char *kind, const char *name)
{
	for (size_t i = 0; i < node_len(services); i++)
		if (service_uses(node_value_at(services, i), kind, name))
			return true;
	return false;
}

void
normalise_drop_unused(struct node *model)
{
	static const char *const kinds[] = { "networks", "volumes", "secrets",
					     "configs" };
	const struct node *services = node_get(model, "services");

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct node *all = node_get(model, kinds[k]);

		for (size_t i = node_len(all); i; i--) {
			cleanup_free char *name =
				xstrdup(node_key_at(all, i - 1));

			if (!is_used(services, kinds[k], name))
				(void)node_del(all, name);
		}
		if (all && !node_len(all))
			(void)node_del(model, kinds[k]);
	}
}
