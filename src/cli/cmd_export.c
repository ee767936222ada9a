/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_export.c - dhow export.
 */
#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/archive_output.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "container/cp.h"

static int
run_export(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_container struct container container = CONTAINER_INIT;
	const char *path = args_str(ctx->args, "output");
	cleanup_close int fd = -EBADF;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = container_find(&session, args_operand(ctx->args, 0),
				   &container, ctx->err);
	if (r < 0)
		return r;
	fd = archive_output_open(path, ctx->err);
	if (fd < 0)
		return fd;
	r = cp_export(&session, &container, fd, ctx->err);
	/* A part of an archive is none. */
	if (r < 0 && path)
		(void)unlink(path);
	return r;
}

static const struct flag flags[] = {
	{ .name = "output",
	  .kind = FLAG_STR,
	  .letter = 'o',
	  .meta = "FILE",
	  .help = "write to a file instead of standard output",
	  .offer = OFFER_FILE },
};

static const struct cmd_example examples[] = {
	{ "keep the files of a container", "dhow export -o web.tar web" },
	{ "make an image of one layer of them",
	  "dhow export web | dhow import - web:flat" },
};

const struct cmd cmd_export = {
	.path = "export",
	.aliases = "container export",
	.summary = "write a container's files as a tar archive",
	.operands = "CONTAINER",
	.about = "The archive has the root file system as the container sees "
		 "it, without volumes and whatever else is mounted there.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.run = run_export,
};
