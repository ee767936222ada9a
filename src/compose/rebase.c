/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/rebase.c - relative paths of a project made absolute.
 */
#include "compose/rebase.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "spec/abs_path.h"

char *
rebase_path(const char *path, const char *dir)
{
	const char *home = getenv("HOME");

	if (path[0] == '~' && (!path[1] || path[1] == '/') && home &&
	    *home == '/')
		return abs_path_join(home, path[1] ? path + 2 : ".");
	return abs_path_join(dir, path);
}

bool
rebase_is_remote(const char *context)
{
	return strstr(context, "://") || text_starts(context, "service:") ||
	       text_starts(context, "git@") ||
	       text_starts(context, "github.com/") ||
	       text_starts(context, "docker-image:") ||
	       text_starts(context, "target:");
}

/* "C:\src" has its own root. */
static bool
is_drive(const char *path)
{
	return (text_is_lower(path[0]) || text_is_upper(path[0])) &&
	       path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

static void
rebase_member(struct node *obj, const char *key, const char *dir)
{
	const struct node *have = node_get(obj, key);
	const char *path = node_str(have);
	cleanup_free char *made = NULL;
	struct node *node;

	if (!path || !*path || strchr(path, '$') || is_drive(path))
		return;
	made = rebase_path(path, dir);
	node = node_new_str(made);
	node_set_position(node, have);
	node_set(obj, key, node);
}

static void
rebase_build(struct node *build, const char *dir)
{
	struct node *contexts = node_get(build, "additional_contexts");
	const char *context;

	if (node_kind(build) == NODE_OBJ && !node_get(build, "context"))
		node_set_str(build, "context", ".");
	context = node_get_str(build, "context");
	if (context && !rebase_is_remote(context))
		rebase_member(build, "context", dir);
	for (size_t i = 0; i < node_len(contexts); i++) {
		const char *path = node_str(node_value_at(contexts, i));

		if (path && !rebase_is_remote(path))
			rebase_member(contexts, node_key_at(contexts, i), dir);
	}
}

static void
rebase_each(struct node *list, const char *key, const char *dir)
{
	for (size_t i = 0; i < node_len(list); i++)
		rebase_member(node_at(list, i), key, dir);
}

void
rebase_service(struct node *service, const char *dir)
{
	struct node *volumes = node_get(service, "volumes");
	struct node *labels = node_get(service, "label_file");

	rebase_build(node_get(service, "build"), dir);
	rebase_each(node_get(service, "env_file"), "path", dir);
	rebase_each(node_get(node_get(service, "develop"), "watch"), "path",
		    dir);
	for (size_t i = 0; i < node_len(volumes); i++)
		if (!strcmp(node_str_or(node_get(node_at(volumes, i), "type"),
					""),
			    "bind"))
			rebase_member(node_at(volumes, i), "source", dir);
	for (size_t i = 0; i < node_len(labels); i++) {
		const char *path = node_str(node_at(labels, i));
		cleanup_free char *made = path ? rebase_path(path, dir) : NULL;
		struct node *node = made ? node_new_str(made) : NULL;

		if (!node)
			continue;
		node_set_position(node, node_at(labels, i));
		node_replace_at(labels, i, node);
	}
}

/* A volume that is a bind mount in disguise. */
static void
rebase_volume(struct node *volume, const char *dir)
{
	struct node *opts = node_get(volume, "driver_opts");

	if (!strcmp(node_str_or(node_get(opts, "o"), ""), "bind"))
		rebase_member(opts, "device", dir);
}

void
rebase_model(struct node *model, const char *dir)
{
	struct node *services = node_get(model, "services");
	struct node *volumes = node_get(model, "volumes");
	struct node *secrets = node_get(model, "secrets");
	struct node *configs = node_get(model, "configs");

	for (size_t i = 0; i < node_len(services); i++)
		rebase_service(node_value_at(services, i), dir);
	for (size_t i = 0; i < node_len(volumes); i++)
		rebase_volume(node_value_at(volumes, i), dir);
	for (size_t i = 0; i < node_len(secrets); i++)
		rebase_member(node_value_at(secrets, i), "file", dir);
	for (size_t i = 0; i < node_len(configs); i++)
		rebase_member(node_value_at(configs, i), "file", dir);
}
