/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/consistency.c - references to nothing, and cycles.
 */
#include "compose/consistency.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/normalise.h"

/* "did you mean" among the names of an object @kind, or where to write it. */
static void
hint_near(struct diag *diag, const struct node *known, const char *kind,
	  const char *word)
{
	if (diag_hint_near(diag, known, word))
		return;
	if (!strcmp(kind, "volume"))
		diag_hint(
			diag,
			"write ./%s for a directory, or declare it below 'volumes:' at the top",
			word);
	else
		diag_hint(diag, "declare it below '%ss:' at the top", kind);
}

static void
undefined(struct diag *diag, const struct node *at, const char *service,
	  const char *kind, const char *name, const struct node *known)
{
	diag_at(diag, at, "service '%s' refers to undefined %s '%s'", service,
		kind, name);
	hint_near(diag, known, kind, name);
}

static void
check_keys(const struct node *model, const char *kind, const char *service,
	   const struct node *used, struct diag *diag)
{
	const struct node *known = node_get(model, kind);

	for (size_t i = 0; i < node_len(used); i++) {
		const char *name = node_key_at(used, i);
		cleanup_free char *one = xstrndup(kind, strlen(kind) - 1);

		if (!node_get(known, name))
			undefined(diag, node_value_at(used, i) ?: used, service,
				  one, name, known);
	}
}

static void
check_sources(const struct node *model, const char *kind, const char *service,
	      const struct node *used, struct diag *diag)
{
	const struct node *known = node_get(model, kind);
	cleanup_free char *one = xstrndup(kind, strlen(kind) - 1);

	for (size_t i = 0; i < node_len(used); i++) {
		const struct node *source =
			node_get(node_at(used, i), "source");
		const char *type = node_get_str(node_at(used, i), "type");
		const char *name = node_str(source);

		if (type && strcmp(type, "volume") != 0)
			continue;
		if (name && !strchr(name, '$') && !node_get(known, name))
			undefined(diag, node_at(used, i), service, one, name,
				  known);
	}
}

static const char *const mode_keys[] = { "network_mode", "ipc", "pid" };

static void
check_modes(const struct node *services, const char *service,
	    const struct node *body, struct diag *diag)
{
	for (size_t i = 0; i < ARRAY_LEN(mode_keys); i++) {
		const struct node *mode = node_get(body, mode_keys[i]);
		const char *name = normalise_service_ref(node_str(mode));

		if (name && !node_get(services, name))
			undefined(diag, mode, service, "service", name,
				  services);
	}
}

/* The owner of a namespace is a dependency too; check_modes() tells of it. */
static bool
is_shared_with(const struct node *body, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(mode_keys); i++) {
		const char *other =
			normalise_service_ref(node_get_str(body, mode_keys[i]));

		if (other && !strcmp(other, name))
			return true;
	}
	return false;
}

/* What "links" and "volumes_from" name has become a dependency. */
static const struct node *
find_mention(const struct node *body, const char *name)
{
	static const char *const keys[] = { "links", "volumes_from" };
	size_t len = strlen(name);

	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		const struct node *list = node_get(body, keys[k]);

		for (size_t i = 0; i < node_len(list); i++) {
			const char *text = node_str_or(node_at(list, i), "");

			if (!strncmp(text, name, len) &&
			    (!text[len] || text[len] == ':'))
				return node_at(list, i);
		}
	}
	return NULL;
}

static void
check_depends(const struct node *services, const char *service,
	      const struct node *body, struct diag *diag)
{
	const struct node *depends = node_get(body, "depends_on");

	for (size_t i = 0; i < node_len(depends); i++) {
		const char *name = node_key_at(depends, i);
		const struct node *at = find_mention(body, name);
		const struct node *how = node_value_at(depends, i);

		if (node_get(services, name) ||
		    !node_get_bool(how, "required", true) ||
		    is_shared_with(body, name))
			continue;
		diag_at(diag, at ? at : how,
			"service '%s' depends on undefined service '%s'",
			service, name);
		hint_near(diag, services, "service", name);
	}
}

static void
check_contexts(const struct node *services, const char *service,
	       const struct node *body, struct diag *diag)
{
	const struct node *contexts =
		node_get(node_get(body, "build"), "additional_contexts");

	for (size_t i = 0; i < node_len(contexts); i++) {
		const struct node *value = node_value_at(contexts, i);
		const char *name = normalise_service_ref(node_str(value));

		if (name && !node_get(services, name))
			undefined(diag, value, service, "service", name,
				  services);
	}
}

static void
check_references(const struct node *model, const char *name,
		 const struct node *body, struct diag *diag)
{
	const struct node *services = node_get(model, "services");

	check_keys(model, "networks", name, node_get(body, "networks"), diag);
	check_keys(model, "models", name, node_get(body, "models"), diag);
	check_sources(model, "volumes", name, node_get(body, "volumes"), diag);
	check_sources(model, "secrets", name, node_get(body, "secrets"), diag);
	check_sources(model, "configs", name, node_get(body, "configs"), diag);
	check_sources(model, "secrets", name,
		      node_get(node_get(body, "build"), "secrets"), diag);
	check_modes(services, name, body, diag);
	check_depends(services, name, body, diag);
	check_contexts(services, name, body, diag);
}

