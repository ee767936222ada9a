/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_up_priv.h - what is decided about each service.
 */
#ifndef DHOW_COMPOSE_PLAN_UP_PRIV_H
#define DHOW_COMPOSE_PLAN_UP_PRIV_H

#include "compose/plan_input.h"

enum up_action {
	UP_KEEP,
	UP_CREATE,
	UP_REPLACE,
	UP_REMOVE,
};

struct up_member {
	const struct world_container *have; /* NULL: to be made */
	char *name;
	enum up_action action;
	int number;
	const char *why;
	size_t created; /* the step after which it is there; or PLAN_NONE */
	size_t started;
};

struct up_service {
	const char *name;
	const struct node *body;
	char *image;
	struct up_member *members; /* owned */
	size_t len, cap;
	bool replaced;  /* one of them is */
	size_t healthy; /* the wait for it, once somebody asked */
	size_t done;
};

struct up {
	const struct plan_input *in;
	struct plan *plan;
	struct err *err;
	struct up_service *services; /* dependencies first */
	size_t service_count;
	size_t *ready; /* steps that make what containers need */
	size_t ready_count;
	size_t *creates; /* steps after which all containers are there */
	size_t create_count, create_cap;
};

void up_release(struct up *up);
struct up_service *up_find(const struct up *up, const char *name);

/* Starts, in the order of dependencies, with waits, hooks and restarts. */
void up_add_starts(struct up *up);
/* The waits that the conditions of a service that is no part of it ask for. */
void up_add_waits(struct up *up, const struct node *body);

#endif
