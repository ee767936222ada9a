/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_prune.c - dhow container prune, image prune, system prune.
 */
#include <errno.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/confirm.h"
#include "cli/prune.h"

static const char *const keys[] = { "label", "label!", "until", NULL };

/* container prune */

static const struct flag container_flags[] = {
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "remove those that match: label, until" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
};

static int
run_container(struct cmd_ctx *ctx)
{
	cleanup_prune struct prune prune = PRUNE_INIT;
	int r = prune_open(&prune, ctx, keys);

	if (r < 0)
		return r;
	if (!args_bool(ctx->args, "force") &&
	    !confirm("This will remove all stopped containers."))
		return 0;
	r = prune_containers(&prune);
	return r < 0 ? r : prune_report(&prune);
}

static const struct cmd_example container_examples[] = {
	{ "remove what ended a day ago or earlier",
	  "dhow container prune -f --filter until=24h" },
};

const struct cmd cmd_container_prune = {
	.path = "container prune",
	.summary = "remove containers that do not run",
	.about = "Their volumes stay.",
	CMD_FLAGS(container_flags),
	CMD_EXAMPLES(container_examples),
	.run = run_container,
};

/* image prune */

static const struct flag image_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "remove images that have a name too" },
	{ .name = "build-cache",
	  .kind = FLAG_BOOL,
	  .help = "remove all build cache too, as builder prune --all" },
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "remove those that match: dangling, label, until" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
};

static int
run_image(struct cmd_ctx *ctx)
{
	static const char *const image_keys[] = { "dangling", "label", "label!",
						  "until", NULL };
	cleanup_prune struct prune prune = PRUNE_INIT;
	bool dangling = !args_bool(ctx->args, "all");
	int r = prune_open(&prune, ctx, image_keys);

	if (r == 0)
		r = filter_bool(&prune.filter, "dangling", &dangling, ctx->err);
	if (r < 0)
		return r;
	if (!args_bool(ctx->args, "force") &&
	    !confirm(
		    dangling
			    ? "This will remove all dangling images."
			    : "This will remove all images without at least one container associated to them."))
		return 0;
	r = prune_images(&prune, !dangling);
	if (r == 0 && args_bool(ctx->args, "build-cache"))
		r = prune_build_cache(&prune, true);
	return r < 0 ? r : prune_report(&prune);
}

static const struct cmd_example image_examples[] = {
	{ "remove images that lost their name", "dhow image prune -f" },
};

const struct cmd cmd_image_prune = {
	.path = "image prune",
	.summary = "remove images that nobody needs",
	.about = "Images that a container was made of stay. Without --all "
		 "only those without a name go; with it what was fetched of "
		 "images that are not here yet goes too.",
	CMD_FLAGS(image_flags),
	CMD_EXAMPLES(image_examples),
	.run = run_image,
};

/* system prune */

static const struct flag system_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "remove images that have a name too" },
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "remove those that match: label, until" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
	{ .name = "volumes",
	  .kind = FLAG_BOOL,
	  .help = "remove volumes without a name too" },
};

static bool
confirm_system(bool all, bool volumes)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text,
		      "This will remove:\n"
		      "  - all stopped containers\n"
		      "  - all networks not used by at least one container\n");
	if (volumes)
		strbuf_addstr(
			&text,
			"  - all anonymous volumes not used by at least one container\n");
	strbuf_addstr(
		&text,
		all ? "  - all images without at least one container associated to them\n"
		    : "  - all dangling images\n");
	strbuf_addstr(&text, all ? "  - all build cache\n"
				 : "  - unused build cache\n");
	return confirm(text.buf);
}

static int
run_system(struct cmd_ctx *ctx)
{
	cleanup_prune struct prune prune = PRUNE_INIT;
	bool all = args_bool(ctx->args, "all");
	bool volumes = args_bool(ctx->args, "volumes");
	int r = prune_open(&prune, ctx, keys);

	if (r == 0 && volumes && filter_has(&prune.filter, "until"))
		r = err_set(ctx->err, EINVAL,
			    "the filter 'until' does not go with --volumes");
	if (r < 0)
		return r;
	if (!args_bool(ctx->args, "force") && !confirm_system(all, volumes))
		return 0;
	r = prune_containers(&prune);
	if (r == 0)
		r = prune_networks(&prune);
	if (r == 0 && volumes)
		r = prune_volumes(&prune, false);
	if (r == 0)
		r = prune_images(&prune, all);
	/* A step has no labels. */
	if (r == 0 && !filter_has(&prune.filter, "label"))
		r = prune_build_cache(&prune, all);
	return r < 0 ? r : prune_report(&prune);
}

static const struct cmd_example system_examples[] = {
	{ "remove what is not in use, without asking", "dhow system prune -f" },
};

const struct cmd cmd_system_prune = {
	.path = "system prune",
	.summary = "remove containers, networks and images that are not in use",
	CMD_FLAGS(system_flags),
	CMD_EXAMPLES(system_examples),
	.run = run_system,
};
