/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_input.h - what plans are made of, and the functions that do.
 */
#ifndef DHOW_COMPOSE_PLAN_INPUT_H
#define DHOW_COMPOSE_PLAN_INPUT_H

#include "compose/project.h"
#include "compose/project_plan.h"
#include "compose/world.h"

struct plan_input {
	const struct project *project; /* model NULL: labels alone are known */
	const struct world *world;
	const struct strvec *services; /* those meant, dependencies too */
	const struct strvec *named;    /* those named; empty: all */
	const char *secrets_dir;       /* where grants with text are written */
	bool underscore;

	/* up, create, run */
	bool force_recreate;
	bool no_recreate;
	bool always_recreate_deps;
	bool renew_anonymous;
	bool no_start;
	bool keep_surplus; /* more containers than asked for stay */
	bool wait;
	/* Keys of changed volumes that may lose their data; or NULL. */
	const struct strvec *renew_volumes;
	const struct map *scale; /* service → (void *)(intptr_t)count + 1 */

	/* up, down */
	bool remove_orphans;
	bool ignore_orphans;
	bool volumes;      /* -v */
	const char *rmi;   /* "all", "local" or NULL */
	int64_t timeout_s; /* -1: what each container says */
};

#define PLAN_INPUT_INIT          \
	{                        \
		.timeout_s = -1, \
	}

/*
 * Networks, volumes, containers, starts. Nothing on the host is looked at but
 * what @in->world says.
 *
 * Returns 0; -ENOENT for something external that is not there; -EOPNOTSUPP
 * for a key that cannot work here. Stories begin with the place.
 */
int plan_up(const struct plan_input *in, struct plan *plan, struct err *err);

/*
 * The same for what @service depends on, @in->services; with the waits that
 * its own conditions ask for.
 */
int plan_up_for(const struct plan_input *in, const char *service,
		struct plan *plan, struct err *err);

/* Networks, volumes and files for grants of @in->services; up's first part.
 * @ret_ready: the steps that containers must wait for, appended */
int plan_resources(const struct plan_input *in, struct plan *plan,
		   size_t **ret_ready, size_t *ret_count, struct err *err);
/* Did the definition in the files change since it was made? */
bool plan_network_changed(const struct plan_input *in, const char *key);
bool plan_volume_changed(const struct plan_input *in, const char *key);

/* Stop and remove: containers, networks, and what else was asked for. */
void plan_down(const struct plan_input *in, struct plan *plan);

/* One command for the containers of the services, in or against the order of
 * their dependencies. */
enum plan_verb {
	PLAN_START,
	PLAN_STOP,
	PLAN_RESTART,
	PLAN_KILL,
	PLAN_REMOVE,
	PLAN_PAUSE,
	PLAN_UNPAUSE,
	PLAN_VERB_COUNT,
};
struct plan_verb_opts {
	enum plan_verb verb;
	const char *signal; /* KILL */
	bool volumes;       /* REMOVE: anonymous ones too */
	bool stop;          /* REMOVE: also what runs */
	bool no_deps;
};
void plan_each(const struct plan_input *in, const struct plan_verb_opts *opts,
	       struct plan *plan);

/* Wait until every container of the services is ready; after all steps. */
void plan_wait_ready(const struct plan_input *in, struct plan *plan);

/* Orphans: containers of the project whose service the files do not know. */
bool plan_is_orphan(const struct plan_input *in,
		    const struct world_container *one);

/* Names of services on which @service depends; from the files, or labels. */
void plan_depends(const struct plan_input *in, const char *service,
		  struct strvec *names);
/* The services, dependencies first. */
void plan_order(const struct plan_input *in, const struct strvec *services,
		struct strvec *ordered);

/* "Container web-1" */
char *plan_subject(const char *kind, const char *name);
/* Add an exec of a lifecycle hook; runs after @after. */
size_t plan_add_hook(struct plan *plan, const char *container,
		     const struct node *hook, size_t after);
/* The step that stops this container, or PLAN_NONE. */
size_t plan_find_stop(const struct plan *plan,
		      const struct world_container *one);
/* Add the command that stops a container; hooks before it. */
size_t plan_stop_one(const struct plan_input *in, struct plan *plan,
		     const struct world_container *one);

#endif
