/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/event_log.h - what happened to the objects of a store.
 *
 * events.log in the store has one event a line, as Docker's JSON; a line is
 * one write() with O_APPEND, so several writers never mix. A log that grew to
 * EVENT_LOG_MAX_BYTES becomes events.log.1, and the one before is forgotten.
 * The words are Docker's (formats.md): container create, start, die, …
 */
#ifndef DHOW_STORE_EVENT_LOG_H
#define DHOW_STORE_EVENT_LOG_H

#include <stdint.h>

#include "base/follow.h"
#include "base/strvec.h"
#include "data/node.h"
#include "store/store.h"

#define EVENT_LOG_FILE "events.log"
#define EVENT_LOG_MAX_BYTES (4 << 20)

struct event {
	const char *type;   /* "container", "image", "volume", … */
	const char *action; /* "start" */
	const char *id;     /* of the object; a volume's name */
	const struct strvec *attributes; /* "k=v"; may be NULL */
};

/* Note it, now. A log that cannot be written fails nothing: it is logged. */
void event_log_add(struct store *store, const struct event *event);
/* Several that happened together, in their order, by one write. */
void event_log_add_all(struct store *store, const struct event *events,
		       size_t count);

/*
 * Read with base/follow.h: event_log_open() starts at the oldest event,
 * event_log_next() gives the next one, parsed, which the caller frees. A line
 * that is damaged is left out. Returns as follow_next() does.
 */
int event_log_open(struct store *store, struct follow *ret_follow,
		   struct err *err);
int event_log_next(struct follow *follow, struct node **ret_event,
		   struct err *err);

#endif
