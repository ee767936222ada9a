/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/describe_image.c - the documents of an image, here or at a registry.
 */
#include "cli/describe_image.h"

#include "base/alloc.h"
#include "cli/pull_image.h"
#include "cli/transfer_show.h"
#include "registry/registry.h"
#include "spec/platform.h"
#include "spec/transport.h"
#include "store/image.h"

void
image_documents_release(struct image_documents *docs)
{
	for (size_t i = 0; i < docs->len; i++) {
		struct image_document *doc = &docs->items[i];

		free(doc->name);
		free(doc->digest);
		free(doc->media_type);
		free(doc->platform);
		free(doc->text);
	}
	free(docs->items);
	*docs = (struct image_documents)IMAGE_DOCUMENTS_INIT;
}

static void
on_event(void *data, struct progress *progress,
	 const struct transfer_event *event)
{
	struct image_documents *docs = data;

	if (event->kind == TRANSFER_DOCUMENT)
		array_push(docs->items, docs->len, docs->cap,
			   (struct image_document){
				   .name = xstrdup_null(event->name),
				   .digest = xstrdup(event->digest ?: ""),
				   .media_type =
					   xstrdup(event->media_type ?: ""),
				   .size_bytes = event->bytes_total,
				   .platform = xstrdup(event->action ?: ""),
				   .text = xstrdup(event->text ?: ""),
			   });
}

/* What is not here is a registry's. */
static char *
source_of(struct session *session, const char *input)
{
	struct image_row row = { .line = NULL };
	struct store *store;

	if (transport_is_given(input))
		return xstrdup(input);
	if (session_store(session, &store, NULL) < 0 ||
	    image_find(store, input, &row, NULL, NULL) < 0)
		return xasprintf("docker://%s", input);
	image_row_release(&row);
	return xstrdup(input);
}

int
describe_image(struct cmd_ctx *ctx, struct session *session, const char *input,
	       bool all, char **ret_source, struct image_documents *docs)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_QUIET,
				      .stdin_fd = -1,
				      .event = on_event,
				      .data = docs };
	cleanup_free char *source = source_of(session, input);
	int r = pull_request_from_args(ctx, &request);

	if (r < 0)
		return r;
	request.op = TRANSFER_DESCRIBE;
	request.input = xstrdup(source);
	request.all = all;
	request.src_tls = request.tls;
	request.src_user_pass = xstrdup_null(request.user_pass);
	r = transfer_show(session, &request, &show, ctx->err);
	if (r == 0 && !docs->len)
		r = err_set(ctx->err, EPROTO, "'%s' was not described", input);
	if (r == 0 && ret_source)
		*ret_source = take_ptr(source);
	return r;
}

struct node *
describe_platform(const char *text)
{
	struct node *node = node_new_obj();
	struct platform platform;

	if (platform_parse(text, &platform, NULL) < 0)
		return node;
	node_set_str(node, "architecture", platform.arch);
	node_set_str(node, "os", platform.os);
	if (platform.variant[0])
		node_set_str(node, "variant", platform.variant);
	return node;
}

struct node *
describe_descriptor(const struct image_document *doc)
{
	struct node *node = node_new_obj();

	node_set_str(node, "mediaType", doc->media_type);
	node_set_int(node, "size", doc->size_bytes);
	node_set_str(node, "digest", doc->digest);
	if (doc->platform[0])
		node_set(node, "platform", describe_platform(doc->platform));
	return node;
}
