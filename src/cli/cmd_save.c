/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_save.c - dhow save.
 */
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/transfer_show.h"

static const struct flag flags[] = {
	{ .name = "compress",
	  .kind = FLAG_BOOL,
	  .ignore =
		  "layers are saved as they are kept, most of them compressed",
	  .hidden = true,
	  .help = "compress layers" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_ENUM,
	  .values = "docker-archive|oci-archive|oci-dir|docker-dir",
	  .fallback = "docker-archive",
	  .help = "docker-archive is an OCI archive too; oci-archive is only that" },
	{ .name = "multi-image-archive",
	  .letter = 'm',
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "accepted for scripts: several images always go into one archive" },
	{ .name = "output",
	  .letter = 'o',
	  .meta = "FILE",
	  .kind = FLAG_STR,
	  .offer = OFFER_FILE,
	  .help = "write to a file or directory, not to standard output" },
	{ .name = "platform",
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_STR,
	  .help = "insist on this platform of the images" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "do not show how far it is" },
	{ .name = "uncompressed",
	  .kind = FLAG_BOOL,
	  .refuse = "layers are saved as they are kept, and keep their digests",
	  .hidden = true },
};

/* "oci-archive:FILE"; FILE is "-" for standard output. */
static int
target_of(struct cmd_ctx *ctx, char **ret_target)
{
	static const struct {
		const char *format;
		const char *prefix;
		bool is_dir;
	} formats[] = {
		{ "docker-archive", "docker-archive:", false },
		{ "docker-dir", "dir:", true },
		{ "oci-archive", "oci-archive:", false },
		{ "oci-dir", "oci:", true },
	};
	const char *format = args_str(ctx->args, "format");
	const char *output = args_str(ctx->args, "output");
	size_t i = 0;

	while (strcmp(formats[i].format, format) != 0)
		i++;
	if (!output && formats[i].is_dir) {
		err_set(ctx->err, EINVAL, "--format %s writes a directory",
			format);
		err_hint(ctx->err, "name it: --output DIR");
		return -EINVAL;
	}
	if (!output && isatty(STDOUT_FILENO)) {
		err_set(ctx->err, EINVAL, "standard output is a terminal");
		err_hint(ctx->err, "name a file: --output FILE, or > FILE");
		return -EINVAL;
	}
	if (output && strchr(output, ':'))
		return err_set(ctx->err, EINVAL,
			       "--output '%s': a name with ':' cannot be told "
			       "from a transport's",
			       output);
	if (formats[i].is_dir && ctx->args->operands.len > 1 &&
	    strcmp(format, "docker-dir") == 0)
		return err_set(ctx->err, EINVAL,
			       "--format docker-dir holds one image");
	*ret_target = xasprintf("%s%s", formats[i].prefix, output ?: "-");
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	bool quiet = args_bool(ctx->args, "quiet") || !isatty(STDERR_FILENO);
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = quiet ? PROGRESS_QUIET
						     : PROGRESS_LIVE,
				      .stdin_fd = -1 };
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = target_of(ctx, &request.target);
	if (r < 0)
		return r;
	request.op = TRANSFER_SAVE;
	request.platform = xstrdup_null(args_str(ctx->args, "platform"));
	strvec_add_all(&request.names, &ctx->args->operands);
	show.gives_stdout = !args_given(ctx->args, "output");
	return transfer_show(&session, &request, &show, ctx->err);
}

static const struct cmd_example examples[] = {
	{ "save an image to a file", "dhow save -o debian.tar debian:12" },
	{ "bring it to another host",
	  "dhow save debian:12 | zstd >debian.tar.zst" },
};

const struct cmd cmd_save = {
	.path = "save",
	.aliases = "image save",
	.summary = "write images to an archive",
	.operands = "IMAGE...",
	.about =
		"The archive is read by docker load, podman load and dhow load, and is an OCI image layout at the same time. Layers are written as they are kept, so that digests stay what they are; the same images give the same bytes.\n\n"
		"A name without a tag stands for all of its tags. An image that is given by its id is saved without a name.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.run = run,
};
