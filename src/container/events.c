/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/events.c - what happens to a container, for "dhow events".
 */
#include "container/events.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/units.h"
#include "store/event_log.h"
#include "store/netdef.h"

struct events_subject {
	const char *id, *name, *image;
	const struct strvec *labels;
};

static void
events_describe(const struct events_subject *subject, struct strvec *attributes)
{
	strvec_add_all(attributes, subject->labels);
	strvec_addf(attributes, "image=%s", subject->image ?: "");
	strvec_addf(attributes, "name=%s", subject->name);
}

static void
events_add(struct store *store, const struct events_subject *subject,
	   const char *action, const struct strvec *extra)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;

	events_describe(subject, &attributes);
	if (extra)
		strvec_add_all(&attributes, extra);
	event_log_add(store, &(struct event){ .type = "container",
					      .action = action,
					      .id = subject->id,
					      .attributes = &attributes });
}

void
container_event(struct store *store, const struct container_spec *spec,
		const char *action, const struct strvec *extra)
{
	const struct events_subject subject = { spec->id, spec->name,
						spec->image_name,
						&spec->labels };

	events_add(store, &subject, action, extra);
}

void
container_event_of(struct store *store, const struct container *container,
		   const char *action, const struct strvec *extra)
{
	cleanup_strvec struct strvec labels = STRVEC_INIT;
	const struct events_subject subject = {
		container->id, container->name,
		node_get_str(container->config, "ImageName"), &labels
	};

	node_get_strvec(container->config, "Labels", &labels);
	events_add(store, &subject, action, extra);
}

/* What happened together, each with its attributes. */
struct events_batch {
	struct event *events;
	struct strvec *attributes;
	size_t len;
};

static struct strvec *
batch_add(struct events_batch *batch, const char *type, const char *action,
	  const char *id)
{
	struct strvec *attributes = &batch->attributes[batch->len];

	batch->events[batch->len++] =
		(struct event){ .type = type,
				.action = action,
				.id = id,
				.attributes = attributes };
	return attributes;
}

static void
batch_add_container(struct events_batch *batch,
		    const struct container_spec *spec, const char *action)
{
	const struct events_subject subject = { spec->id, spec->name,
						spec->image_name,
						&spec->labels };

	events_describe(&subject,
			batch_add(batch, "container", action, spec->id));
}

static void
batch_add_networks(struct events_batch *batch,
		   const struct container_spec *spec,
		   const struct container_state *state, const char *action)
{
	for (size_t i = 0; i < state->endpoint_count; i++) {
		const struct container_endpoint *at = &state->endpoints[i];
		const char *id = at->network_id && *at->network_id
					 ? at->network_id
					 : NETDEF_BRIDGE_ID;
		struct strvec *attributes =
			batch_add(batch, "network", action, id);

		strvec_addf(attributes, "container=%s", spec->id);
		strvec_addf(attributes, "name=%s", at->network ?: "bridge");
		strvec_add(attributes, "type=bridge");
	}
}

static void
batch_add_volumes(struct events_batch *batch, const struct container_spec *spec,
		  bool mounts)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		const struct mount_spec *mount = &spec->mounts.items[i];
		struct strvec *attributes;

		if (mount->kind != MOUNT_VOLUME || !mount->source)
			continue;
		attributes =
			batch_add(batch, "volume", mounts ? "mount" : "unmount",
				  mount->source);
		strvec_addf(attributes, "container=%s", spec->id);
		strvec_add(attributes, "driver=local");
		if (!mounts)
			continue;
		strvec_addf(attributes, "destination=%s", mount->target);
		strvec_addf(attributes, "propagation=%s",
			    mount_propagation_name(mount->propagation));
		strvec_addf(attributes, "read/write=%s",
			    mount->readonly ? "false" : "true");
	}
}

static void
batch_init(struct events_batch *batch, const struct container_spec *spec,
	   const struct container_state *state)
{
	size_t most = 2 + state->endpoint_count + spec->mounts.len;

	batch->events = xcalloc(most, sizeof(*batch->events));
	batch->attributes = xcalloc(most, sizeof(*batch->attributes));
}

static void
batch_write(struct events_batch *batch, struct store *store)
{
	event_log_add_all(store, batch->events, batch->len);
	for (size_t i = 0; i < batch->len; i++)
		strvec_release(&batch->attributes[i]);
	free(batch->attributes);
	free(batch->events);
}

void
container_event_start(struct store *store, const struct container_spec *spec,
		      const struct container_state *state, bool attached)
{
	struct events_batch batch = { .len = 0 };

	batch_init(&batch, spec, state);
	if (attached)
		batch_add_container(&batch, spec, "attach");
	batch_add_networks(&batch, spec, state, "connect");
	batch_add_volumes(&batch, spec, true);
	batch_add_container(&batch, spec, "start");
	batch_write(&batch, store);
}

void
container_event_end(struct store *store, const struct container_spec *spec,
		    const struct container_state *state, bool stopped)
{
	struct events_batch batch = { .len = 0 };
	struct strvec *died;

	batch_init(&batch, spec, state);
	batch_add_container(&batch, spec, "die");
	died = &batch.attributes[0];
	strvec_addf(died, "execDuration=%lld",
		    (long long)((state->finished_ns - state->started_ns) /
				UNITS_NS_PER_S));
	strvec_addf(died, "exitCode=%d", state->exit_code);
	batch_add_networks(&batch, spec, state, "disconnect");
	batch_add_volumes(&batch, spec, false);
	if (stopped)
		batch_add_container(&batch, spec, "stop");
	batch_write(&batch, store);
}
