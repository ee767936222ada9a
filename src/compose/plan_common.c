/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_common.c - what all plans have in common.
 */
#include <string.h>

#include "base/alloc.h"
#include "compose/plan_input.h"
#include "compose/schema.h"

char *
plan_subject(const char *kind, const char *name)
{
	return xasprintf("%s %s", kind, name);
}

/* "svc:condition:restart,…" */
static void
depends_from_label(const struct world *world, const char *service,
		   struct strvec *names)
{
	for (size_t i = 0; i < world->container_count; i++) {
		const struct world_container *one = &world->containers[i];
		cleanup_strvec struct strvec parts = STRVEC_INIT;
		const char *label;

		if (strcmp(one->service, service) != 0)
			continue;
		label = world_label(&one->labels, LABEL_DEPENDS);
		strvec_split(&parts, label ? label : "", ",");
		for (size_t k = 0; k < parts.len; k++) {
			parts.v[k][strcspn(parts.v[k], ":")] = '\0';
			if (!strvec_has(names, parts.v[k]))
				strvec_add(names, parts.v[k]);
		}
	}
}

void
plan_depends(const struct plan_input *in, const char *service,
	     struct strvec *names)
{
	const struct node *body =
		in->project->model ? project_service(in->project, service)
				   : NULL;
	const struct node *depends = node_get(body, "depends_on");

	for (size_t i = 0; i < node_len(depends); i++)
		strvec_add(names, node_key_at(depends, i));
	if (!body)
		depends_from_label(in->world, service, names);
}

static void
visit(const struct plan_input *in, const struct strvec *services,
      const char *service, struct map *seen, struct strvec *ordered)
{
	cleanup_strvec struct strvec depends = STRVEC_INIT;

	if (map_has(seen, service))
		return;
	(void)map_set(seen, service, seen);
	plan_depends(in, service, &depends);
	strvec_sort(&depends);
	for (size_t i = 0; i < depends.len; i++)
		visit(in, services, depends.v[i], seen, ordered);
	if (strvec_has(services, service))
		strvec_add(ordered, service);
}

void
plan_order(const struct plan_input *in, const struct strvec *services,
	   struct strvec *ordered)
{
	cleanup_strvec struct strvec sorted = STRVEC_INIT;
	struct map seen = MAP_INIT;

	strvec_add_all(&sorted, services);
	strvec_sort(&sorted);
	for (size_t i = 0; i < sorted.len; i++)
		visit(in, services, sorted.v[i], &seen, ordered);
	map_release(&seen);
}

bool
plan_is_orphan(const struct plan_input *in, const struct world_container *one)
{
	bool known = project_service(in->project, one->service) ||
		     node_get(in->project->disabled, one->service);

	if (one->oneoff)
		return !container_status_is_live(one->status);
	return !known;
}

size_t
plan_add_hook(struct plan *plan, const char *container, const struct node *hook,
	      size_t after)
{
	const struct node *env = node_get(hook, "environment");
	const struct node *command = node_get(hook, "command");
	cleanup_free char *subject = plan_subject("Container", container);
	size_t at = plan_add(plan, PLAN_COMMAND, subject, "Running hook",
			     "Hook done");
	const char *user = node_get_str(hook, "user");
	const char *dir = node_get_str(hook, "working_dir");

	plan->steps[at].quiet = true;
	plan->steps[at].verbose = true;
	plan_need(plan, at, after);
	plan_words(plan, at, "exec");
	if (user)
		plan_words(plan, at, "--user", user);
	if (dir)
		plan_words(plan, at, "--workdir", dir);
	if (node_get_bool(hook, "privileged", false))
		plan_words(plan, at, "--privileged");
	for (size_t i = 0; i < node_len(env); i++) {
		cleanup_free char *pair =
			xasprintf("%s=%s", node_key_at(env, i),
				  node_str_or(node_value_at(env, i), ""));

		plan_words(plan, at, "--env", pair);
	}
	plan_words(plan, at, container);
	for (size_t i = 0; i < node_len(command); i++) {
		cleanup_free char *word = schema_text(node_at(command, i));

		plan_words(plan, at, word ? word : "");
	}
	return at;
}

size_t
plan_find_stop(const struct plan *plan, const struct world_container *one)
{
	for (size_t i = 0; i < plan->len; i++) {
		const struct strvec *words = &plan->steps[i].words;

		if (plan->steps[i].kind == PLAN_COMMAND && words->len > 1 &&
		    !strcmp(words->v[0], "stop") &&
		    !strcmp(words->v[words->len - 1], one->id))
			return i;
	}
	return PLAN_NONE;
}

size_t
plan_stop_one(const struct plan_input *in, struct plan *plan,
	      const struct world_container *one)
{
	const struct node *hooks =
		in->project->model
			? node_get(project_service(in->project, one->service),
				   "pre_stop")
			: NULL;
	cleanup_free char *subject = plan_subject("Container", one->name);
	cleanup_free char *timeout = xasprintf("%ld", (long)in->timeout_s);
	size_t hooked = PLAN_NONE, at;

	for (size_t i = 0;
	     one->status == CONTAINER_RUNNING && i < node_len(hooks); i++) {
		hooked = plan_add_hook(plan, one->name, node_at(hooks, i),
				       hooked);
		plan->steps[hooked].optional = true;
	}
	at = plan_add(plan, PLAN_COMMAND, subject, "Stopping", "Stopped");
	plan->steps[at].service = xstrdup(one->service);
	plan_words(plan, at, "stop");
	if (in->timeout_s >= 0)
		plan_words(plan, at, "--timeout", timeout);
	plan_words(plan, at, one->id);
	plan_need(plan, at, hooked);
	return at;
}
