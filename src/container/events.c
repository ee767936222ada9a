/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/events.c - what happens to a container, for "dhow events".
 */
#include "container/events.h"

#include "store/event_log.h"

struct events_subject {
	const char *id, *name, *image;
	const struct strvec *labels;
};

static void
events_add(struct store *store, const struct events_subject *subject,
	   const char *action, const struct strvec *extra)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;

	strvec_add_all(&attributes, subject->labels);
	strvec_addf(&attributes, "image=%s", subject->image ?: "");
	strvec_addf(&attributes, "name=%s", subject->name);
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
