/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/normalise.h - defaults, names and what follows from other keys.
 */
#ifndef DHOW_COMPOSE_NORMALISE_H
#define DHOW_COMPOSE_NORMALISE_H

#include "compose/project.h"

/* "network_mode: service:db" and its like: the service, or NULL. Borrowed. */
const char *normalise_service_ref(const char *mode);

/* Fill in what a merged model leaves to be understood. */
void normalise_model(struct node *model, const char *project_name,
		     const struct project_env *env);

/* Drop networks, volumes, secrets and configs that no service uses. */
void normalise_drop_unused(struct node *model);

#endif
