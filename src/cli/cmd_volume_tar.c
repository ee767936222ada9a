/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_volume_tar.c - dhow volume export and import.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/archive_output.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "container/volume_tar.h"

/* export */

static const struct flag export_flags[] = {
	{ .name = "output",
	  .letter = 'o',
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .help = "write to a file instead of standard output",
	  .offer = OFFER_FILE },
};

static int
run_export(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	const char *path = args_str(ctx->args, "output");
	cleanup_close int fd = -EBADF;
	int r = cmd_session(ctx, &session);

	if (r < 0)
		return r;
	fd = archive_output_open(path, ctx->err);
	if (fd < 0)
		return fd;
	r = volume_tar_export(&session, args_operand(ctx->args, 0), fd,
			      ctx->err);
	/* A part of an archive is none. */
	if (r < 0 && path)
		(void)unlink(path);
	return r;
}

static const struct cmd_example export_examples[] = {
	{ "keep a copy of a volume", "dhow volume export -o data.tar data" },
	{ "copy one volume to another",
	  "dhow volume export data | dhow volume import copy -" },
};

const struct cmd cmd_volume_export = {
	.path = "volume export",
	.summary = "write a volume's files as a tar archive",
	.operands = "VOLUME",
	.about = "Containers that use the volume go on meanwhile; a file that "
		 "one of them makes shorter while it is read ends the export.",
	CMD_FLAGS(export_flags),
	CMD_EXAMPLES(export_examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_VOLUME,
	.run = run_export,
};

/* import */

static int
run_import(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	const char *path = args_operand(ctx->args, 1);
	bool piped = !path || strcmp(path, "-") == 0;
	cleanup_close int fd = -EBADF;
	int r = cmd_session(ctx, &session);

	if (r < 0)
		return r;
	fd = piped ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
		   : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(ctx->err, "open '%s'",
			       piped ? "standard input" : path);
	r = volume_tar_import(&session, args_operand(ctx->args, 0), fd,
			      ctx->err);
	if (r == -EBADMSG)
		err_hint(ctx->err, "a compressed archive has to be unpacked "
				   "first: gunzip | dhow volume import ...");
	return r;
}

static const struct cmd_example import_examples[] = {
	{ "bring back what was kept", "dhow volume import data data.tar" },
};

const struct cmd cmd_volume_import = {
	.path = "volume import",
	.summary = "unpack a tar archive into a volume",
	.operands = "VOLUME [FILE]",
	.about =
		"Without FILE, or with -, the archive is read from standard "
		"input. The volume has to be there; its files stay, unless the "
		"archive has others of the same names. Owners are taken as "
		"the archive has them.",
	CMD_EXAMPLES(import_examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_VOLUME,
	.run = run_import,
};
