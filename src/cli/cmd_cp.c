/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_cp.c - dhow cp.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "container/cp.h"

/* One operand, cut: "CONTAINER:PATH", a path of the host, or "-". */
struct place {
	char *name; /* of the container, or NULL */
	const char *path;
	struct container container;
	struct cp_end end;
};

static void
place_release(struct place *place)
{
	free(place->name);
	container_release(&place->container);
}

#define cleanup_place cleanup_release(place_release)

/* A colon behind a slash or a dot belongs to a name of the host. */
static int
cut_place(const char *text, struct place *place, struct err *err)
{
	const char *colon = strchr(text, ':');

	place->path = text;
	if (!colon || colon == text || *text == '/' || *text == '.' ||
	    memchr(text, '/', (size_t)(colon - text)))
		return 0;
	place->name = xstrndup(text, (size_t)(colon - text));
	place->path = colon + 1;
	return *place->path ? 0
			    : err_set(err, EINVAL, "'%s' names no path", text);
}

static int
open_place(struct session *session, struct place *place, struct err *err)
{
	int r = 0;

	if (place->name)
		r = container_find(session, place->name, &place->container,
				   err);
	place->end.container = place->name ? &place->container : NULL;
	place->end.path = place->path;
	if (!place->name && !strcmp(place->path, "-"))
		place->end.path = NULL;
	return r;
}

static int
check_places(const struct place *from, const struct place *to, struct err *err)
{
	if (from->name || to->name)
		return 0;
	(void)err_set(err, EINVAL, "neither '%s' nor '%s' is in a container",
		      from->path, to->path);
	err_hint(err, "a path in a container is written CONTAINER:PATH");
	return -EINVAL;
}

static void
tell(const struct cmd_ctx *ctx, uint64_t bytes, const struct place *to)
{
	cleanup_strbuf struct strbuf size = STRBUF_INIT;

	if (args_bool(ctx->args, "quiet") || !isatty(STDERR_FILENO) ||
	    !to->end.path)
		return;
	units_add_size(&size, bytes);
	(void)fprintf(stderr, "Successfully copied %s to %s%s%s\n", size.buf,
		      to->name ?: "", to->name ? ":" : "", to->path);
}

static int
run_cp(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_place struct place from = { .container = CONTAINER_INIT };
	cleanup_place struct place to = { .container = CONTAINER_INIT };
	struct cp_options options = {
		.follow = args_bool(ctx->args, "follow-link"),
		.keep_owners = args_bool(ctx->args, "archive"),
		.replaces = args_bool(ctx->args, "overwrite"),
	};
	uint64_t bytes = 0;
	int r;

	r = cut_place(args_operand(ctx->args, 0), &from, ctx->err);
	if (r == 0)
		r = cut_place(args_operand(ctx->args, 1), &to, ctx->err);
	if (r == 0)
		r = check_places(&from, &to, ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = open_place(&session, &from, ctx->err);
	if (r == 0)
		r = open_place(&session, &to, ctx->err);
	if (r == 0 && !to.end.path && isatty(STDOUT_FILENO))
		r = err_set(ctx->err, EINVAL,
			    "an archive is not written to a terminal");
	if (r == 0)
		r = cp_run(&session, &from.end, &to.end, &options, &bytes,
			   ctx->err);
	if (r == 0)
		tell(ctx, bytes, &to);
	return r;
}

static const struct flag flags[] = {
	{ .name = "archive",
	  .kind = FLAG_BOOL,
	  .letter = 'a',
	  .help = "keep the numbers of users and groups" },
	{ .name = "follow-link",
	  .kind = FLAG_BOOL,
	  .letter = 'L',
	  .help = "copy what a link leads to, not the link" },
	{ .name = "overwrite",
	  .kind = FLAG_BOOL,
	  .help = "replace a directory by a file, or a file by a directory" },
	{ .name = "quiet",
	  .kind = FLAG_BOOL,
	  .letter = 'q',
	  .help = "do not tell what was copied" },
};

static const struct cmd_example examples[] = {
	{ "take a file out of a container",
	  "dhow cp web:/etc/nginx/nginx.conf ." },
	{ "put what is in a directory into a container",
	  "dhow cp ./site/. web:/usr/share/nginx/html" },
	{ "list what is in a directory of a container",
	  "dhow cp web:/var/log - | tar t" },
};

const struct cmd cmd_cp = {
	.path = "cp",
	.aliases = "container cp",
	.summary = "copy files between a container and the host",
	.operands = "[CONTAINER:]SOURCE|- [CONTAINER:]TARGET|-",
	.about = "What is copied gets its name in an existing directory, and "
		 "the target's name elsewhere; with SOURCE/. only what is in a "
		 "directory is copied. Paths in a container begin at its root, "
		 "volumes included, and lead nowhere else. The container need "
		 "not run.\n\n"
		 "- is an archive: tar on standard input is unpacked into the "
		 "directory TARGET, or SOURCE is written to standard output as "
		 "tar.\n\n"
		 "A copy in a container belongs to its root, a copy on the "
		 "host to you.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 2,
	.max_operands = 2,
	.offer = OFFER_CONTAINER,
	.run = run_cp,
};
