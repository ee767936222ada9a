/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_start.c - starts, after what they depend on.
 */
#include <string.h>

#include "base/alloc.h"
#include "compose/plan_input.h"
#include "compose/plan_up_priv.h"
#include "compose/schema.h"

static bool
is_there(const struct up_member *m)
{
	return m->action != UP_REMOVE;
}

static bool
has_any(const struct up_service *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (is_there(&s->members[i]))
			return true;
	return false;
}

/* One wait per service and condition, for all of its containers. */
static size_t
add_wait(struct up *up, struct up_service *s, enum plan_until until,
	 bool required)
{
	size_t *slot = until == PLAN_UNTIL_HEALTHY ? &s->healthy : &s->done;
	cleanup_free char *subject = NULL;
	size_t at;

	if (*slot != PLAN_NONE || !has_any(s)) {
		if (*slot != PLAN_NONE && required)
			up->plan->steps[*slot].optional = false;
		return *slot;
	}
	subject = plan_subject("Container", s->members[0].name);
	at = plan_add(up->plan, PLAN_WAIT, subject, "Waiting",
		      until == PLAN_UNTIL_HEALTHY ? "Healthy" : "Exited");
	up->plan->steps[at].until = until;
	up->plan->steps[at].service = xstrdup(s->name);
	up->plan->steps[at].optional = !required;
	for (size_t i = 0; i < s->len; i++) {
		if (!is_there(&s->members[i]))
			continue;
		plan_words(up->plan, at, s->members[i].name);
		plan_need(up->plan, at, s->members[i].started);
	}
	*slot = at;
	return at;
}

/* What a container of @s waits for before it starts; appended to @needs. */
static void
add_dependency(struct up *up, struct up_service *on, const struct node *how,
	       size_t **needs, size_t *len, size_t *cap)
{
	const char *condition =
		node_str_or(node_get(how, "condition"), "service_started");
	bool required = node_get_bool(how, "required", true);

	if (!strcmp(condition, "service_healthy")) {
		size_t at = add_wait(up, on, PLAN_UNTIL_HEALTHY, required);

		array_push(*needs, *len, *cap, at);
	} else if (!strcmp(condition, "service_completed_successfully")) {
		size_t at = add_wait(up, on, PLAN_UNTIL_DONE, required);

		array_push(*needs, *len, *cap, at);
	}
	for (size_t i = 0; i < on->len; i++)
		if (on->members[i].started != PLAN_NONE)
			array_push(*needs, *len, *cap, on->members[i].started);
}

/* Something it depends on was replaced, and it asked to be started anew. */
static bool
follows_replaced(const struct up *up, const struct up_service *s)
{
	const struct node *depends = node_get(s->body, "depends_on");

	for (size_t i = 0; i < node_len(depends); i++) {
		const struct up_service *on =
			up_find(up, node_key_at(depends, i));

		if (on && on->replaced &&
		    node_get_bool(node_value_at(depends, i), "restart", false))
			return true;
	}
	return false;
}

static void
add_hooks(struct up *up, const struct up_service *s, struct up_member *m)
{
	const struct node *hooks = node_get(s->body, "post_start");

	for (size_t i = 0; i < node_len(hooks); i++)
		m->started = plan_add_hook(up->plan, m->name, node_at(hooks, i),
					   m->started);
}

static void
add_start(struct up *up, struct up_service *s, struct up_member *m,
	  const size_t *needs, size_t need_count)
{
	bool runs = m->action == UP_KEEP &&
		    container_status_is_live(m->have->status) &&
		    m->have->status != CONTAINER_PAUSED;
	bool again = runs && follows_replaced(up, s);
	cleanup_free char *subject = plan_subject("Container", m->name);
	size_t at;

	if (runs && !again) {
		at = plan_add(up->plan, PLAN_NOTE, subject, "Running",
			      "Running");
		up->plan->steps[at].service = xstrdup(s->name);
		return;
	}
	at = plan_add(up->plan, PLAN_COMMAND, subject,
		      again ? "Restarting" : "Starting", "Started");
	up->plan->steps[at].service = xstrdup(s->name);
	plan_words(up->plan, at, again ? "restart" : "start", m->name);
	if (again)
		plan_why(up->plan, at, "what it depends on was replaced");
	plan_need(up->plan, at, m->created);
	for (size_t i = 0; i < up->create_count; i++)
		plan_need(up->plan, at, up->creates[i]);
	for (size_t i = 0; i < need_count; i++)
		plan_need(up->plan, at, needs[i]);
	m->started = at;
	add_hooks(up, s, m);
}

static bool
has_start(const struct up *up, const struct up_service *s)
{
	for (size_t i = 0; i < s->len; i++) {
		const struct up_member *m = &s->members[i];

		if (is_there(m) && (m->action != UP_KEEP ||
				    !container_status_is_live(m->have->status)))
			return true;
	}
	return follows_replaced(up, s);
}

static void
start_service(struct up *up, struct up_service *s)
{
	const struct node *depends = node_get(s->body, "depends_on");
	size_t *needs = NULL;
	size_t len = 0, cap = 0;

	for (size_t i = 0; has_start(up, s) && i < node_len(depends); i++) {
		struct up_service *on = up_find(up, node_key_at(depends, i));

		if (on)
			add_dependency(up, on, node_value_at(depends, i),
				       &needs, &len, &cap);
	}
	for (size_t i = 0; i < s->len; i++)
		if (is_there(&s->members[i]))
			add_start(up, s, &s->members[i], needs, len);
	free(needs);
}

/* --wait: everything runs, is healthy, or was done with 0. */
static void
add_ready_waits(struct up *up)
{
	for (size_t i = 0; i < up->service_count; i++) {
		struct up_service *s = &up->services[i];

		for (size_t k = 0; k < s->len; k++) {
			struct up_member *m = &s->members[k];
			cleanup_free char *subject =
				plan_subject("Container", m->name);
			size_t at;

			if (!is_there(m))
				continue;
			at = plan_add(up->plan, PLAN_WAIT, subject, "Waiting",
				      "Healthy");
			up->plan->steps[at].until = PLAN_UNTIL_READY;
			up->plan->steps[at].service = xstrdup(s->name);
			plan_words(up->plan, at, m->name);
			plan_need(up->plan, at, m->started);
		}
	}
}

void
up_add_starts(struct up *up)
{
	for (size_t i = 0; i < up->service_count; i++)
		start_service(up, &up->services[i]);
	if (up->in->wait)
		add_ready_waits(up);
}

void
up_add_waits(struct up *up, const struct node *body)
{
	const struct node *depends = node_get(body, "depends_on");
	size_t *needs = NULL;
	size_t len = 0, cap = 0;

	for (size_t i = 0; i < node_len(depends); i++) {
		struct up_service *on = up_find(up, node_key_at(depends, i));

		if (on)
			add_dependency(up, on, node_value_at(depends, i),
				       &needs, &len, &cap);
	}
	free(needs);
}
