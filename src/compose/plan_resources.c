/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_resources.c - what containers need before they are made.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/config_print.h"
#include "compose/container_words_priv.h"
#include "compose/plan_input.h"
#include "compose/plan_renew.h"
#include "compose/schema.h"

struct making {
	const struct plan_input *in;
	struct plan *plan;
	size_t *ready;
	size_t len, cap;
	struct err *err;
};

static bool
uses(const struct plan_input *in, const char *kind, const char *key)
{
	for (size_t i = 0; i < in->services->len; i++) {
		const struct node *list = node_get(
			project_service(in->project, in->services->v[i]), kind);

		if (node_kind(list) == NODE_OBJ && node_get(list, key))
			return true;
		for (size_t k = 0;
		     node_kind(list) == NODE_ARR && k < node_len(list); k++)
			if (!strcmp(node_str_or(node_get(node_at(list, k),
							 "source"),
						""),
				    key))
				return true;
	}
	return false;
}

static void
add_flag(struct making *m, size_t at, const char *flag, const char *value)
{
	if (value)
		plan_words(m->plan, at, flag, value);
}

static void
add_pairs(struct making *m, size_t at, const char *flag, const struct node *map)
{
	for (size_t i = 0; i < node_len(map); i++) {
		cleanup_free char *pair =
			xasprintf("%s=%s", node_key_at(map, i),
				  node_str_or(node_value_at(map, i), ""));

		add_flag(m, at, flag, pair);
	}
}

static void
add_labels(struct making *m, size_t at, const char *kind, const char *key,
	   const struct node *body)
{
	const char *own =
		!strcmp(kind, "networks") ? LABEL_NETWORK : LABEL_VOLUME;
	char hash[HASH256_HEX_BYTES];
	const struct {
		const char *key, *value;
	} labels[] = {
		{ LABEL_PROJECT, m->in->project->name },
		{ LABEL_VERSION, WORDS_VERSION },
		{ own, key },
		{ LABEL_HASH, hash },
	};

	config_print_resource_hash(m->in->project, kind, key, hash);
	add_pairs(m, at, "--label", node_get(body, "labels"));
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		cleanup_free char *pair =
			xasprintf("%s=%s", labels[i].key, labels[i].value);

		add_flag(m, at, "--label", pair);
	}
}

static void
add_pools(struct making *m, size_t at, const struct node *ipam)
{
	const struct node *pools = node_get(ipam, "config");

	add_flag(m, at, "--ipam-driver", node_get_str(ipam, "driver"));
	add_pairs(m, at, "--ipam-opt", node_get(ipam, "options"));
	for (size_t i = 0; i < node_len(pools); i++) {
		const struct node *pool = node_at(pools, i);

		add_flag(m, at, "--subnet", node_get_str(pool, "subnet"));
		add_flag(m, at, "--gateway", node_get_str(pool, "gateway"));
		add_flag(m, at, "--ip-range", node_get_str(pool, "ip_range"));
		add_pairs(m, at, "--aux-address",
			  node_get(pool, "aux_addresses"));
	}
}

static size_t
create_network(struct making *m, const char *key, const struct node *body)
{
	const char *name = node_str_or(node_get(body, "name"), key);
	cleanup_free char *subject = plan_subject("Network", name);
	size_t at =
		plan_add(m->plan, PLAN_COMMAND, subject, "Creating", "Created");

	plan_words(m->plan, at, "network", "create");
	add_flag(m, at, "--driver", node_get_str(body, "driver"));
	add_pairs(m, at, "--opt", node_get(body, "driver_opts"));
	if (node_get_bool(body, "internal", false))
		plan_words(m->plan, at, "--internal");
	if (node_get_bool(body, "attachable", false))
		plan_words(m->plan, at, "--attachable");
	if (node_get_bool(body, "enable_ipv6", false))
		plan_words(m->plan, at, "--ipv6");
	add_pools(m, at, node_get(body, "ipam"));
	add_labels(m, at, "networks", key, body);
	plan_words(m->plan, at, name);
	array_push(m->ready, m->len, m->cap, at);
	return at;
}

static size_t
create_volume(struct making *m, const char *key, const struct node *body)
{
	const char *name = node_str_or(node_get(body, "name"), key);
	cleanup_free char *subject = plan_subject("Volume", name);
	size_t at =
		plan_add(m->plan, PLAN_COMMAND, subject, "Creating", "Created");

	plan_words(m->plan, at, "volume", "create");
	add_flag(m, at, "--driver", node_get_str(body, "driver"));
	add_pairs(m, at, "--opt", node_get(body, "driver_opts"));
	add_labels(m, at, "volumes", key, body);
	plan_words(m->plan, at, name);
	array_push(m->ready, m->len, m->cap, at);
	return at;
}

/* One of somebody else, or of another project? */
static void
warn_foreign(struct making *m, const char *kind, const struct world_object *one)
{
	const char *owner = world_label(&one->labels, LABEL_PROJECT);

	if (owner && !strcmp(owner, m->in->project->name))
		return;
	strvec_addf(
		&m->plan->warnings,
		"a %s with name %s exists but was not created by compose for project %s; set `external: true` to use an existing one",
		kind, one->name, m->in->project->name);
}

static bool
is_predefined(const char *name)
{
	return !strcmp(name, "bridge") || !strcmp(name, "host") ||
	       !strcmp(name, "none");
}

static void
warn_changed(struct making *m, const char *kind, const char *name)
{
	strvec_addf(&m->plan->warnings,
		    "%s %s is not as the files have it now, and stays as it is",
		    kind, name);
}

