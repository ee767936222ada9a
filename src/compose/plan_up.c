/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_up.c - from what there is to what the files say.
 *
 * For every service: which containers stay, which are made, replaced or
 * removed, and why. A replaced one is made under another name first: when that
 * fails the old one still runs.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "compose/config_print.h"
#include "compose/container_words.h"
#include "compose/normalise.h"
#include "compose/plan_input.h"
#include "compose/plan_renew.h"
#include "compose/plan_up_priv.h"

#define TMP_ID_LEN 12

void
up_release(struct up *up)
{
	for (size_t i = 0; i < up->service_count; i++) {
		for (size_t k = 0; k < up->services[i].len; k++)
			free(up->services[i].members[k].name);
		free(up->services[i].members);
	}
	free(up->services);
	free(up->ready);
	free(up->creates);
}

struct up_service *
up_find(const struct up *up, const char *name)
{
	for (size_t i = 0; i < up->service_count; i++)
		if (!strcmp(up->services[i].name, name))
			return &up->services[i];
	return NULL;
}

static bool
is_named(const struct plan_input *in, const char *service)
{
	return !in->named || !in->named->len || strvec_has(in->named, service);
}

/* Why an existing container cannot stay, or NULL. */

static const char *
network_reason(const struct up *up, const struct up_service *s,
	       const struct world_container *one)
{
	const struct node *networks = node_get(s->body, "networks");
	const struct node *all = node_get(up->in->project->model, "networks");

	for (size_t i = 0; i < node_len(networks); i++) {
		const char *key = node_key_at(networks, i);
		const char *name =
			node_str_or(node_get(node_get(all, key), "name"), key);

		if (plan_renew_wants_network(up->in, key))
			return "a network changed";
		if (one->networks.len && !strvec_has(&one->networks, name))
			return "it is not on its networks";
	}
	return NULL;
}

/* Who shares a namespace with a container that is replaced must follow. */
static bool
shares_with_replaced(const struct up *up, const struct up_service *s)
{
	static const char *const keys[] = { "network_mode", "ipc", "pid" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *name =
			normalise_service_ref(node_get_str(s->body, keys[i]));
		const struct up_service *other =
			name ? up_find(up, name) : NULL;

		if (other && other->replaced)
			return true;
	}
	return false;
}

static const char *
reason(const struct up *up, const struct up_service *s,
       const struct world_container *one)
{
	const struct plan_input *in = up->in;
	const char *hash = world_label(&one->labels, LABEL_HASH);
	const char *image = world_label(&one->labels, LABEL_IMAGE);
	const char *now = world_image(in->world, s->image);
	char want[HASH256_HEX_BYTES];

	if (in->no_recreate)
		return NULL;
	if (in->force_recreate && is_named(in, s->name))
		return "asked for";
	if (in->always_recreate_deps && !is_named(in, s->name))
		return "asked for";
	if (shares_with_replaced(up, s))
		return "what it shares a namespace with is replaced";
	config_print_hash(in->project, s->name, want);
	if (!hash || strcmp(hash, want) != 0)
		return "its configuration changed";
	if (image && *image && *now && strcmp(image, now) != 0)
		return "its image changed";
	return network_reason(up, s, one);
}

static int
wanted_scale(const struct up *up, const struct up_service *s)
{
	const void *given =
		up->in->scale ? map_get(up->in->scale, s->name) : NULL;

	return given ? (int)(intptr_t)given - 1
		     : container_words_scale(s->body);
}

static void
add_member(struct up_service *s, const struct world_container *have,
	   enum up_action action, int number, const char *why)
{
	array_push(s->members, s->len, s->cap,
		   (struct up_member){ .have = have,
				       .action = action,
				       .number = number,
				       .why = why,
				       .created = PLAN_NONE,
				       .started = PLAN_NONE });
}

/* Too many: those out of date go first, then the highest numbers. */
static void
drop_surplus(struct up_service *s, size_t surplus)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = s->len; surplus && i; i--) {
			struct up_member *m = &s->members[i - 1];

			if (m->action == UP_REMOVE ||
			    (!pass && m->action != UP_REPLACE))
				continue;
			m->action = UP_REMOVE;
			m->why = "more than were asked for";
			surplus--;
		}
}

