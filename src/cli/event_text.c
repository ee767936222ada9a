/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/event_text.c - what happened, as "events" and "compose events" print it.
 */
#include "cli/event_text.h"

#include "base/text.h"
#include "base/units.h"
#include "compose/world.h"
#include "ui/width.h"

/* Labels are the words of images. */
static void
add_attributes(struct strbuf *out, const struct node *attributes,
	       const char *left_out)
{
	const char *before = " (";

	for (size_t i = 0; i < node_len(attributes); i++) {
		const char *key = node_key_at(attributes, i);

		if (left_out && text_starts(key, left_out))
			continue;
		strbuf_addstr(out, before);
		width_add_safe(out, span_of(key), "");
		strbuf_addch(out, '=');
		width_add_safe(
			out,
			span_of(node_str_or(node_value_at(attributes, i), "")),
			"");
		before = ", ";
	}
	if (*before == ',')
		strbuf_addch(out, ')');
}

void
event_text_add(struct strbuf *out, const struct node *event)
{
	const struct node *actor = node_get(event, "Actor");

	units_add_nano_time(out, node_get_int(event, "timeNano", 0), true);
	strbuf_addf(out, " %s %s %s", node_get_str(event, "Type"),
		    node_get_str(event, "Action"),
		    node_str_or(node_get(actor, "ID"), ""));
	add_attributes(out, node_get(actor, "Attributes"), NULL);
}

static void
add_project_json(struct strbuf *out, const struct node *event, const char *time)
{
	const struct node *actor = node_get(event, "Actor");
	const struct node *all = node_get(actor, "Attributes");
	cleanup_node struct node *doc = node_new_obj();
	struct node *kept = node_new_obj();

	for (size_t i = 0; i < node_len(all); i++)
		if (!text_starts(node_key_at(all, i), LABEL_PREFIX))
			node_set_str(kept, node_key_at(all, i),
				     node_str_or(node_value_at(all, i), ""));
	node_set_str(doc, "time", time);
	node_set_str(doc, "type", node_str_or(node_get(event, "Type"), ""));
	node_set_str(doc, "service",
		     node_str_or(node_get(all, LABEL_SERVICE), ""));
	node_set_str(doc, "id", node_str_or(node_get(actor, "ID"), ""));
	node_set_str(doc, "action", node_str_or(node_get(event, "Action"), ""));
	node_set(doc, "attributes", kept);
	node_write_json(out, doc, NODE_COMPACT);
}

void
event_text_add_project(struct strbuf *out, const struct node *event,
		       bool is_json)
{
	const struct node *actor = node_get(event, "Actor");
	cleanup_strbuf struct strbuf time = STRBUF_INIT;

	units_add_nano_time(&time, node_get_int(event, "timeNano", 0), false);
	if (is_json) {
		add_project_json(out, event, time.buf);
		return;
	}
	strbuf_addf(out, "%s %s %s %s", time.buf, node_get_str(event, "Type"),
		    node_get_str(event, "Action"),
		    node_str_or(node_get(actor, "ID"), ""));
	add_attributes(out, node_get(actor, "Attributes"), LABEL_PREFIX);
}
