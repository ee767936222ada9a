/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/prune.h - the prune commands: what nobody needs goes, and is told.
 */
#ifndef DHOW_CLI_PRUNE_H
#define DHOW_CLI_PRUNE_H

#include <stdint.h>

#include "cli/cmd.h"
#include "session/session.h"
#include "spec/filter.h"

struct prune {
	struct cmd_ctx *ctx; /* borrowed */
	struct session session;
	struct store *store; /* of the session */
	struct filter filter;
	int64_t until_ns;     /* made before that; INT64_MAX: whenever */
	uint64_t freed_bytes; /* so far */
	bool is_dry;          /* volumes are only told */
};

#define PRUNE_INIT                                              \
	{                                                       \
		.session = SESSION_INIT, .filter = FILTER_INIT, \
		.until_ns = INT64_MAX,                          \
	}
#define cleanup_prune cleanup_release(prune_release)
void prune_release(struct prune *prune);

/*
 * Read --filter and enter the user namespace that owns the files.
 * @keys: that the command knows, NULL-ended
 */
int prune_open(struct prune *prune, struct cmd_ctx *ctx,
	       const char *const *keys);

/*
 * Each prints "Deleted …:" and what it removed, after prune_open(). What is
 * in use, also by somebody who came meanwhile, stays. 0 or -errno.
 */
int prune_containers(struct prune *prune);
/* @all: images that have a name too, if no container was made of them. */
int prune_images(struct prune *prune, bool all);
int prune_networks(struct prune *prune);
/* @all: steps that a later build could use too. */
int prune_build_cache(struct prune *prune, bool all);
/* @named: those that were given a name too. */
int prune_volumes(struct prune *prune, bool named);

/*
 * "Total reclaimed space: 1.2MB", or what it would be; returns the exit
 * status.
 */
int prune_report(const struct prune *prune);

#endif
