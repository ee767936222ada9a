/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/network_connect.c - a container's networks, changed afterwards.
 */
#include "container/network_connect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "container/lookup.h"
#include "container/network_make.h"
#include "container/networking.h"

/* A container whose record is about to change. */
struct change {
	struct session *session;
	const struct netdef *def;
	struct container container;
	struct container_image image;
	struct container_spec spec;
	struct node *networks; /* of the record; borrowed */
};

static void
change_release(struct change *change)
{
	container_spec_release(&change->spec);
	container_image_release(&change->image);
	container_release(&change->container);
}

static int
change_open(struct change *change, const char *ref, struct err *err)
{
	int r = container_find(change->session, ref, &change->container, err);

	if (r == 0)
		r = container_load_spec(change->session, &change->container,
					&change->spec, &change->image, err);
	if (r < 0)
		return r;
	if (strcmp(change->def->driver, "bridge") != 0 ||
	    change->spec.net_mode != NET_MODE_BRIDGE)
		return err_set(
			err, EINVAL,
			"container '%s' cannot be on network '%s': it shares a namespace or has none, or the network is no bridge",
			change->container.name, change->def->name);
	change->networks = node_need_obj(change->container.config, "Networks");
	return 0;
}

static int
change_write(const struct change *change, struct err *err)
{
	return node_write_json_file(change->container.dirfd, "config.json",
				    change->container.config, 0600, 0, err);
}

static void
change_event(const struct change *change, const char *action)
{
	struct store *store;

	if (session_store(change->session, &store, NULL) == 0)
		network_event(store, change->def, action, change->container.id);
}

static int
connect_it(struct change *change, const struct network_spec *asked,
	   struct err *err)
{
	const struct container_state *state = &change->container.state;
	const char *name = change->def->name;
	int r;

	if (node_get(change->networks, name))
		return err_set(
			err, EEXIST,
			"endpoint with name %s already exists in network %s",
			change->container.name, name);
	node_set(change->networks, name, network_spec_to_node(asked));
	/* First the record: the container's watcher reads it. */
	r = change_write(change, err);
	if (r < 0 || !container_status_is_live(state->status) || !state->pid)
		return r;
	r = networking_attach(change->session, &change->spec, state->pid, asked,
			      err);
	if (r < 0) {
		(void)node_del(change->networks, name);
		(void)change_write(change, NULL);
	}
	return r;
}

int
network_connect(struct session *session, const struct netdef *def,
		const char *container, struct network_spec *asked,
		struct err *err)
{
	struct change change = {
		.session = session,
		.def = def,
		.container = CONTAINER_INIT,
	};
	int r;

	free(asked->name);
	asked->name = def->predefined ? NULL : xstrdup(def->name);
	asked->mode = def->predefined ? NETWORK_BRIDGE : NETWORK_NAMED;
	container_spec_init(&change.spec);
	r = change_open(&change, container, err);
	if (r == 0)
		r = connect_it(&change, asked, err);
	if (r == 0)
		change_event(&change, "connect");
	change_release(&change);
	return r;
}

static int
disconnect_it(struct change *change, bool force, struct err *err)
{
	const struct container_state *state = &change->container.state;
	const char *name = change->def->name;
	int r = 0;

	if (!node_del(change->networks, name))
		return force ? 0
			     : err_set(err, ENOENT,
				       "container %s is not connected to network %s",
				       change->container.name, name);
	if (container_status_is_live(state->status) && state->pid)
		r = networking_detach(change->session, change->container.id,
				      state->pid, name, err);
	if (r < 0 && !force)
		return r;
	if (err)
		err_reset(err);
	return change_write(change, err);
}

int
network_disconnect(struct session *session, const struct netdef *def,
		   const char *container, bool force, struct err *err)
{
	struct change change = {
		.session = session,
		.def = def,
		.container = CONTAINER_INIT,
	};
	int r;

	container_spec_init(&change.spec);
	r = change_open(&change, container, err);
	if (r == 0)
		r = disconnect_it(&change, force, err);
	if (r == 0)
		change_event(&change, "disconnect");
	change_release(&change);
	return r;
}
