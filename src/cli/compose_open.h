/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_open.h - the project that a compose command works on.
 */
#ifndef DHOW_CLI_COMPOSE_OPEN_H
#define DHOW_CLI_COMPOSE_OPEN_H

#include "cli/cmd.h"
#include "compose/project.h"

/* The flags of "compose" itself. */
extern const struct flag compose_flags[];
extern const size_t compose_flag_count;

/* What compose_open() fills from the flags behind "compose". */
void compose_options(const struct cmd_ctx *ctx, struct project_opts *opts);

/*
 * Load the project. What is wrong with its files is printed, all of it.
 *
 * @warn: warnings too; for commands that act by the files, not for those that
 *        ask of what runs
 *
 * Returns 0; an exit status when errors were printed; or a negative errno
 * with the story in ctx->err.
 */
int compose_open(const struct cmd_ctx *ctx, const struct project_opts *opts,
		 bool warn, struct project *project);

#endif
