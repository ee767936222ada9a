/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/world.c - what there is of a project.
 */
#include "compose/world.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "container/lookup.h"
#include "container/networks.h"
#include "store/image.h"
#include "store/netdef.h"
#include "store/secret.h"
#include "store/volume.h"

void
world_release(struct world *world)
{
	for (size_t i = 0; i < world->container_count; i++) {
		struct world_container *one = &world->containers[i];

		free(one->id);
		free(one->name);
		free(one->project);
		free(one->service);
		strvec_release(&one->labels);
		strvec_release(&one->networks);
		strvec_release(&one->volumes);
		strvec_release(&one->anonymous);
	}
	for (size_t i = 0; i < world->network_count; i++) {
		free(world->networks[i].name);
		strvec_release(&world->networks[i].labels);
	}
	for (size_t i = 0; i < world->volume_count; i++) {
		free(world->volumes[i].name);
		strvec_release(&world->volumes[i].labels);
	}
	for (map_each(e, &world->images))
		free(e->value);
	map_release(&world->images);
	strvec_release(&world->secrets);
	free(world->containers);
	free(world->networks);
	free(world->volumes);
	*world = (struct world)WORLD_INIT;
}

const char *
world_label(const struct strvec *labels, const char *key)
{
	return strvec_env_get(labels, key);
}

static void
labels_from_object(const struct node *obj, struct strvec *labels)
{
	for (size_t i = 0; i < node_len(obj); i++)
		strvec_addf(labels, "%s=%s", node_key_at(obj, i),
			    node_str_or(node_value_at(obj, i), ""));
}

/* Names of volumes; "TARGET\tNAME" of each whose name nobody chose. */
static void
read_mounts(const struct node *config, struct strvec *volumes,
	    struct strvec *anonymous)
{
	const struct node *mounts = node_get(config, "Mounts");

	for (size_t i = 0; i < node_len(mounts); i++) {
		const struct node *one = node_at(mounts, i);
		const char *source = node_get_str(one, "Source");
		const char *target = node_get_str(one, "Target");

		if (!source || !target ||
		    strcmp(node_str_or(node_get(one, "Type"), ""), "volume"))
			continue;
		strvec_add(volumes, source);
		if (text_is_hex_of(source, 64))
			strvec_addf(anonymous, "%s\t%s", target, source);
	}
}

static void
add_container(struct world *world, const struct container *found)
{
	struct world_container one = {
		.id = xstrdup(found->id),
		.name = xstrdup(found->name),
		.status = found->state.status,
		.exit_code = found->state.exit_code,
		.health = found->state.health.status,
		.created_ns = node_get_int(found->config, "Created", 0),
	};
	const char *number, *oneoff;
	uint64_t value = 0;

	node_get_strvec(found->config, "Labels", &one.labels);
	container_network_names(found, &one.networks);
	read_mounts(found->config, &one.volumes, &one.anonymous);
	number = world_label(&one.labels, LABEL_NUMBER);
	oneoff = world_label(&one.labels, LABEL_ONEOFF);
	if (number)
		(void)units_parse_u64(number, 0, INT32_MAX, &value, NULL);
	one.number = (int)value;
	one.oneoff = oneoff && !strcasecmp(oneoff, "true");
	one.service = xstrdup(world_label(&one.labels, LABEL_SERVICE) ?: "");
	one.project = xstrdup(world_label(&one.labels, LABEL_PROJECT) ?: "");
	array_push(world->containers, world->container_count,
		   world->container_cap, one);
}

static int
read_containers(struct session *session, const char *project,
		struct world *world, struct err *err)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	int r = container_list(session, &all, err);

	for (size_t i = 0; r == 0 && i < all.len; i++) {
		cleanup_strvec struct strvec labels = STRVEC_INIT;
		const char *owner;

		node_get_strvec(all.items[i].config, "Labels", &labels);
		owner = world_label(&labels, LABEL_PROJECT);
		if (owner && (!project || !strcmp(owner, project)))
			add_container(world, &all.items[i]);
	}
	world_sort(world);
	return r;
}

