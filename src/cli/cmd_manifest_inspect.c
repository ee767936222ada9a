/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_manifest_inspect.c - dhow manifest inspect.
 */
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/describe_image.h"
#include "cli/manifest_list.h"
#include "cli/pull_image.h"
#include "spec/manifest.h"
#include "spec/transport.h"

static const struct flag flags[] = {
	PULL_FLAG_AUTHFILE,
	PULL_FLAG_CERT_DIR,
	PULL_FLAG_CREDS,
	{ .name = "insecure",
	  .kind = FLAG_BOOL,
	  .help = "permit plain HTTP and any certificate" },
	PULL_FLAG_TLS_VERIFY,
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = FLAG_BOOL,
	  .help = "show each manifest with its reference and descriptor" },
};

/* As docker shows one manifest among others. */
static struct node *
verbose_node(const struct image_document *doc, struct err *err)
{
	struct node *node = node_new_obj();
	struct node *manifest;
	const char *member = strcmp(doc->media_type, MEDIA_DOCKER_MANIFEST)
				     ? "OCIManifest"
				     : "SchemaV2Manifest";

	if (node_parse_json(span_of(doc->text), "manifest", &manifest, err) <
	    0) {
		node_free(node);
		return NULL;
	}
	node_set_str(node, "Ref", doc->name ?: "");
	node_set(node, "Descriptor", describe_descriptor(doc));
	node_set(node, member, manifest);
	return node;
}

static int
print_verbose(struct cmd_ctx *ctx, const struct image_documents *docs)
{
	cleanup_node struct node *list = node_new_arr();
	bool is_index = !docs->items[0].platform[0];

	for (size_t i = is_index; i < docs->len; i++) {
		struct node *node = verbose_node(&docs->items[i], ctx->err);

		if (!node)
			return -EBADMSG;
		node_push(list, node);
	}
	manifest_list_print(is_index ? list : node_at(list, 0));
	return 0;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_image_documents struct image_documents docs =
		IMAGE_DOCUMENTS_INIT;
	cleanup_manifest_list struct manifest_list list = MANIFEST_LIST_INIT;
	cleanup_session struct session session = SESSION_INIT;
	const char *name = args_operand(ctx->args, ctx->args->operands.len - 1);
	bool verbose = args_bool(ctx->args, "verbose");
	cleanup_transport struct transport transport = TRANSPORT_INIT;
	cleanup_node struct node *doc = NULL;
	int r = transport_parse(name, &transport, ctx->err);

	if (r < 0)
		return r;
	r = manifest_list_open(ctx, &session, transport.name ?: "none", &list);
	if (r < 0)
		return r;
	if (list.is_there && transport.kind == TRANSPORT_NONE) {
		manifest_list_print(list.index);
		return 0;
	}
	r = describe_image(ctx, &session, name, verbose, NULL, &docs);
	if (r == 0 && verbose)
		return print_verbose(ctx, &docs);
	if (r == 0)
		r = node_parse_json(span_of(docs.items[0].text), "manifest",
				    &doc, ctx->err);
	if (r == 0)
		manifest_list_print(doc);
	return r;
}

static const struct cmd_example examples[] = {
	{ "which platforms does an image have",
	  "dhow manifest inspect debian:12" },
};

const struct cmd cmd_manifest_inspect = {
	.path = "manifest inspect",
	.summary = "show a manifest or a list, here or at a registry",
	.operands = "[LIST] NAME",
	.about =
		"A list that is being put together here comes first, then an image of dhow, then the registry. docker://NAME asks the registry.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_IMAGE,
	.run = run,
};
