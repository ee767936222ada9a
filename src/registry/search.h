/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/search.h - what repositories a registry has.
 *
 * Docker Hub and a few others answer Docker's first search interface; of the
 * others the catalogue is read, as far as they show it.
 */
#ifndef DHOW_REGISTRY_SEARCH_H
#define DHOW_REGISTRY_SEARCH_H

#include "data/node.h"
#include "registry/registry.h"

#define SEARCH_MAX_LIMIT 100

/*
 * Find repositories of @domain by @term.
 *
 * @ret_results: an array of objects with Name, Description, StarCount (an
 *               integer) and IsOfficial (a boolean)
 *
 * Returns 0; -EOPNOTSUPP when the registry shows neither; or as
 * registry_get_manifest().
 */
int registry_search(const char *domain, const struct registry_opts *opts,
		    const char *term, int limit, struct node **ret_results,
		    struct err *err);

#endif