/* Networks, volumes, secrets and configs themselves. */

static void
check_external(const char *kind, const char *name, const struct node *body,
	       struct diag *diag)
{
	for (size_t i = 0; i < node_len(body); i++) {
		const char *key = node_key_at(body, i);

		if (!strcmp(key, "external") || !strcmp(key, "name") ||
		    !strcmp(key, "ipam") || text_starts(key, "x-"))
			continue;
		diag_at(diag, node_value_at(body, i),
			"%s.%s: '%s' and 'external' exclude each other", kind,
			name, key);
	}
}

static void
check_one_source(const char *kind, const char *name, const struct node *body,
		 struct diag *diag)
{
	static const char *const keys[] = { "file", "environment", "content",
					    "driver" };
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct node *value = node_get(body, keys[i]);

		if (!value)
			continue;
		if (first)
			diag_at(diag, value,
				"%s.%s: '%s' and '%s' exclude each other", kind,
				name, first, keys[i]);
		if (strcmp(keys[i], "content") != 0 && !*node_str_or(value, ""))
			diag_at(diag, value, "%s.%s.%s may not be empty", kind,
				name, keys[i]);
		first = keys[i];
	}
	if (!first && !node_get_bool(body, "external", false))
		diag_at(diag, body,
			"%s.%s: one of file%s and environment must be set",
			kind, name,
			!strcmp(kind, "configs") ? ", content" : "");
}

static void
check_names(const char *kind, const struct node *all, struct diag *diag)
{
	for (size_t i = 0; i < node_len(all); i++) {
		const char *name = node_key_at(all, i);
		bool good = *name != '\0';

		for (const char *p = name; *p; p++)
			good = good && (text_is_alnum(*p) || strchr("._-", *p));
		if (!good)
			diag_key(diag, all, i,
				 "%s: '%s' is no name: [a-zA-Z0-9._-]+", kind,
				 name);
	}
}

static void
check_resources(const struct node *model, const char *kind, bool has_source,
		struct diag *diag)
{
	const struct node *all = node_get(model, kind);

	check_names(kind, all, diag);
	for (size_t i = 0; i < node_len(all); i++) {
		const struct node *body = node_value_at(all, i);

		if (node_kind(body) != NODE_OBJ)
			continue;
		if (node_get_bool(body, "external", false))
			check_external(kind, node_key_at(all, i), body, diag);
		else if (has_source)
			check_one_source(kind, node_key_at(all, i), body, diag);
	}
}

void
consistency_check_all(const struct node *model, bool raw, struct diag *diag)
{
	const struct node *services = node_get(model, "services");

	check_names("services", services, diag);
	for (size_t i = 0; i < node_len(services); i++) {
		const char *name = node_key_at(services, i);
		const struct node *body = node_value_at(services, i);

		if (node_kind(body) != NODE_OBJ)
			continue;
		consistency_check_service(name, body, raw, diag);
		check_references(model, name, body, diag);
	}
	check_resources(model, "networks", false, diag);
	consistency_check_pools(node_get(model, "networks"), raw, diag);
	check_resources(model, "volumes", false, diag);
	check_resources(model, "secrets", true, diag);
	check_resources(model, "configs", true, diag);
}

/* Cycles. */

/* Follow dependencies of @name; @path: the way to it. Returns true for a
 * cycle, which was reported. */
static bool
find_cycle(const struct node *services, const char *name, struct strvec *path,
	   struct map *done, struct diag *diag)
{
	const struct node *body = node_get(services, name);
	const struct node *depends = node_get(body, "depends_on");
	bool found = false;

	if (map_has(done, name))
		return false;
	strvec_add(path, name);
	for (size_t i = 0; !found && i < node_len(depends); i++) {
		const char *next = node_key_at(depends, i);
		cleanup_strbuf struct strbuf way = STRBUF_INIT;
		bool inside = false;

		if (!strvec_has(path, next)) {
			found = find_cycle(services, next, path, done, diag);
			continue;
		}
		for (size_t k = 0; k < path->len; k++) {
			inside = inside || !strcmp(path->v[k], next);
			if (inside)
				strbuf_addf(&way, "%s -> ", path->v[k]);
		}
		diag_at(diag, node_value_at(depends, i),
			"dependency cycle detected: %s%s", way.buf, next);
		diag_hint(diag, "one of them must start first");
		found = true;
	}
	strvec_remove(path, path->len - 1);
	(void)map_set(done, name, done);
	return found;
}

void
consistency_check_cycles(const struct node *model, struct diag *diag)
{
	const struct node *services = node_get(model, "services");
	cleanup_strvec struct strvec path = STRVEC_INIT;
	struct map done = MAP_INIT;

	for (size_t i = 0; i < node_len(services); i++)
		if (find_cycle(services, node_key_at(services, i), &path, &done,
			       diag))
			break;
	map_release(&done);
}
