/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_load.c - dhow load.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/transfer_show.h"
#include "spec/ref.h"

static const struct flag flags[] = {
	{ .name = "input",
	  .letter = 'i',
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "read an archive or a directory, not standard input" },
	{ .name = "platform",
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_STR,
	  .help = "which of an image's platforms to load" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print only what was loaded" },
};

static void
on_event(void *data, struct progress *progress,
	 const struct transfer_event *event)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (event->kind != TRANSFER_IMAGE)
		return;
	progress_end(progress);
	if (event->name && ref_parse(event->name, &ref, NULL) == 0) {
		ref_add_familiar(&name, &ref);
		(void)printf("Loaded image: %s\n", name.buf);
	} else {
		(void)printf("Loaded image ID: %s\n", event->id);
	}
	(void)fflush(stdout);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	const char *input = args_str(ctx->args, "input");
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_QUIET,
				      .stdin_fd = -1,
				      .event = on_event };
	int r;

	r = cmd_session(ctx, &session);
	if (r < 0)
		return r;
	if (!input && isatty(STDIN_FILENO)) {
		err_set(ctx->err, EINVAL, "standard input is a terminal");
		err_hint(ctx->err, "give an archive: --input FILE, or < FILE");
		return -EINVAL;
	}
	request.op = TRANSFER_LOAD;
	request.input = xstrdup_null(input);
	request.platform = xstrdup_null(args_str(ctx->args, "platform"));
	if (!input)
		show.stdin_fd = STDIN_FILENO;
	if (!args_bool(ctx->args, "quiet") && isatty(STDERR_FILENO))
		show.style = PROGRESS_LIVE;
	return transfer_show(&session, &request, &show, ctx->err);
}

static const struct cmd_example examples[] = {
	{ "load what docker or podman saved", "dhow load -i image.tar.gz" },
};

const struct cmd cmd_load = {
	.path = "load",
	.aliases = "image load",
	.summary = "load images from an archive",
	.about =
		"Reads what docker save and podman save write (docker-archive and OCI layout), plain or compressed by gzip, zstd, bzip2 or xz, and directories with an OCI layout.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
