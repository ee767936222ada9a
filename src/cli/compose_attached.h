/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_attached.h - up in the foreground.
 *
 * Containers are made first; a child of ours then starts them while we show
 * their output from its first byte. SIGINT or SIGTERM starts another child that
 * stops them in order; a second one kills them.
 */
#ifndef DHOW_CLI_COMPOSE_ATTACHED_H
#define DHOW_CLI_COMPOSE_ATTACHED_H

#include "cli/compose_ctx.h"

/* The flags are those of "compose up". Returns the exit status or -errno. */
int compose_attached(struct compose *compose);

#endif
