/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_show.h - what is being done to a project's resources.
 *
 * On a terminal a line per resource that is drawn again, with times; else a
 * line per change; or JSON objects, or nothing. On standard error, unless
 * COMPOSE_STATUS_STDOUT wants standard output.
 */
#ifndef DHOW_CLI_COMPOSE_SHOW_H
#define DHOW_CLI_COMPOSE_SHOW_H

#include <stdbool.h>

#include "cli/cmd.h"

enum show_state {
	SHOW_WORKING,
	SHOW_DONE,
	SHOW_WARNING,
	SHOW_FAILED,
};

struct compose_show;

struct show_opts {
	const char *title;
	bool is_shared; /* others write there too: no line is drawn again */
	bool quiet;     /* whatever --progress says */
};

/* By --progress, --ansi, COMPOSE_PROGRESS, COMPOSE_ANSI and NO_COLOR. */
struct compose_show *compose_show_new(const struct cmd_ctx *ctx,
				      const struct show_opts *opts);
void compose_show_free(struct compose_show *show);
DEFINE_CLEANUP(struct compose_show *, compose_show_free);

/* "Container web-1" is at "Starting". */
void compose_show_update(struct compose_show *show, const char *subject,
			 const char *words, enum show_state state);
/* Draw times again; does nothing but on a terminal. */
void compose_show_tick(struct compose_show *show);
/* Take the lines off the screen: somebody else writes there. */
void compose_show_clear(struct compose_show *show);

/* May colours and cursor movements be used on this descriptor? */
bool compose_show_ansi(const struct cmd_ctx *ctx, int fd);

#endif
