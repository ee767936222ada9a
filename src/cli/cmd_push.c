/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_push.c - dhow push.
 */
#include "base/alloc.h"
#include "base/fsx.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/copy_flags.h"
#include "cli/pull_image.h"
#include "cli/transfer_show.h"
#include "spec/ref.h"

static const struct flag flags[] = {
	{ .name = "all-tags",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "push every tag of the repository that is here" },
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	{ .name = "compress",
	  .kind = FLAG_BOOL,
	  .ignore = "layers are always compressed",
	  .hidden = true,
	  .help = "compress layers" },
	COPY_FLAG_COMPRESSION_FORMAT,
	COPY_FLAG_COMPRESSION_LEVEL,
	PULL_FLAG_CREDS,
	COPY_FLAG_DIGESTFILE,
	{ .name = "disable-content-trust",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .refuse = "signatures are not checked: cosign can",
	  .harmless = "true",
	  .help = "true is accepted: there is nothing to disable" },
	{ .name = "encrypt-layer",
	  .meta = "N",
	  .kind = FLAG_CSV,
	  .refuse = COPY_NO_ENCRYPTION,
	  .hidden = true },
	{ .name = "encryption-key",
	  .meta = "KEY",
	  .kind = FLAG_LIST,
	  .refuse = COPY_NO_ENCRYPTION,
	  .hidden = true },
	COPY_FLAG_FORCE_COMPRESSION,
	COPY_FLAG_FORMAT,
	{ .name = "platform",
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_STR,
	  .help = "insist on this platform of the image" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print the reference only" },
	{ .name = "remove-signatures",
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .hidden = true,
	  .help = "accepted for scripts: no signature is copied" },
	PULL_FLAG_RETRY,
	PULL_FLAG_RETRY_DELAY,
	COPY_FLAGS_SIGN,
	PULL_FLAG_TLS_VERIFY,
};

struct push_cmd {
	struct cmd_ctx *ctx;
	bool quiet;
	const char *digestfile;
	int status; /* of writing the digest */
};

static void
say_begin(struct progress *progress, const char *name)
{
	cleanup_strbuf struct strbuf repo = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (!name || ref_parse(name, &ref, NULL) < 0)
		return;
	ref_add_name(&repo, &ref);
	progress_say(progress, "The push refers to repository [%s]", repo.buf);
}

static void
say_copied(struct push_cmd *push, struct progress *progress,
	   const struct transfer_event *event)
{
	cleanup_ref struct ref ref = REF_INIT;

	progress_end(progress);
	if (push->digestfile && push->status == 0)
		push->status = copy_write_digest(push->digestfile,
						 event->digest, push->ctx->err);
	if (push->quiet)
		(void)printf("%s\n", event->name ?: event->digest);
	else if (event->name && ref_parse(event->name, &ref, NULL) == 0 &&
		 ref.tag)
		progress_say(progress, "%s: digest: %s size: %lld", ref.tag,
			     event->digest, (long long)event->bytes_total);
}

static void
on_event(void *data, struct progress *progress,
	 const struct transfer_event *event)
{
	struct push_cmd *push = data;

	if (event->kind == TRANSFER_BEGIN)
		say_begin(progress, event->name);
	if (event->kind == TRANSFER_COPIED)
		say_copied(push, progress, event);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	struct push_cmd push = { .ctx = ctx,
				 .quiet = args_bool(ctx->args, "quiet"),
				 .digestfile =
					 args_str(ctx->args, "digestfile") };
	struct transfer_show show = { .fd = STDOUT_FILENO,
				      .style = push.quiet ? PROGRESS_QUIET
							  : PROGRESS_AUTO,
				      .stdin_fd = -1,
				      .event = on_event,
				      .data = &push };
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = pull_request_from_args(ctx, &request);
	if (r == 0)
		r = copy_request_from_args(ctx, &request);
	if (r < 0)
		return r;
	request.op = TRANSFER_PUSH;
	request.name = xstrdup(args_operand(ctx->args, 0));
	request.target = xstrdup_null(args_operand(ctx->args, 1));
	request.all = args_bool(ctx->args, "all-tags");
	/* The platform of the environment is one to pull for. */
	if (!args_given(ctx->args, "platform"))
		free(take_ptr(request.platform));
	r = transfer_show(&session, &request, &show, ctx->err);
	return r < 0 ? r : push.status;
}

static const struct cmd_example examples[] = {
	{ "give an image a name at a registry",
	  "dhow tag debian:12 localhost:5000/team/base:1" },
};

const struct cmd cmd_push = {
	.path = "push",
	.aliases = "image push",
	.summary = "send an image to a registry",
	.operands = "NAME[:TAG] [DESTINATION]",
	.about =
		"What the registry has is not sent again; a layer that another repository of it has is taken over from there. Layers are sent as they are kept, compressed when they are not, and several at once. A push that was cut goes on where the registry says that it stands.\n\n"
		"DESTINATION is another name, or docker://NAME, oci:DIR[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME] or dir:DIR.\n\n"
		"Registries on the loopback address may be without TLS. Others need a valid certificate, a line in registries.conf, or --tls-verify=false.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_IMAGE,
	.run = run,
};
