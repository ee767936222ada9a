/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_watch.h - develop.watch: what changes here, happens there.
 *
 * Changes are gathered until nothing more comes for a moment, then each file
 * goes by the first rule that knows it.
 */
#ifndef DHOW_CLI_COMPOSE_WATCH_H
#define DHOW_CLI_COMPOSE_WATCH_H

#include "cli/compose_ctx.h"

struct watch_opts {
	bool quiet_build;   /* builds say nothing */
	bool prune;         /* what rebuilds take the name of goes */
	bool beside_output; /* others write to the terminal */
	const char *prefix; /* of every line */
};

/* Watch until SIGINT or SIGTERM. -EINVAL when no selected service has a rule.
 */
int compose_watch(struct compose *compose, const struct watch_opts *opts);

#endif
