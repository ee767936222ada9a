/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_renew.c - networks and volumes that are not as the files have
 * them now.
 */
#include "compose/plan_renew.h"

#include <string.h>

#include "base/alloc.h"
#include "compose/config_print.h"

static bool
is_changed(const struct plan_input *in, const char *kind, const char *key,
	   const struct world_object *have)
{
	const struct node *body =
		node_get(node_get(in->project->model, kind), key);
	const char *was = have ? world_label(&have->labels, LABEL_HASH) : NULL;
	const char *owner =
		have ? world_label(&have->labels, LABEL_PROJECT) : NULL;
	char hash[HASH256_HEX_BYTES];

	if (!was || !owner || strcmp(owner, in->project->name) != 0 ||
	    node_get_bool(body, "external", false))
		return false;
	config_print_resource_hash(in->project, kind, key, hash);
	return strcmp(was, hash) != 0;
}

static const char *
name_of(const struct plan_input *in, const char *kind, const char *key)
{
	const struct node *body =
		node_get(node_get(in->project->model, kind), key);

	return node_str_or(node_get(body, "name"), key);
}

bool
plan_network_changed(const struct plan_input *in, const char *key)
{
	const char *name = name_of(in, "networks", key);

	return is_changed(in, "networks", key, world_network(in->world, name));
}

bool
plan_volume_changed(const struct plan_input *in, const char *key)
{
	const char *name = name_of(in, "volumes", key);

	return is_changed(in, "volumes", key, world_volume(in->world, name));
}

bool
plan_renew_wants_network(const struct plan_input *in, const char *key)
{
	return !in->no_recreate && plan_network_changed(in, key);
}

bool
plan_renew_wants_volume(const struct plan_input *in, const char *key)
{
	return in->renew_volumes && strvec_has(in->renew_volumes, key) &&
	       plan_volume_changed(in, key);
}

static bool
uses_volume(const struct node *service, const char *key)
{
	const struct node *volumes = node_get(service, "volumes");

	for (size_t i = 0; i < node_len(volumes); i++) {
		const struct node *one = node_at(volumes, i);

		if (!strcmp(node_str_or(node_get(one, "type"), ""), "volume") &&
		    !strcmp(node_str_or(node_get(one, "source"), ""), key))
			return true;
	}
	return false;
}

bool
plan_renew_takes(const struct plan_input *in, const struct node *service)
{
	for (size_t i = 0; in->renew_volumes && i < in->renew_volumes->len; i++)
		if (uses_volume(service, in->renew_volumes->v[i]) &&
		    plan_renew_wants_volume(in, in->renew_volumes->v[i]))
			return true;
	return false;
}

static size_t
add_removal(struct plan *plan, const char *kind, const char *command,
	    const char *name)
{
	cleanup_free char *subject = plan_subject(kind, name);
	size_t at =
		plan_add(plan, PLAN_COMMAND, subject, "Removing", "Removed");

	plan_words(plan, at, command, "rm", name);
	plan_why(plan, at, "its definition changed");
	return at;
}

static bool
is_on(const struct world_container *one, const char *network)
{
	return strvec_has(&one->networks, network) &&
	       container_status_is_live(one->status);
}

size_t
plan_renew_network(const struct plan_input *in, struct plan *plan,
		   const char *name)
{
	const struct world *world = in->world;
	size_t before = plan->len, stopped, at;

	for (size_t i = 0; i < world->container_count; i++)
		if (is_on(&world->containers[i], name) &&
		    plan_find_stop(plan, &world->containers[i]) == PLAN_NONE)
			(void)plan_stop_one(in, plan, &world->containers[i]);
	stopped = plan->len;
	at = add_removal(plan, "Network", "network", name);
	for (size_t i = before; i < stopped; i++)
		plan_need(plan, at, i);
	/* Stopped for another network that is made again. */
	for (size_t i = 0; i < world->container_count; i++)
		if (is_on(&world->containers[i], name))
			plan_need(plan, at,
				  plan_find_stop(plan, &world->containers[i]));
	return at;
}

void
plan_renew_resume(const struct plan_input *in, struct plan *plan,
		  const char *name, size_t after)
{
	const struct world *world = in->world;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		cleanup_free char *subject = NULL;
		size_t at;

		if (!is_on(one, name) ||
		    (strvec_has(in->services, one->service) && !one->oneoff))
			continue;
		subject = plan_subject("Container", one->name);
		at = plan_add(plan, PLAN_COMMAND, subject, "Starting",
			      "Started");
		plan_words(plan, at, "start", one->id);
		plan_why(plan, at, "its network was made again");
		plan_need(plan, at, after);
	}
}

size_t
plan_renew_volume(const struct plan_input *in, struct plan *plan,
		  const char *key, const char *name)
{
	const struct world *world = in->world;
	size_t before = plan->len, removed, at;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		cleanup_free char *subject = NULL;
		size_t stop = PLAN_NONE;

		if (!uses_volume(project_service(in->project, one->service),
				 key))
			continue;
		if (container_status_is_live(one->status))
			stop = plan_stop_one(in, plan, one);
		subject = plan_subject("Container", one->name);
		at = plan_add(plan, PLAN_COMMAND, subject, "Removing",
			      "Removed");
		plan_words(plan, at, "rm", "--force", one->id);
		plan_why(plan, at, "a volume of it is made again");
		plan_need(plan, at, stop);
	}
	removed = plan->len;
	at = add_removal(plan, "Volume", "volume", name);
	for (size_t i = before; i < removed; i++)
		plan_need(plan, at, i);
	return at;
}
