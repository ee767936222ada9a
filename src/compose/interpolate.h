/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/interpolate.h - variables in the values of a file.
 */
#ifndef DHOW_COMPOSE_INTERPOLATE_H
#define DHOW_COMPOSE_INTERPOLATE_H

#include "compose/diag.h"
#include "compose/project_env.h"
#include "data/node.h"

/*
 * Replace the variables in every string below @node; keys stay as they are.
 * One that is unset and has no default is a warning, once.
 */
void interpolate(struct node *node, const struct project_env *env,
		 struct diag *diag);

/* One use of a variable, as it is written. */
struct interpolate_use {
	char *name;
	bool required;     /* ${V:?…} */
	char *fallback;    /* ${V:-…}, or NULL */
	char *alternative; /* ${V:+…}, or NULL */
	const struct node *node;
};

struct interpolate_uses {
	struct interpolate_use *items;
	size_t len, cap;
};

#define INTERPOLATE_USES_INIT \
	{                     \
		.items = NULL \
	}

/* Append every use of a variable below @node, in order. */
void interpolate_find(const struct node *node, struct interpolate_uses *uses);
void interpolate_uses_release(struct interpolate_uses *uses);

#endif
