/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_each.c - one command for each container of some services.
 */
#include <string.h>

#include "base/alloc.h"
#include "compose/plan_input.h"

struct verb_row {
	const char *word;
	const char *doing;
	const char *done;
	bool reverse; /* what depends on others comes first */
	bool ordered; /* one waits for the other */
};

static const struct verb_row verbs[] = {
	[PLAN_START] = { "start", "Starting", "Started", false, true },
	[PLAN_STOP] = { "stop", "Stopping", "Stopped", true, true },
	[PLAN_RESTART] = { "restart", "Restarting", "Started", false, true },
	[PLAN_KILL] = { "kill", "Killing", "Killed", false, false },
	[PLAN_REMOVE] = { "rm", "Removing", "Removed", true, false },
	[PLAN_PAUSE] = { "pause", "Pausing", "Paused", false, false },
	[PLAN_UNPAUSE] = { "unpause", "Unpausing", "Unpaused", false, false },
};

_Static_assert(ARRAY_LEN(verbs) == PLAN_VERB_COUNT, "a row for each verb");

/* Is there something for the verb to do? */
static bool
applies(const struct plan_verb_opts *opts, const struct world_container *one)
{
	bool live = container_status_is_live(one->status);

	switch (opts->verb) {
	case PLAN_START:
		return !live;
	case PLAN_STOP:
	case PLAN_KILL:
		return live;
	case PLAN_PAUSE:
		return one->status == CONTAINER_RUNNING;
	case PLAN_UNPAUSE:
		return one->status == CONTAINER_PAUSED;
	case PLAN_REMOVE:
		return !live || opts->stop;
	case PLAN_RESTART:
	case PLAN_VERB_COUNT:
		break;
	}
	return true;
}

/* Steps of those before it in the order; @after_dependants: the other way. */
static void
need_neighbours(const struct plan_input *in, struct plan *plan,
		const struct world_container *one, bool after_dependants,
		size_t upto, size_t at)
{
	cleanup_strvec struct strvec mine = STRVEC_INIT;

	plan_depends(in, one->service, &mine);
	for (size_t i = 0; i < upto; i++) {
		cleanup_strvec struct strvec theirs = STRVEC_INIT;
		const char *service = plan->steps[i].service;

		if (!service)
			continue;
		plan_depends(in, service, &theirs);
		if (after_dependants ? strvec_has(&theirs, one->service)
				     : strvec_has(&mine, service))
			plan_need(plan, at, i);
	}
}

static size_t
add_command(const struct plan_input *in, const struct plan_verb_opts *opts,
	    struct plan *plan, const struct world_container *one)
{
	const struct verb_row *row = &verbs[opts->verb];
	cleanup_free char *subject = plan_subject("Container", one->name);
	cleanup_free char *timeout = xasprintf("%ld", (long)in->timeout_s);
	size_t at;

	if (opts->verb == PLAN_STOP)
		return plan_stop_one(in, plan, one);
	at = plan_add(plan, PLAN_COMMAND, subject, row->doing, row->done);
	plan->steps[at].service = xstrdup(one->service);
	plan_words(plan, at, row->word);
	if (opts->verb == PLAN_RESTART && in->timeout_s >= 0)
		plan_words(plan, at, "--timeout", timeout);
	if (opts->verb == PLAN_KILL && opts->signal)
		plan_words(plan, at, "--signal", opts->signal);
	if (opts->verb == PLAN_REMOVE)
		plan_words(plan, at, "--force");
	if (opts->verb == PLAN_REMOVE && opts->volumes)
		plan_words(plan, at, "--volumes");
	plan_words(plan, at, one->id);
	return at;
}

static void
add_one(const struct plan_input *in, const struct plan_verb_opts *opts,
	struct plan *plan, const struct world_container *one)
{
	const struct verb_row *row = &verbs[opts->verb];
	size_t before = plan->len, stopped = PLAN_NONE, at;

	if (opts->verb == PLAN_REMOVE && container_status_is_live(one->status))
		stopped = plan_stop_one(in, plan, one);
	at = add_command(in, opts, plan, one);
	plan_need(plan, at, stopped);
	if (row->ordered)
		need_neighbours(in, plan, one, row->reverse, before, at);
}

/* "restart: true" of what depends on a service that is restarted. */
static void
add_followers(const struct plan_input *in, const struct plan_verb_opts *opts,
	      struct plan *plan)
{
	const struct node *services = project_services(in->project);
	size_t count = plan->len;

	for (size_t i = 0; i < node_len(services); i++) {
		const char *name = node_key_at(services, i);
		const struct node *depends =
			node_get(node_value_at(services, i), "depends_on");
		bool follows = false;

		if (strvec_has(in->services, name))
			continue;
		for (size_t k = 0; k < node_len(depends); k++)
			follows = follows ||
				  (node_get_bool(node_value_at(depends, k),
						 "restart", false) &&
				   strvec_has(in->services,
					      node_key_at(depends, k)));
		for (size_t c = 0; follows && c < in->world->container_count;
		     c++) {
			const struct world_container *one =
				&in->world->containers[c];

			if (!one->oneoff && !strcmp(one->service, name) &&
			    container_status_is_live(one->status) && count)
				add_one(in, opts, plan, one);
		}
	}
}

void
plan_each(const struct plan_input *in, const struct plan_verb_opts *opts,
	  struct plan *plan)
{
	cleanup_strvec struct strvec order = STRVEC_INIT;
	bool reverse = verbs[opts->verb].reverse;

	plan_order(in, in->services, &order);
	for (size_t i = 0; i < order.len; i++) {
		const char *service = order.v[reverse ? order.len - 1 - i : i];

		for (size_t k = 0; k < in->world->container_count; k++) {
			const struct world_container *one =
				&in->world->containers[k];

			if (strcmp(one->service, service) != 0 ||
			    (one->oneoff && opts->verb != PLAN_REMOVE &&
			     opts->verb != PLAN_STOP) ||
			    !applies(opts, one))
				continue;
			add_one(in, opts, plan, one);
		}
	}
	if (opts->verb == PLAN_RESTART && !opts->no_deps)
		add_followers(in, opts, plan);
}

void
plan_wait_ready(const struct plan_input *in, struct plan *plan)
{
	size_t count = plan->len;

	for (size_t i = 0; i < in->world->container_count; i++) {
		const struct world_container *one = &in->world->containers[i];
		cleanup_free char *subject =
			plan_subject("Container", one->name);
		size_t at;

		if (one->oneoff || !strvec_has(in->services, one->service))
			continue;
		at = plan_add(plan, PLAN_WAIT, subject, "Waiting", "Healthy");
		plan->steps[at].until = PLAN_UNTIL_READY;
		plan_words(plan, at, one->name);
		for (size_t k = 0; k < count; k++)
			plan_need(plan, at, k);
	}
}
