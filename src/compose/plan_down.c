/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_down.c - stop and remove, what depends on others first.
 *
 * Works from labels where there are no files.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/config_print.h"
#include "compose/plan_input.h"

struct down {
	const struct plan_input *in;
	struct plan *plan;
	struct strvec order; /* services, dependencies first */
	size_t *removed;     /* steps after which containers are gone */
	size_t removed_count, removed_cap;
};

static bool
is_whole(const struct plan_input *in)
{
	return !in->named || !in->named->len;
}

/* Services to take down: those named, or all that have containers. */
static void
list_services(struct down *d)
{
	cleanup_strvec struct strvec all = STRVEC_INIT;
	const struct world *world = d->in->world;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		bool meant = is_whole(d->in) ? !(d->in->project->model &&
						 plan_is_orphan(d->in, one)) ||
						       d->in->remove_orphans
					     : strvec_has(d->in->services,
							  one->service);

		if (d->in->project->model && is_whole(d->in) &&
		    node_get(d->in->project->disabled, one->service))
			continue;
		if (meant && !strvec_has(&all, one->service))
			strvec_add(&all, one->service);
	}
	plan_order(d->in, &all, &d->order);
	for (size_t i = 0; i < all.len; i++)
		if (!strvec_has(&d->order, all.v[i]))
			strvec_add(&d->order, all.v[i]);
}

/* Stops of whoever depends on @service come first. */
static void
need_dependants(struct down *d, size_t upto, const char *service, size_t at)
{
	for (size_t i = 0; i < upto; i++) {
		const struct plan_step *step = &d->plan->steps[i];
		cleanup_strvec struct strvec depends = STRVEC_INIT;

		if (!step->service || strcmp(step->doing, "Stopping") != 0)
			continue;
		plan_depends(d->in, step->service, &depends);
		if (strvec_has(&depends, service))
			plan_need(d->plan, at, i);
	}
}

static void
remove_container(struct down *d, const struct world_container *one)
{
	cleanup_free char *subject = plan_subject("Container", one->name);
	size_t before = d->plan->len, stop = PLAN_NONE, at;

	if (container_status_is_live(one->status)) {
		stop = plan_stop_one(d->in, d->plan, one);
		need_dependants(d, before, one->service, stop);
	}
	at = plan_add(d->plan, PLAN_COMMAND, subject, "Removing", "Removed");
	plan_words(d->plan, at, "rm", "--force");
	if (d->in->volumes)
		plan_words(d->plan, at, "--volumes");
	plan_words(d->plan, at, one->id);
	plan_need(d->plan, at, stop);
	array_push(d->removed, d->removed_count, d->removed_cap, at);
}

static void
remove_containers(struct down *d)
{
	const struct world *world = d->in->world;

	for (size_t i = d->order.len; i; i--)
		for (size_t k = 0; k < world->container_count; k++)
			if (!strcmp(world->containers[k].service,
				    d->order.v[i - 1]))
				remove_container(d, &world->containers[k]);
}

static size_t
add_removal(struct down *d, const char *kind, const char *noun,
	    const char *name)
{
	cleanup_free char *subject = plan_subject(kind, name);
	size_t at =
		plan_add(d->plan, PLAN_COMMAND, subject, "Removing", "Removed");

	d->plan->steps[at].optional = true;
	d->plan->steps[at].skipped = "Resource is still in use";
	plan_words(d->plan, at, noun, "rm", name);
	for (size_t i = 0; i < d->removed_count; i++)
		plan_need(d->plan, at, d->removed[i]);
	return at;
}

static bool
is_ours(const struct down *d, const struct world_object *one)
{
	const char *owner = world_label(&one->labels, LABEL_PROJECT);

	return owner && !strcmp(owner, d->in->project->name);
}

/* Does the file know it, and as its own? */
static bool
is_known(const struct down *d, const char *kind, const char *label,
	 const struct world_object *one)
{
	const char *key = world_label(&one->labels, label);
	const struct node *all = node_get(d->in->project->model, kind);

	if (!d->in->project->model)
		return true;
	return key && node_get(all, key) &&
	       !node_get_bool(node_get(all, key), "external", false);
}

static void
remove_networks(struct down *d)
{
	const struct world *world = d->in->world;

	for (size_t i = 0; i < world->network_count; i++) {
		const struct world_object *one = &world->networks[i];

		if (!is_ours(d, one))
			continue;
		(void)add_removal(d, "Network", "network", one->name);
	}
}

/* Volumes without a name went with their containers, but for those that were
 * carried over into a new one. */
static void
remove_carried(struct down *d)
{
	const struct world *world = d->in->world;

	for (size_t i = 0; i < world->container_count; i++)
		for (size_t k = 0; k < world->containers[i].anonymous.len;
		     k++) {
			const char *text = world->containers[i].anonymous.v[k];
			const char *name = strchr(text, '\t') + 1;
			size_t at;

			if (!strvec_has(&d->order,
					world->containers[i].service))
				continue;
			at = add_removal(d, "Volume", "volume", name);
			plan_words(d->plan, at, "--force");
			d->plan->steps[at].quiet = true;
		}
}

static void
remove_volumes(struct down *d)
{
	const struct world *world = d->in->world;

	for (size_t i = 0; i < world->volume_count; i++) {
		const struct world_object *one = &world->volumes[i];

		if (!is_ours(d, one) ||
		    !is_known(d, "volumes", LABEL_VOLUME, one))
			continue;
		(void)add_removal(d, "Volume", "volume", one->name);
	}
	remove_carried(d);
}

static void
remove_images(struct down *d)
{
	const struct node *services = project_services(d->in->project);
	struct map seen = MAP_INIT;

	for (size_t i = 0; i < node_len(services); i++) {
		const char *name = node_key_at(services, i);
		bool has_name = node_get(node_value_at(services, i), "image");
		cleanup_free char *image = NULL;

		if (has_name && !strcmp(d->in->rmi, "local"))
			continue;
		if (!is_whole(d->in) && !strvec_has(d->in->services, name))
			continue;
		image = config_print_image(d->in->project, name,
					   d->in->underscore);
		if (map_has(&seen, image) || !*world_image(d->in->world, image))
			continue;
		(void)map_set(&seen, image, d);
		(void)add_removal(d, "Image", "image", image);
	}
	map_release(&seen);
}

void
plan_down(const struct plan_input *in, struct plan *plan)
{
	struct down d = { .in = in, .plan = plan, .order = STRVEC_INIT };

	list_services(&d);
	remove_containers(&d);
	remove_networks(&d);
	if (in->volumes)
		remove_volumes(&d);
	if (in->rmi)
		remove_images(&d);
	strvec_release(&d.order);
	free(d.removed);
}
