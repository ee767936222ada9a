/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_copy.c - dhow copy.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/copy_flags.h"
#include "cli/pull_image.h"
#include "cli/transfer_show.h"
#include "registry/registry.h"

static const struct flag flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "copy every platform of an image, and its index" },
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	COPY_FLAG_COMPRESSION_FORMAT,
	COPY_FLAG_COMPRESSION_LEVEL,
	{ .name = "dest-creds",
	  .meta = "USER:PASSWORD",
	  .kind = FLAG_STR,
	  .help = "credentials for the registry that is copied to" },
	{ .name = "dest-tls-verify",
	  .kind = FLAG_BOOL,
	  .help = "as --tls-verify, for the registry that is copied to" },
	COPY_FLAG_DIGESTFILE,
	COPY_FLAG_FORCE_COMPRESSION,
	COPY_FLAG_FORMAT,
	{ .name = "platform",
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_STR,
	  .conflicts = "all",
	  .help = "which of an image's platforms to copy" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print the digest of what was copied only" },
	PULL_FLAG_RETRY,
	PULL_FLAG_RETRY_DELAY,
	{ .name = "src-creds",
	  .meta = "USER:PASSWORD",
	  .kind = FLAG_STR,
	  .help = "credentials for the registry that is copied from" },
	{ .name = "src-tls-verify",
	  .kind = FLAG_BOOL,
	  .help = "as --tls-verify, for the registry that is copied from" },
	PULL_FLAG_TLS_VERIFY,
};

static int64_t
tls_of(bool given, bool insists, int64_t fallback)
{
	if (!given)
		return fallback;
	return insists ? REGISTRY_TLS_VERIFY : REGISTRY_TLS_OFF;
}

static int
fill_request(struct cmd_ctx *ctx, struct transfer_request *request)
{
	const struct args *args = ctx->args;
	int r = pull_request_from_args(ctx, request);

	if (r == 0)
		r = copy_request_from_args(ctx, request);
	if (r < 0)
		return r;
	request->op = TRANSFER_COPY;
	request->input = xstrdup(args_operand(args, 0));
	request->target = xstrdup(args_operand(args, 1));
	request->all = args_bool(args, "all");
	request->user_pass = xstrdup_null(args_str(args, "dest-creds"));
	request->src_user_pass = xstrdup_null(args_str(args, "src-creds"));
	request->src_tls =
		tls_of(args_given(args, "src-tls-verify"),
		       args_bool(args, "src-tls-verify"), request->tls);
	request->tls = tls_of(args_given(args, "dest-tls-verify"),
			      args_bool(args, "dest-tls-verify"), request->tls);
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	struct copy_said copy = { .err = ctx->err,
				  .digestfile =
					  args_str(ctx->args, "digestfile") };
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = args_bool(ctx->args, "quiet")
						       ? PROGRESS_QUIET
						       : PROGRESS_AUTO,
				      .stdin_fd = -1,
				      .event = copy_say_digest,
				      .data = &copy };
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = fill_request(ctx, &request);
	if (r == 0)
		r = transfer_show(&session, &request, &show, ctx->err);
	return r < 0 ? r : copy.status;
}

static const struct cmd_example examples[] = {
	{ "keep an image as files", "dhow copy debian:12 oci:debian-files:12" },
};

const struct cmd cmd_copy = {
	.path = "copy",
	.aliases = "image copy",
	.summary = "copy an image from one place to another",
	.operands = "SOURCE DESTINATION",
	.about =
		"Nothing is unpacked, and as far as nothing has to change, digests stay what they are. Between repositories of one registry no layer passes this host.\n\n"
		"Places are docker://NAME (a registry), oci:DIR[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME], dir:DIR and containers-storage:NAME (the images of dhow, where it is unpacked too). A SOURCE without a transport is an image of dhow.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 2,
	.max_operands = 2,
	.offer = OFFER_IMAGE,
	.run = run,
};
