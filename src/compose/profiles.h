/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/profiles.h - which services are on, and which of those are meant.
 */
#ifndef DHOW_COMPOSE_PROFILES_H
#define DHOW_COMPOSE_PROFILES_H

#include "compose/project.h"

/*
 * Move services whose profiles are off from @model to @disabled. @named ones
 * (or NULL) bring their profiles with them.
 */
void profiles_apply(struct node *model, struct strvec *active,
		    const struct strvec *named, struct node *disabled);

/* Drop dependencies that are off and not required; the others are errors. */
void profiles_check(struct node *model, const struct node *disabled,
		    struct diag *diag);

/*
 * Append @names and, with @with_deps, all they depend on; every service when
 * @names is empty. Order is that of the model.
 * Returns 0, or -EINVAL "no such service: X".
 */
int profiles_select(const struct project *project, const struct strvec *names,
		    bool with_deps, struct strvec *selected, struct err *err);

#endif
