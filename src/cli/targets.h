/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/targets.h - the containers that a verb acts on.
 *
 * Named as operands, or by those of --all, --cidfile, --filter and --latest
 * that the command has. One that fails is told of and the others are acted
 * on; each that succeeded is printed as it was typed.
 */
#ifndef DHOW_CLI_TARGETS_H
#define DHOW_CLI_TARGETS_H

#include "cli/cmd.h"
#include "container/lookup.h"

/* The rows of a command's table. */
#define TARGETS_ALL(help_)                                                     \
	{                                                                      \
		.name = "all", .kind = FLAG_BOOL, .letter = 'a', .help = help_ \
	}
#define TARGETS_CIDFILE                                               \
	{                                                             \
		.name = "cidfile", .kind = FLAG_LIST, .meta = "FILE", \
		.offer = OFFER_FILE, .help = "read an id from a file" \
	}
#define TARGETS_FILTER                                                 \
	{                                                              \
		.name = "filter", .kind = FLAG_LIST, .letter = 'f',    \
		.meta = "KEY=VALUE", .help = "act on those that match" \
	}
#define TARGETS_IGNORE                                                \
	{                                                             \
		.name = "ignore", .kind = FLAG_BOOL, .letter = 'i',   \
		.help = "a container that is not there is no failure" \
	}
#define TARGETS_LATEST                                              \
	{                                                           \
		.name = "latest", .kind = FLAG_BOOL, .letter = 'l', \
		.help = "act on the newest container"               \
	}

/* Is it one that --all means? */
typedef bool (*targets_fn)(const struct container *container);

bool targets_any(const struct container *container);
bool targets_live(const struct container *container);
bool targets_paused(const struct container *container);

/*
 * Find out what to act on. -EINVAL when nothing is named, -ENOENT when
 * --latest has nothing to name.
 */
int targets_collect(struct cmd_ctx *ctx, struct session *session,
		    targets_fn all, struct strvec *ret_names);

/*
 * For a verb that looks at one container: that of --latest or --cidfile, else
 * the first operand. @ret_used: how many operands that took. Errors as above,
 * and those of container_find().
 */
int targets_find_one(struct cmd_ctx *ctx, struct session *session,
		     struct container *ret_container, size_t *ret_used);

/* Do it to one; returns 0 or -errno with a story. */
typedef int (*targets_verb)(struct session *session,
			    const struct container *container, void *data,
			    struct err *err);

/*
 * Do it to each. @missing_ok: a name that nobody has is passed over.
 * Returns the exit status.
 */
int targets_each(struct session *session, const struct strvec *names,
		 bool missing_ok, targets_verb verb, void *data);

/* The same from the start. */
int targets_run(struct cmd_ctx *ctx, targets_fn all, bool missing_ok,
		targets_verb verb, void *data);

#endif
