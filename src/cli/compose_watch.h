/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_watch.h - develop.watch: what changes here, happens there.
 *
 * Directories are watched by inotify; changes are gathered for a moment, then
 * each file goes by the first rule that knows it. A directory that a container
 * has mounted itself needs no copy and is passed over.
 */
#ifndef DHOW_CLI_COMPOSE_WATCH_H
#define DHOW_CLI_COMPOSE_WATCH_H

#include "cli/compose_ctx.h"

/*
 * Watch until SIGINT or SIGTERM. -EINVAL when no selected service has a rule.
 * @quiet_build: builds say nothing
 */
int compose_watch(struct compose *compose, bool quiet_build);

#endif
