/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_pin.c - images of a project by digest instead of by tag.
 */
#include "cli/compose_pin.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_session.h"
#include "cli/describe_image.h"
#include "spec/ref.h"
#include "store/image.h"

/* Asked of the registry; a story is told only when nobody here knows. */
static int
ask_registry(struct cmd_ctx *ctx, struct session *session, const char *name,
	     struct digest *ret_digest)
{
	cleanup_image_documents struct image_documents docs =
		IMAGE_DOCUMENTS_INIT;
	cleanup_free char *source = xasprintf("docker://%s", name);
	int r = describe_image(ctx, session, source, false, NULL, &docs);

	return r < 0 ? r
		     : digest_parse(docs.items[0].digest, ret_digest, ctx->err);
}

/* How it was pulled; empty for one that was made here. */
static int
look_here(struct session *session, const char *name, struct digest *ret_digest)
{
	struct image_row row;
	struct store *store;
	int r = session_store(session, &store, NULL);

	if (r == 0)
		r = image_find(store, name, &row, NULL, NULL);
	if (r < 0)
		return r;
	*ret_digest = row.repo_digest;
	image_row_release(&row);
	return 0;
}

static int
pin_service(struct cmd_ctx *ctx, struct session *session, struct node *service)
{
	const char *name = node_get_str(service, "image");
	struct digest digest = { .text = "" };
	cleanup_ref struct ref ref = REF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	if (!name || strchr(name, '@'))
		return 0;
	r = ask_registry(ctx, session, name, &digest);
	if (r < 0 && look_here(session, name, &digest) < 0)
		return node_get(service, "build") ? 0 : r;
	if (!digest.text[0])
		return 0;
	r = ref_parse(name, &ref, ctx->err);
	if (r < 0)
		return r;
	ref.digest = digest;
	ref_add_canonical(&sb, &ref);
	node_set_str(service, "image", sb.buf);
	return 0;
}

int
compose_pin_images(struct cmd_ctx *ctx, struct project *project)
{
	cleanup_session struct session session = SESSION_INIT;
	const struct node *services = project_services(project);
	int r = cmd_session(ctx, &session);

	for (size_t i = 0; r == 0 && i < node_len(services); i++)
		r = pin_service(ctx, &session, node_value_at(services, i));
	return r;
}

struct node *
compose_pin_file(const struct project *project)
{
	const struct node *services = project_services(project);
	struct node *out = node_new_obj();
	struct node *list = node_need_obj(out, "services");

	for (size_t i = 0; i < node_len(services); i++) {
		const char *image =
			node_get_str(node_value_at(services, i), "image");

		if (image && strchr(image, '@'))
			node_set_str(node_need_obj(list,
						   node_key_at(services, i)),
				     "image", image);
	}
	return out;
}
