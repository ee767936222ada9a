/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/event_text.h - what happened, as "events" and "compose events" print it.
 */
#ifndef DHOW_CLI_EVENT_TEXT_H
#define DHOW_CLI_EVENT_TEXT_H

#include "base/strbuf.h"
#include "data/node.h"

/* TIME TYPE ACTION ID (KEY=VALUE, …) */
void event_text_add(struct strbuf *out, const struct node *event);

/*
 * As of a project: the labels that compose gives are left out, and the
 * service has a member of its own.
 */
void event_text_add_project(struct strbuf *out, const struct node *event,
			    bool is_json);

#endif
