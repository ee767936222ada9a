/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_manifest_push.c - dhow manifest push.
 */
#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/copy_flags.h"
#include "cli/manifest_list.h"
#include "cli/pull_image.h"
#include "cli/transfer_show.h"
#include "registry/registry.h"

static const struct flag flags[] = {
	{ .name = "add-compression",
	  .meta = "FORMAT",
	  .kind = FLAG_LIST,
	  .refuse =
		  "an entry is pushed in one compression; --compression-format chooses it",
	  .hidden = true },
	{ .name = "all",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "accepted for scripts: what is listed is always sent with it" },
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	COPY_FLAG_COMPRESSION_FORMAT,
	COPY_FLAG_COMPRESSION_LEVEL,
	PULL_FLAG_CREDS,
	COPY_FLAG_DIGESTFILE,
	COPY_FLAG_FORCE_COMPRESSION,
	COPY_FLAG_FORMAT,
	{ .name = "insecure",
	  .kind = FLAG_BOOL,
	  .help = "permit plain HTTP and any certificate" },
	{ .name = "purge",
	  .letter = 'p',
	  .kind = FLAG_BOOL,
	  .help = "remove the list here afterwards" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print the digest only" },
	{ .name = "remove-signatures",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .hidden = true,
	  .help = "accepted for scripts: no signature is copied" },
	{ .name = "rm", .kind = FLAG_ALIAS, .alias_of = "purge" },
	COPY_FLAGS_SIGN,
	PULL_FLAG_TLS_VERIFY,
};

static int
send_list(struct cmd_ctx *ctx, struct session *session,
	  const struct manifest_list *list)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct copy_said push = { .err = ctx->err,
				  .digestfile =
					  args_str(ctx->args, "digestfile") };
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = args_bool(ctx->args, "quiet")
						       ? PROGRESS_QUIET
						       : PROGRESS_AUTO,
				      .stdin_fd = -1,
				      .event = copy_say_digest,
				      .data = &push };
	int r = pull_request_from_args(ctx, &request);

	if (r == 0)
		r = copy_request_from_args(ctx, &request);
	if (r < 0)
		return r;
	request.op = TRANSFER_PUSH_LIST;
	request.config = node_clone(list->index);
	request.target = xstrdup(args_operand(ctx->args, 1) ?: list->name);
	r = transfer_show(session, &request, &show, ctx->err);
	return r < 0 ? r : push.status;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	int r = manifest_list_open(ctx, &session, args_operand(ctx->args, 0),
				   &list);

	if (r == 0)
		r = manifest_list_need(&list);
	if (r == 0)
		r = send_list(ctx, &session, &list);
	if (r == 0 && args_bool(ctx->args, "purge"))
		r = manifest_list_drop(&list);
	return r;
}

static const struct cmd_example examples[] = {
	{ "send a list to the registry its name says",
	  "dhow manifest push --rm localhost:5000/app:1" },
};

const struct cmd cmd_manifest_push = {
	.path = "manifest push",
	.summary = "send a list and what it lists to a registry",
	.operands = "LIST [DESTINATION]",
	.about =
		"What the registry lacks of the images in the list is sent with it, from here or from where the list found it.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 2,
	.run = run,
};
