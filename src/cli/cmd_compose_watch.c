/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_watch.c - dhow compose watch.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/compose_phases.h"
#include "cli/compose_watch.h"
#include "sys/sealed.h"

static int
run(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	const struct plan_images_opts images = {
		.build = true,
		.quiet = args_bool(args, "quiet"),
	};
	const struct watch_opts watch = {
		.quiet_build = args_bool(args, "quiet"),
		.prune = args_bool(args, "prune"),
		.prefix = "",
	};
	const struct act_opts act = { .title = "Running" };
	int r = sealed_ensure(ctx->err);

	if (r == 0)
		r = compose_begin(&compose, ctx, NULL,
				  COMPOSE_WITH_DEPS | COMPOSE_WARN |
					  COMPOSE_ACTS);
	if (r)
		return r;
	compose.in.ignore_orphans = true;
	if (!args_bool(args, "no-up")) {
		r = compose_images(&compose, &images);
		if (r == 0)
			r = compose_converge(&compose, &act);
	}
	return r ? r : compose_watch(&compose, &watch);
}

static const struct flag flags[] = {
	{ .name = "no-up",
	  .kind = FLAG_BOOL,
	  .help = "do not build and start services first" },
	{ .name = "prune",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "remove images that a rebuild takes the name of" },
	{ .name = "quiet", .kind = FLAG_BOOL, .help = "do not show builds" },
};

static const struct cmd_example examples[] = {
	{ "copy what changes into the services, as the files say",
	  "dhow compose watch" },
};

const struct cmd cmd_compose_watch = {
	.path = "compose watch",
	.summary = "do what develop.watch says when files change",
	.operands = "[SERVICE...]",
	.about = "Services are built and started first. Ctrl-C ends watching "
		 "and leaves them running.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.run = run,
};