static void
renew_network(struct making *m, const char *key, const struct node *body)
{
	const char *name = node_str_or(node_get(body, "name"), key);
	size_t removed = plan_renew_network(m->in, m->plan, name);
	size_t at = create_network(m, key, body);

	plan_need(m->plan, at, removed);
	plan_renew_resume(m->in, m->plan, name, at);
}

static void
renew_volume(struct making *m, const char *key, const struct node *body)
{
	const char *name = node_str_or(node_get(body, "name"), key);
	size_t removed = plan_renew_volume(m->in, m->plan, key, name);

	plan_need(m->plan, create_volume(m, key, body), removed);
}

static int
make_network(struct making *m, const char *key, const struct node *body)
{
	const char *name = node_str_or(node_get(body, "name"), key);
	const struct world_object *have = world_network(m->in->world, name);

	if (node_get_bool(body, "external", false)) {
		if (have || is_predefined(name))
			return 0;
		(void)node_err(
			body, m->err, ENOENT,
			"network %s declared as external, but could not be found",
			name);
		err_hint(m->err, "make it with: dhow network create %s", name);
		return -ENOENT;
	}
	if (!have)
		(void)create_network(m, key, body);
	else if (plan_renew_wants_network(m->in, key))
		renew_network(m, key, body);
	else if (plan_network_changed(m->in, key))
		warn_changed(m, "network", name);
	else
		warn_foreign(m, "network", have);
	return 0;
}

static int
make_volume(struct making *m, const char *key, const struct node *body)
{
	const char *name = node_str_or(node_get(body, "name"), key);
	const struct world_object *have = world_volume(m->in->world, name);

	if (node_get_bool(body, "external", false)) {
		if (have)
			return 0;
		(void)node_err(
			body, m->err, ENOENT,
			"volume %s declared as external, but could not be found",
			name);
		err_hint(m->err, "make it with: dhow volume create %s", name);
		return -ENOENT;
	}
	if (!have)
		(void)create_volume(m, key, body);
	else if (plan_renew_wants_volume(m->in, key))
		renew_volume(m, key, body);
	else if (plan_volume_changed(m->in, key))
		warn_changed(m, "volume", name);
	else
		warn_foreign(m, "volume", have);
	return 0;
}

static int
find_secret(struct making *m, const char *name, const struct node *grant)
{
	if (strvec_has(&m->in->world->secrets, name))
		return 0;
	(void)node_err(grant, m->err, ENOENT,
		       "secret %s declared as external, but could not be found",
		       name);
	err_hint(m->err, "make it with: dhow secret create %s FILE", name);
	return -ENOENT;
}

/* Grants whose text is not a file's own: written where it can be mounted. */
static int
write_grant(struct making *m, const char *kind, const struct node *grant)
{
	const char *source = node_str_or(node_get(grant, "source"), "");
	const struct node *one =
		node_get(node_get(m->in->project->model, kind), source);
	const char *variable = node_get_str(one, "environment");
	const char *file = node_get_str(one, "file");
	const char *text = node_get_str(one, "content");
	cleanup_free char *path = NULL;
	cleanup_free char *mode = NULL;
	cleanup_free char *subject = NULL;
	size_t at;

	/* Configs have no store: told where one would be mounted. */
	if (node_get_bool(one, "external", false))
		return *kind == 'c'
			       ? 0
			       : find_secret(m,
					     node_str_or(node_get(one, "name"),
							 ""),
					     grant);
	path = container_words_grant_file(m->in->secrets_dir,
					  m->in->project->name, kind, grant,
					  one, &mode);
	if (file && !strcmp(path, file))
		return 0;
	if (variable) {
		text = project_env_get(&m->in->project->env, variable);
		if (!text)
			return node_err(node_get(one, "environment"), m->err,
					ENOENT,
					"%s '%s': the variable '%s' is not set",
					kind, source, variable);
	}
	subject = plan_subject(*kind == 's' ? "Secret" : "Config", source);
	at = plan_add(m->plan, PLAN_WRITE, subject, "Writing", "Written");
	m->plan->steps[at].quiet = true;
	plan_words(m->plan, at, path, mode, file ? "file" : "text",
		   file   ? file
		   : text ? text
			  : "");
	array_push(m->ready, m->len, m->cap, at);
	return 0;
}

static int
make_grants(struct making *m, const char *kind)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < m->in->services->len; i++) {
		const struct node *list = node_get(
			project_service(m->in->project, m->in->services->v[i]),
			kind);

		for (size_t k = 0; r == 0 && k < node_len(list); k++)
			r = write_grant(m, kind, node_at(list, k));
	}
	return r;
}

int
plan_resources(const struct plan_input *in, struct plan *plan,
	       size_t **ret_ready, size_t *ret_count, struct err *err)
{
	struct making m = { .in = in, .plan = plan, .err = err };
	const struct node *networks = node_get(in->project->model, "networks");
	const struct node *volumes = node_get(in->project->model, "volumes");
	int r = 0;

	for (size_t i = 0; r == 0 && i < node_len(networks); i++)
		if (uses(in, "networks", node_key_at(networks, i)))
			r = make_network(&m, node_key_at(networks, i),
					 node_value_at(networks, i));
	for (size_t i = 0; r == 0 && i < node_len(volumes); i++)
		if (uses(in, "volumes", node_key_at(volumes, i)))
			r = make_volume(&m, node_key_at(volumes, i),
					node_value_at(volumes, i));
	if (r == 0)
		r = make_grants(&m, "secrets");
	if (r == 0)
		r = make_grants(&m, "configs");
	if (r < 0) {
		free(m.ready);
		return r;
	}
	*ret_ready = m.ready;
	*ret_count = m.len;
	return 0;
}
