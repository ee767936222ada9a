/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_builder_prune.c - dhow builder prune.
 */
#include <stdio.h>
#include <sys/statvfs.h>

#include "base/units.h"
#include "cli/build_cache_rows.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/confirm.h"
#include "cli/say.h"

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "everything, not only what nothing uses" },
	{ .name = "builder",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .ignore = "",
	  .hidden = true },
	{ .name = "filter",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "only what matches: until=24h, id, type, unused-for, inuse, shared, private, description" },
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
	{ .name = "keep-storage",
	  .kind = FLAG_ALIAS,
	  .alias_of = "reserved-space" },
	{ .name = "max-used-space",
	  .meta = "BYTES",
	  .kind = FLAG_SIZE,
	  .help = "remove the least used until no more than this is left" },
	{ .name = "min-free-space",
	  .meta = "BYTES",
	  .kind = FLAG_SIZE,
	  .help = "remove the least used until the disk has so much room" },
	{ .name = "reserved-space",
	  .meta = "BYTES",
	  .kind = FLAG_SIZE,
	  .help = "keep so much in any case" },
	{ .name = "verbose",
	  .kind = FLAG_BOOL,
	  .help = "print all there is of what was removed" },
};

/* What of the cache stays so that the disk has @min_free bytes. */
static int64_t
keep_for_free(const char *dir, uint64_t used, uint64_t min_free)
{
	struct statvfs st;
	uint64_t free_bytes, missing;

	if (statvfs(dir, &st) < 0)
		return 0;
	free_bytes = (uint64_t)st.f_bavail * st.f_frsize;
	if (free_bytes >= min_free)
		return (int64_t)used;
	missing = min_free - free_bytes;
	return missing < used ? (int64_t)(used - missing) : 0;
}

/*
 * How many bytes may stay. The upper bound and the disk's needs say, but never
 * below what is reserved; 0: no bound was given.
 */
static int
fill_bound(struct cmd_ctx *ctx, struct session *session,
	   struct build_prune *prune)
{
	const struct args *args = ctx->args;
	int64_t reserved = args_int(args, "reserved-space");
	int64_t keep = args_int(args, "max-used-space");
	struct build_cache_list list = { .rows = NULL };
	int r;

	if (args_given(args, "min-free-space")) {
		int64_t room;

		r = build_cache_list(session, &list, ctx->err);
		if (r < 0)
			return r;
		room = keep_for_free(session->paths.data,
				     build_cache_rows_bytes(&list, false),
				     (uint64_t)args_int(args,
							"min-free-space"));
		build_cache_list_release(&list);
		/* 0 would mean "no bound": one byte is as good as none. */
		room = room ? room : 1;
		keep = keep && keep < room ? keep : room;
	}
	prune->keep_bytes = keep > reserved ? keep : reserved;
	return 0;
}

static int
prune_cache(struct cmd_ctx *ctx, struct session *session,
	    struct build_cache_filter *filter)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct build_cache_list removed = { .rows = NULL };
	struct build_prune prune = {
		.all = args_bool(ctx->args, "all"),
		.older_ns = filter->older_ns,
		.wants = build_cache_filter_match,
		.arg = filter,
	};
	uint64_t bytes = 0;
	int r = fill_bound(ctx, session, &prune);

	if (r == 0)
		r = build_cache_prune(session, &prune, &removed, &bytes,
				      ctx->err);
	if (r == 0 && removed.len) {
		strbuf_addstr(&out, "Deleted build cache objects:\n");
		if (args_bool(ctx->args, "verbose"))
			r = build_cache_rows_add(&removed, NULL, true, &out,
						 ctx->err);
		else
			for (size_t i = 0; i < removed.len; i++)
				strbuf_addf(&out, "%s\n", removed.rows[i].id);
		strbuf_addch(&out, '\n');
	}
	build_cache_list_release(&removed);
	if (r < 0)
		return r;
	strbuf_addstr(&out, "Total reclaimed space: ");
	units_add_size(&out, bytes);
	strbuf_addch(&out, '\n');
	say_text(&out);
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	struct build_cache_filter filter = BUILD_CACHE_FILTER_INIT;
	bool all = args_bool(ctx->args, "all");
	int r = build_cache_filter_init(&filter, args_list(ctx->args, "filter"),
					ctx->err);

	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0 && !args_bool(ctx->args, "force") &&
	    !confirm(all ? "This will remove all build cache."
			 : "This will remove all dangling build cache."))
		r = 1;
	if (r == 0)
		r = prune_cache(ctx, &session, &filter);
	build_cache_filter_release(&filter);
	return r < 0 ? r : 0;
}

static const struct cmd_example examples[] = {
	{ "remove what no image and no later step uses",
	  "dhow builder prune --force" },
	{ "remove what was not used for a week",
	  "dhow builder prune --all --force --filter until=168h" },
};

const struct cmd cmd_builder_prune = {
	.path = "builder prune",
	.aliases = "buildx prune",
	.summary = "remove what builds have left in their cache",
	.about =
		"Removing it never harms an image: the next build only does more steps again. Caches of RUN --mount=type=cache go with --all.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
