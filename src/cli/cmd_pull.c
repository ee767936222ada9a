/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_pull.c - dhow pull.
 */
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/pull_image.h"
#include "image/short_name.h"
#include "spec/ref.h"
#include "spec/transport.h"
#include "store/image.h"

static const struct flag flags[] = {
	{ .name = "all-tags",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "pull every tag of the repository" },
	{ .name = "arch",
	  .meta = "ARCH",
	  .kind = FLAG_STR,
	  .conflicts = "platform",
	  .help = "architecture of the image, if not that of the host" },
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	PULL_FLAG_CREDS,
	{ .name = "disable-content-trust",
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .refuse = "signatures are not checked: cosign can",
	  .harmless = "true",
	  .help = "true is accepted: there is nothing to disable" },
	{ .name = "os",
	  .meta = "OS",
	  .kind = FLAG_STR,
	  .conflicts = "platform",
	  .help = "operating system of the image" },
	{ .name = "platform",
	  .meta = "OS/ARCH[/VARIANT]",
	  .kind = FLAG_STR,
	  .help = "which of an image's platforms to pull" },
	{ .name = "policy",
	  .meta = "WHEN",
	  .kind = FLAG_ENUM,
	  .values = "always|missing|never|newer",
	  .fallback = "always",
	  .help = "whether to ask the registry" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print the reference only" },
	PULL_FLAG_RETRY,
	PULL_FLAG_RETRY_DELAY,
	PULL_FLAG_TLS_VERIFY,
	{ .name = "variant",
	  .meta = "VARIANT",
	  .kind = FLAG_STR,
	  .conflicts = "platform",
	  .help = "variant of the architecture" },
};

/* The last line of a pull; of all tags it is the repository. */
static void
print_reference(const struct ref *ref, bool all_tags)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref shown = REF_INIT;

	ref_copy(&shown, ref);
	if (shown.digest.text[0])
		free(take_ptr(shown.tag));
	if (all_tags)
		ref_add_name(&name, &shown);
	else
		ref_add_canonical(&name, &shown);
	(void)printf("%s\n", name.buf);
}

static bool
is_here(struct session *session, const char *name)
{
	struct store *store;
	struct image_row row;

	if (session_store(session, &store, NULL) < 0 ||
	    image_find(store, name, &row, NULL, NULL) < 0)
		return false;
	image_row_release(&row);
	return true;
}

/* Returns 1 when the policy says to leave the registry alone. */
static int
check_policy(struct cmd_ctx *ctx, struct session *session, const char *name)
{
	enum pull_policy policy = pull_policy_of(args_str(ctx->args, "policy"));

	if (policy == PULL_ALWAYS || policy == PULL_NEWER)
		return 0;
	if (is_here(session, name))
		return 1;
	if (policy == PULL_MISSING)
		return 0;
	return err_set(ctx->err, ENOENT,
		       "image '%s' is not here, and --policy=never", name);
}

static int
pull_one(struct cmd_ctx *ctx, struct session *session, const char *name)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	bool quiet = args_bool(ctx->args, "quiet");
	cleanup_ref struct ref ref = REF_INIT;
	cleanup_free char *full = NULL;
	int r;

	r = short_name_expand(NULL, name, &full, ctx->err);
	if (r == 0)
		r = ref_parse(full ?: name, &ref, ctx->err);
	if (r == 0)
		r = pull_request_from_args(ctx, &request);
	if (r == 0)
		r = check_policy(ctx, session, full ?: name);
	if (r < 0)
		return r;
	request.name = xstrdup(name);
	request.all_tags = args_bool(ctx->args, "all-tags");
	if (!quiet && !ref.tag_given && !ref.digest.text[0] &&
	    !request.all_tags && r == 0)
		(void)printf("Using default tag: latest\n");
	(void)fflush(stdout);
	if (r == 0)
		r = pull_image(session, &request, STDOUT_FILENO, quiet,
			       ctx->err);
	if (r < 0)
		return r;
	print_reference(&ref, request.all_tags);
	return 0;
}

/* What a transport names; a registry's is pulled like any other. */
static int
pull_place(struct cmd_ctx *ctx, struct session *session, const char *text)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_free char *name = NULL;
	int r = pull_request_from_args(ctx, &request);

	if (r == 0)
		r = pull_transport(session, &request, text, STDERR_FILENO,
				   args_bool(ctx->args, "quiet"), &name,
				   ctx->err);
	if (r == 0)
		return pull_one(ctx, session, name);
	if (r > 0)
		(void)printf("%s\n", name);
	return r < 0 ? r : 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	int r;

	r = cmd_session(ctx, &session);
	for (size_t i = 0; i < ctx->args->operands.len && r == 0; i++) {
		const char *text = args_operand(ctx->args, i);

		r = transport_is_given(text) ? pull_place(ctx, &session, text)
					     : pull_one(ctx, &session, text);
	}
	return r;
}

static const struct cmd_example examples[] = {
	{ "get an image from Docker Hub", "dhow pull debian:12" },
	{ "get it for another architecture",
	  "dhow pull --platform linux/arm64 debian:12" },
};

const struct cmd cmd_pull = {
	.path = "pull",
	.aliases = "image pull",
	.summary = "get images from a registry",
	.operands = "NAME[:TAG|@DIGEST]...",
	.about =
		"Layers are downloaded a few at a time and unpacked while they arrive; every byte is checked against its digest. What is here already is not downloaded again, and what was complete when a pull was interrupted is kept.\n\n"
		"A name may also be docker://NAME, oci:DIR[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME] or dir:DIR.\n\n"
		"Registries on the loopback address may be without TLS. Others need a valid certificate, a line in registries.conf, or --tls-verify=false.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.run = run,
};