static void
decide_service(struct up *up, struct up_service *s)
{
	const struct world *world = up->in->world;
	int scale = wanted_scale(up, s), highest = 0, have = 0;
	/* They are removed before: all that stays of them is the number. */
	bool taken = plan_renew_takes(up->in, s->body);

	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		const char *why;

		if (one->oneoff || strcmp(one->service, s->name) != 0 ||
		    (taken && have == scale))
			continue;
		why = reason(up, s, one);
		if (taken)
			add_member(s, NULL, UP_CREATE, one->number, NULL);
		else
			add_member(s, one, why ? UP_REPLACE : UP_KEEP,
				   one->number, why);
		have++;
		if (one->number > highest)
			highest = one->number;
	}
	if (have > scale && !up->in->keep_surplus)
		drop_surplus(s, (size_t)(have - scale));
	for (; have < scale; have++)
		add_member(s, NULL, UP_CREATE, ++highest, NULL);
	for (size_t i = 0; i < s->len; i++)
		s->replaced |= taken || s->members[i].action == UP_REPLACE;
}

static int
check_scale(const struct up *up, const struct up_service *s)
{
	const struct node *name = node_get(s->body, "container_name");

	if (!name || wanted_scale(up, s) <= 1)
		return 0;
	return node_err(name, up->err, EINVAL,
			"services.%s: 'container_name' allows one replica only",
			s->name);
}

/* Steps. */

static void
need_ready(struct up *up, size_t at)
{
	for (size_t i = 0; i < up->ready_count; i++)
		plan_need(up->plan, at, up->ready[i]);
}

/* Whoever shares a namespace or volumes needs the other container to be. */
static void
need_shared(struct up *up, const struct up_service *s, size_t at)
{
	static const char *const modes[] = { "network_mode", "ipc", "pid" };
	static const char *const lists[] = { "volumes_from", "links" };

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const char *name =
			normalise_service_ref(node_get_str(s->body, modes[i]));
		const struct up_service *other =
			name ? up_find(up, name) : NULL;

		for (size_t k = 0; other && k < other->len; k++)
			plan_need(up->plan, at, other->members[k].created);
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct node *list = node_get(s->body, lists[i]);

		for (size_t k = 0; k < node_len(list); k++) {
			const char *text = node_str_or(node_at(list, k), "");
			cleanup_free char *name =
				xstrndup(text, strcspn(text, ":"));
			const struct up_service *other = up_find(up, name);

			for (size_t m = 0; other && m < other->len; m++)
				plan_need(up->plan, at,
					  other->members[m].created);
		}
	}
}

static void
add_create(struct up *up, struct up_service *s, struct up_member *m,
	   const char *name, const char *doing, const char *done,
	   size_t *ret_at)
{
	const struct world_container *have = m->have;
	bool carries = have && !up->in->renew_anonymous;
	const struct container_words from = {
		.project = up->in->project,
		.world = up->in->world,
		.service = s->name,
		.name = name,
		.image = s->image,
		.image_id = world_image(up->in->world, s->image),
		.secrets = up->in->secrets_dir,
		.number = m->number,
		.replaces = have ? have->id : NULL,
		.underscore = up->in->underscore,
		.carry = carries ? &have->anonymous : NULL,
	};
	cleanup_free char *subject = plan_subject("Container", m->name);
	size_t at = plan_add(up->plan, PLAN_COMMAND, subject, doing, done);

	up->plan->steps[at].service = xstrdup(s->name);
	plan_words(up->plan, at, "create");
	need_ready(up, at);
	need_shared(up, s, at);
	array_push(up->creates, up->create_count, up->create_cap, at);
	*ret_at = at;
	container_words_add(&from, NULL, NULL, &up->plan->steps[at].words);
}

static size_t
add_quiet(struct up *up, const char *name, const char *doing, const char *done,
	  size_t after)
{
	cleanup_free char *subject = plan_subject("Container", name);
	size_t at = plan_add(up->plan, PLAN_COMMAND, subject, doing, done);

	up->plan->steps[at].quiet = true;
	plan_need(up->plan, at, after);
	return at;
}

static size_t
add_remove(struct up *up, const struct world_container *have, bool volumes,
	   size_t after)
{
	size_t at = add_quiet(up, have->name, "Removing", "Removed", after);

	plan_words(up->plan, at, "rm", "--force");
	if (volumes)
		plan_words(up->plan, at, "--volumes");
	plan_words(up->plan, at, have->id);
	return at;
}

/* Made under another name, then the old one goes, then it gets the name. */
static void
add_replace(struct up *up, struct up_service *s, struct up_member *m)
{
	cleanup_free char *tmp =
		xasprintf("%.*s_%s", TMP_ID_LEN, m->have->id, m->name);
	size_t at, after;

	add_create(up, s, m, tmp, "Recreate", "Recreated", &at);
	plan_why(up->plan, at, "%s", m->why);
	after = at;
	if (container_status_is_live(m->have->status) &&
	    plan_find_stop(up->plan, m->have) == PLAN_NONE) {
		after = plan_stop_one(up->in, up->plan, m->have);
		plan_need(up->plan, after, at);
		up->plan->steps[after].quiet = true;
	}
	after = add_remove(up, m->have, up->in->renew_anonymous, after);
	m->created = add_quiet(up, m->name, "Renaming", "Renamed", after);
	plan_words(up->plan, m->created, "rename", tmp, m->name);
	array_push(up->creates, up->create_count, up->create_cap, m->created);
}

