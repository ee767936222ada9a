/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/events.h - what happens to a container, for "dhow events".
 */
#ifndef DHOW_CONTAINER_EVENTS_H
#define DHOW_CONTAINER_EVENTS_H

#include "container/lookup.h"
#include "container/spec.h"
#include "store/store.h"

/*
 * Note that @action ("start", "die", …) happened: with image, name, labels
 * and what else there is to say.
 *
 * @extra: "exitCode=0" and the like; may be NULL
 */
void container_event(struct store *store, const struct container_spec *spec,
		     const char *action, const struct strvec *extra);
/* The same for who has no spec at hand. */
void container_event_of(struct store *store, const struct container *container,
			const char *action, const struct strvec *extra);

/*
 * It started: with the networks it has joined and the volumes it mounts.
 * @state:    has its endpoints
 * @attached: who started it had attached to it before
 */
void container_event_start(struct store *store,
			   const struct container_spec *spec,
			   const struct container_state *state, bool attached);
/* Its process ended: it left them. @stopped: it was asked to. */
void container_event_end(struct store *store, const struct container_spec *spec,
			 const struct container_state *state, bool stopped);

#endif
