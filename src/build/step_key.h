/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_key.h - what goes into the key of a step.
 */
#ifndef DHOW_BUILD_STEP_KEY_H
#define DHOW_BUILD_STEP_KEY_H

#include "build/build_priv.h"

/*
 * Begin work->hash with all that is known without reading files; sets
 * needs_content and fast_key.
 */
void step_key_begin(struct step_work *work);
/* Add what is taken of contexts, or of stages in a COPY. */
int step_key_add_content(struct step_work *work, struct err *err);
/* work->key is complete. */
void step_key_end(struct step_work *work);

/* A URL or a repository, as ADD has them. */
bool step_source_is_remote(const struct step_work *work, const char *source);

#endif
