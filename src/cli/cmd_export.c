/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_export.c - dhow export.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "container/cp.h"

static int
open_output(struct cmd_ctx *ctx, const char *path)
{
	int fd;

	if (path) {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		return fd < 0 ? err_sys(ctx->err, "open '%s'", path) : fd;
	}
	if (isatty(STDOUT_FILENO)) {
		(void)err_set(ctx->err, EINVAL,
			      "an archive is not written to a terminal");
		err_hint(ctx->err, "give a file with --output");
		return -EINVAL;
	}
	fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? err_sys(ctx->err, "use standard output") : fd;
}

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
	fd = open_output(ctx, path);
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
