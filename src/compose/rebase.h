/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/rebase.h - relative paths of a project made absolute.
 */
#ifndef DHOW_COMPOSE_REBASE_H
#define DHOW_COMPOSE_REBASE_H

#include "data/node.h"

/* All relative paths of a model (or of one service) are below @dir. */
void rebase_model(struct node *model, const char *dir);
void rebase_service(struct node *service, const char *dir);

/* A path as a file says it: below @dir, "~" being the home directory. */
char *rebase_path(const char *path, const char *dir);

/* Is a build context somewhere else: a URL, a repository, another service? */
bool rebase_is_remote(const char *context);

#endif