static void
add_surplus(struct up *up, const struct up_member *m)
{
	size_t after = PLAN_NONE, at;

	if (container_status_is_live(m->have->status)) {
		after = plan_stop_one(up->in, up->plan, m->have);
		up->plan->steps[after].quiet = true;
	}
	at = add_remove(up, m->have, false, after);
	up->plan->steps[at].quiet = false;
	plan_why(up->plan, at, "%s", m->why);
}

static void
add_member_steps(struct up *up, struct up_service *s, struct up_member *m)
{
	m->name = m->have ? xstrdup(m->have->name)
			  : container_words_name(up->in->project, s->name,
						 m->number, up->in->underscore);
	/* The file may have given it a name since. */
	if (m->have && m->action == UP_REPLACE) {
		free(m->name);
		m->name = container_words_name(up->in->project, s->name,
					       m->number, up->in->underscore);
	}
	switch (m->action) {
	case UP_CREATE:
		add_create(up, s, m, m->name, "Creating", "Created",
			   &m->created);
		break;
	case UP_REPLACE:
		add_replace(up, s, m);
		break;
	case UP_REMOVE:
		add_surplus(up, m);
		break;
	case UP_KEEP:
		break;
	}
}

static void
add_orphans(struct up *up)
{
	const struct plan_input *in = up->in;
	cleanup_strbuf struct strbuf names = STRBUF_INIT;

	for (size_t i = 0; i < in->world->container_count; i++) {
		const struct world_container *one = &in->world->containers[i];
		size_t after = PLAN_NONE, at;

		if (!plan_is_orphan(in, one))
			continue;
		if (!in->remove_orphans) {
			strbuf_addf(&names, " %s", one->name);
			continue;
		}
		if (container_status_is_live(one->status))
			after = plan_stop_one(in, up->plan, one);
		at = add_remove(up, one, false, after);
		up->plan->steps[at].quiet = false;
		plan_why(up->plan, at, "no service of the files is its own");
	}
	if (names.len && !in->ignore_orphans)
		strvec_addf(
			&up->plan->warnings,
			"found orphan containers (%s) for this project; --remove-orphans removes them",
			names.buf + 1);
}

static int
fill_services(struct up *up)
{
	cleanup_strvec struct strvec ordered = STRVEC_INIT;
	int r = 0;

	plan_order(up->in, up->in->services, &ordered);
	up->services = xcalloc(ordered.len + 1, sizeof(*up->services));
	for (size_t i = 0; r == 0 && i < ordered.len; i++) {
		struct up_service *s = &up->services[i];
		const char *key = NULL;

		for (size_t k = 0; k < up->in->services->len; k++)
			if (!strcmp(up->in->services->v[k], ordered.v[i]))
				key = up->in->services->v[k];
		s->name = key;
		s->body = project_service(up->in->project, key);
		s->image = config_print_image(up->in->project, key,
					      up->in->underscore);
		s->healthy = s->done = PLAN_NONE;
		up->service_count++;
		r = check_scale(up, s);
		if (r == 0)
			decide_service(up, s);
	}
	return r;
}

static void
add_containers(struct up *up)
{
	for (size_t i = 0; i < up->service_count; i++) {
		struct up_service *s = &up->services[i];

		for (size_t k = 0; k < s->len; k++)
			add_member_steps(up, s, &s->members[k]);
	}
}

int
plan_up(const struct plan_input *in, struct plan *plan, struct err *err)
{
	return plan_up_for(in, NULL, plan, err);
}

int
plan_up_for(const struct plan_input *in, const char *service, struct plan *plan,
	    struct err *err)
{
	struct up up = { .in = in, .plan = plan, .err = err };
	int r;

	r = plan_resources(in, plan, &up.ready, &up.ready_count, err);
	if (r == 0)
		r = fill_services(&up);
	if (r == 0) {
		add_orphans(&up);
		add_containers(&up);
	}
	if (r == 0 && !in->no_start)
		up_add_starts(&up);
	if (r == 0 && service)
		up_add_waits(&up, project_service(in->project, service));
	for (size_t i = 0; i < up.service_count; i++)
		free(up.services[i].image);
	up_release(&up);
	return r;
}
