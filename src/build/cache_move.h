/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/cache_move.h - steps of the cache, to and from other places.
 */
#ifndef DHOW_BUILD_CACHE_MOVE_H
#define DHOW_BUILD_CACHE_MOVE_H

#include "build/output.h"

/* --cache-from: what cannot be had is a warning. */
void cache_import(struct build *build);
/* --cache-to, but inline. */
int cache_export(struct build *build, struct err *err);

/* Is the image to carry the records of its own steps? */
bool cache_is_inline(const struct build *build);
/* Put them into its config: of @chain, whose items are its layers. */
void cache_add_records(struct build *build, const struct chain *chain,
		       struct node *config);

#endif
