/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/plan_place.h - a project from a text, and a world written by hand.
 */
#ifndef DHOW_TESTS_PLAN_PLACE_H
#define DHOW_TESTS_PLAN_PLACE_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "compose/config_print.h"
#include "compose/plan_input.h"
#include "compose/profiles.h"

struct plan_place {
	char dir[32];
	struct project project;
	struct world world;
	struct strvec selected;
	struct strvec named;
	struct plan_input in;
};

static inline void
plan_place_begin(struct plan_place *p, const char *yaml)
{
	cleanup_diag struct diag diag = DIAG_INIT;
	cleanup_strvec struct strvec files = STRVEC_INIT;
	struct err err = ERR_INIT;
	char *const none[] = { NULL };
	struct project_opts opts = { .name = "p", .process_env = none };

	*p = (struct plan_place){ .dir = "/tmp/dhow-plan-XXXXXX",
				  .project = PROJECT_INIT,
				  .in = PLAN_INPUT_INIT };
	cr_assert(mkdtemp(p->dir) != NULL);
	strvec_addf(&files, "%s/compose.yaml", p->dir);
	cr_assert(eq(int,
		     fsx_write_atomic(AT_FDCWD, files.v[0], yaml, strlen(yaml),
				      0644, 0, NULL),
		     0));
	opts.files = &files;
	cr_assert(project_load(&p->project, &opts, &diag, &err) == 0, "%s",
		  err.text);
	cr_assert(
		eq(int,
		   profiles_select(&p->project, NULL, true, &p->selected, NULL),
		   0));
	p->in.project = &p->project;
	p->in.world = &p->world;
	p->in.services = &p->selected;
	p->in.named = &p->named;
	p->in.secrets_dir = "/secrets";
}

static inline void
plan_place_end(struct plan_place *p)
{
	(void)fsx_remove_tree(AT_FDCWD, p->dir, NULL);
	project_release(&p->project);
	world_release(&p->world);
	strvec_release(&p->selected);
	strvec_release(&p->named);
}

/* A container as an earlier up would have made it. */
static inline struct world_container *
plan_place_add(struct plan_place *p, const char *service, int number,
	       enum container_status status)
{
	struct world_container one = {
		.id = xasprintf("%012d%s", number, service),
		.name = xasprintf("p-%s-%d", service, number),
		.project = xstrdup("p"),
		.service = xstrdup(service),
		.number = number,
		.status = status,
	};
	char hash[HASH256_HEX_BYTES];

	if (project_service(&p->project, service)) {
		config_print_hash(&p->project, service, hash);
		strvec_addf(&one.labels, "%s=%s", LABEL_HASH, hash);
	}
	array_push(p->world.containers, p->world.container_count,
		   p->world.container_cap, one);
	return &p->world.containers[p->world.container_count - 1];
}

static inline void
plan_place_add_network(struct plan_place *p, const char *key, const char *name)
{
	struct world_object one = { .name = xstrdup(name) };
	char hash[HASH256_HEX_BYTES];

	config_print_resource_hash(&p->project, "networks", key, hash);
	strvec_addf(&one.labels, "%s=p", LABEL_PROJECT);
	strvec_addf(&one.labels, "%s=%s", LABEL_HASH, hash);
	strvec_addf(&one.labels, "%s=%s", LABEL_NETWORK, key);
	array_push(p->world.networks, p->world.network_count,
		   p->world.network_cap, one);
}

/* "Container p-a-1 Created|…": what is done to what, in order. */
static inline char *
plan_place_summary(const struct plan *plan)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_step *step = &plan->steps[i];
		const char *name = strrchr(step->subject, ' ');

		strbuf_addf(&sb, "%s%s %s%s%s%s", i ? "|" : "",
			    name ? name + 1 : step->subject, step->done,
			    step->why ? " (" : "", step->why ? step->why : "",
			    step->why ? ")" : "");
	}
	return strbuf_take(&sb);
}

#endif