static int
read_networks(struct store *store, struct world *world, struct err *err)
{
	cleanup_netdef_vec struct netdef_vec all = NETDEF_VEC_INIT;
	int r = netdef_list(store, &all, err);

	for (size_t i = 0; r == 0 && i < all.len; i++) {
		struct world_object one = {
			.name = xstrdup(all.items[i].name),
		};

		labels_from_object(all.items[i].labels, &one.labels);
		array_push(world->networks, world->network_count,
			   world->network_cap, one);
	}
	return r;
}

static int
read_volumes(struct store *store, struct world *world, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = volume_list(store, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++) {
		cleanup_volume struct volume volume = VOLUME_INIT;
		struct world_object one = { .name = NULL };

		if (volume_open(store, names.v[i], &volume, NULL) < 0)
			continue;
		one.name = xstrdup(names.v[i]);
		labels_from_object(node_get(volume.doc, "labels"), &one.labels);
		array_push(world->volumes, world->volume_count,
			   world->volume_cap, one);
	}
	return r;
}

int
world_read(struct session *session, const char *project, struct world *world,
	   struct err *err)
{
	struct store *store;
	int r = session_store(session, &store, err);

	if (r == 0)
		r = read_containers(session, project, world, err);
	if (r == 0)
		r = read_networks(store, world, err);
	return r < 0 ? r : read_volumes(store, world, err);
}

int
world_read_image(struct session *session, const char *name, struct world *world,
		 struct err *err)
{
	struct image_row row = { .line = NULL };
	struct store *store;
	int r = session_store(session, &store, err);

	if (r < 0)
		return r;
	r = image_find(store, name, &row, NULL, err);
	if (r < 0 && r != -ENOENT)
		return r;
	free(map_set(&world->images, name, xstrdup(r < 0 ? "" : row.id.text)));
	if (r == 0)
		image_row_release(&row);
	err_reset(err);
	return 0;
}

int
world_read_secret(struct session *session, const char *name,
		  struct world *world, struct err *err)
{
	cleanup_secret struct secret secret = SECRET_INIT;
	struct store *store;
	int r = session_store(session, &store, err);

	if (r == 0)
		r = secret_find(store, name, &secret, err);
	if (r == -ENOENT) {
		err_reset(err);
		return 0;
	}
	if (r == 0)
		strvec_add(&world->secrets, name);
	return r;
}

const char *
world_image(const struct world *world, const char *name)
{
	const char *id = map_get(&world->images, name);

	return id ? id : "";
}

static const struct world_object *
find_object(const struct world_object *items, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(items[i].name, name))
			return &items[i];
	return NULL;
}

const struct world_object *
world_network(const struct world *world, const char *name)
{
	return find_object(world->networks, world->network_count, name);
}

const struct world_object *
world_volume(const struct world *world, const char *name)
{
	return find_object(world->volumes, world->volume_count, name);
}

const struct world_container *
world_find(const struct world *world, const char *service, int number)
{
	const struct world_container *any = NULL;

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];

		if (one->oneoff || strcmp(one->service, service) != 0)
			continue;
		if (number ? one->number == number
			   : container_status_is_live(one->status))
			return one;
		if (!any)
			any = one;
	}
	return number ? NULL : any;
}

static int
compare(const void *a, const void *b)
{
	const struct world_container *x = a, *y = b;
	int order = strcmp(x->project, y->project);

	if (!order)
		order = strcmp(x->service, y->service);
	if (!order)
		order = (x->number > y->number) - (x->number < y->number);
	return order ? order : strcmp(x->name, y->name);
}

void
world_sort(struct world *world)
{
	if (world->container_count)
		qsort(world->containers, world->container_count,
		      sizeof(*world->containers), compare);
}
