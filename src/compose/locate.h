/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/locate.h - which files a project is made of, and its name.
 */
#ifndef DHOW_COMPOSE_LOCATE_H
#define DHOW_COMPOSE_LOCATE_H

#include "compose/project.h"

/*
 * Fill files, dir, env and profiles of @project: -f, COMPOSE_FILE or the usual
 * names here and in the parent directories; .env and the other env files.
 *
 * @need_files: -ENOENT when there is none
 */
int locate_project(struct project *project, const struct project_opts *opts,
		   bool need_files, struct diag *diag, struct err *err);

/*
 * Decide the name: -p, COMPOSE_PROJECT_NAME, @written (the files' "name:", or
 * NULL), the directory. Sets COMPOSE_PROJECT_NAME for the files. -EINVAL.
 */
int locate_name(struct project *project, const struct project_opts *opts,
		const char *written, struct err *err);

#endif
