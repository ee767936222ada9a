/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_import.c - dhow import.
 */
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/pull_image.h"
#include "cli/transfer_show.h"

static const struct flag flags[] = {
	{ .name = "arch",
	  .meta = "ARCH",
	  .kind = FLAG_STR,
	  .conflicts = "platform",
	  .help = "architecture to record, if not that of the host" },
	{ .name = "change",
	  .letter = 'c',
	  .meta = "INSTRUCTION",
	  .kind = FLAG_LIST,
	  .help = "apply a Dockerfile instruction: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR" },
	{ .name = "message",
	  .letter = 'm',
	  .meta = "TEXT",
	  .kind = FLAG_STR,
	  .help = "comment for the history" },
	{ .name = "os",
	  .meta = "OS",
	  .kind = FLAG_STR,
	  .conflicts = "platform",
	  .help = "operating system to record" },
	{ .name = "platform",
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_STR,
	  .help = "platform to record" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "do not show how far a download is" },
	{ .name = "variant",
	  .meta = "VARIANT",
	  .kind = FLAG_STR,
	  .conflicts = "platform",
	  .help = "variant of the architecture to record" },
};

static void
on_event(void *data, struct progress *progress,
	 const struct transfer_event *event)
{
	if (event->kind != TRANSFER_IMAGE)
		return;
	progress_end(progress);
	(void)printf("%s\n", event->id);
	(void)fflush(stdout);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	const char *input = args_operand(ctx->args, 0);
	bool from_stdin = strcmp(input, "-") == 0;
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_QUIET,
				      .stdin_fd = -1,
				      .event = on_event };
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = pull_request_from_args(ctx, &request);
	if (r < 0)
		return r;
	request.op = TRANSFER_IMPORT;
	request.input = from_stdin ? NULL : xstrdup(input);
	request.name = xstrdup_null(args_operand(ctx->args, 1));
	request.message = xstrdup_null(args_str(ctx->args, "message"));
	strvec_add_all(&request.changes, args_list(ctx->args, "change"));
	if (!args_bool(ctx->args, "quiet") && isatty(STDERR_FILENO))
		show.style = PROGRESS_LIVE;
	if (from_stdin)
		show.stdin_fd = STDIN_FILENO;
	return transfer_show(&session, &request, &show, ctx->err);
}

static const struct cmd_example examples[] = {
	{ "make an image of a root file system",
	  "dhow import --change 'CMD [\"/bin/sh\"]' rootfs.tar.gz mine:1" },
};

const struct cmd cmd_import = {
	.path = "import",
	.aliases = "image import",
	.summary = "make an image of a root file system's archive",
	.operands = "FILE|URL|- [NAME[:TAG]]",
	.about =
		"The archive (tar, plain or compressed) becomes the only layer of a new image, whose id is printed.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_FILE,
	.run = run,
};
