/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_rm.c - dhow rm, dhow rename.
 */
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/targets.h"
#include "container/lifecycle.h"

struct removing {
	int flags;
	struct lifecycle_stop stop;
	bool stops; /* --time: as stop does, not at once */
};

static int
remove_one(struct session *session, const struct container *container,
	   void *data, struct err *err)
{
	const struct removing *how = data;

	return lifecycle_remove(session, container, how->flags,
				how->stops ? &how->stop : NULL, err);
}

static int
run_rm(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	struct removing how = { .stop = LIFECYCLE_STOP_INIT };
	bool force = args_bool(args, "force");

	if (force)
		how.flags |= LIFECYCLE_FORCE;
	if (args_bool(args, "volumes"))
		how.flags |= LIFECYCLE_VOLUMES;
	if (args_given(args, "time")) {
		how.stops = true;
		how.stop.timeout_s = args_int(args, "time");
	}
	return targets_run(ctx, targets_any, force || args_bool(args, "ignore"),
			   remove_one, &how);
}

static const struct flag rm_flags[] = {
	TARGETS_ALL("remove every container"),
	TARGETS_CIDFILE,
	{ .name = "depend",
	  .kind = FLAG_BOOL,
	  .ignore = "no container depends on another",
	  .hidden = true },
	/* -f is --force here. */
	{ .name = "filter",
	  .kind = FLAG_LIST,
	  .meta = "KEY=VALUE",
	  .help = "remove those that match" },
	{ .name = "force",
	  .kind = FLAG_BOOL,
	  .letter = 'f',
	  .help = "kill those that run; one that is not there is no failure" },
	{ .name = "ignore",
	  .kind = FLAG_BOOL,
	  .letter = 'i',
	  .help = "a container that is not there is no failure" },
	TARGETS_LATEST,
	{ .name = "link",
	  .kind = FLAG_BOOL,
	  .refuse = "containers are not linked, they share a network",
	  .hidden = true },
	{ .name = "time",
	  .kind = FLAG_INT,
	  .letter = 't',
	  .meta = "SECONDS",
	  .min = -1,
	  .max = INT32_MAX,
	  .help = "with --force: stop it, and kill it after so long" },
	{ .name = "volumes",
	  .kind = FLAG_BOOL,
	  .letter = 'v',
	  .help = "remove its volumes without a name, too" },
};

static const struct cmd_example rm_examples[] = {
	{ "remove a container whether it runs or not", "dhow rm -f web" },
};

const struct cmd cmd_rm = {
	.path = "rm",
	.aliases = "container rm|container remove",
	.summary = "remove containers",
	.operands = "CONTAINER...",
	.about =
		"A container goes with all that it wrote outside of volumes, and with its log.",
	CMD_FLAGS(rm_flags),
	CMD_EXAMPLES(rm_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_rm,
};

static int
run_rename(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = container_find(&session, args_operand(ctx->args, 0),
				   &container, ctx->err);
	return r < 0 ? r
		     : lifecycle_rename(&session, &container,
					args_operand(ctx->args, 1), ctx->err);
}

static const struct cmd_example rename_examples[] = {
	{ "give a container another name", "dhow rename web old-web" },
};

const struct cmd cmd_rename = {
	.path = "rename",
	.aliases = "container rename",
	.summary = "give a container another name",
	.operands = "CONTAINER NEW_NAME",
	CMD_EXAMPLES(rename_examples),
	.min_operands = 2,
	.max_operands = 2,
	.offer = OFFER_CONTAINER,
	.run = run_rename,
};
