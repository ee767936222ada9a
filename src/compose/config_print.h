/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/config_print.h - a project as "compose config" prints it.
 */
#ifndef DHOW_COMPOSE_CONFIG_PRINT_H
#define DHOW_COMPOSE_CONFIG_PRINT_H

#include "base/hash256.h"
#include "compose/project.h"

/*
 * The canonical model as a new tree: members sorted, "name" first.
 *
 * @services: which; NULL or empty: all
 * @escape:   '$' is written "$$", so that the output can be read again
 */
struct node *config_print_model(const struct project *project,
				const struct strvec *services, bool escape);

/* Members that JSON shows even where they are not set. */
void config_print_fill_json(struct node *model);

/* The name of a service's image: its own, or PROJECT-SERVICE. Owned. */
char *config_print_image(const struct project *project, const char *service,
			 bool underscore);

/*
 * What decides whether a container is up to date: a digest of the service, of
 * the configs and secrets it is granted as far as their text is in the file.
 */
void config_print_hash(const struct project *project, const char *service,
		       char hex[HASH256_HEX_BYTES]);
/* The same of a network or volume ("networks", "default"). */
void config_print_resource_hash(const struct project *project, const char *kind,
				const char *name, char hex[HASH256_HEX_BYTES]);

#endif
