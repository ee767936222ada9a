/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/service_env.h - a service's environment and labels, files included.
 */
#ifndef DHOW_COMPOSE_SERVICE_ENV_H
#define DHOW_COMPOSE_SERVICE_ENV_H

#include "compose/diag.h"
#include "compose/project_env.h"
#include "data/node.h"

/*
 * Read env_file and label_file of @service into its environment and labels,
 * and give variables without a value the project's, or drop them. The keys of
 * the files leave the node.
 */
void service_env_resolve(struct node *service, struct project_env *env,
			 struct diag *diag);

#endif
