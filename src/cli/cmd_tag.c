/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_tag.c - dhow tag, dhow untag.
 */
#include "base/cleanup.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "store/image_remove.h"

/* A target is a name: nothing can be filed under a digest by hand. */
static int
target_name(const char *text, struct strbuf *name, struct err *err)
{
	cleanup_ref struct ref ref = REF_INIT;
	int r;

	r = ref_parse(text, &ref, err);
	if (r < 0)
		return r;
	if (ref.digest.text[0])
		return err_set(err, EINVAL,
			       "'%s' has a digest: a tag is wanted", text);
	ref_add_canonical(name, &ref);
	return 0;
}

static int
run_tag(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	struct image_row row = { .line = NULL };
	struct store *store;
	int r;

	r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = image_find(store, args_operand(ctx->args, 0), &row, NULL,
			       ctx->err);
	for (size_t i = 1; i < ctx->args->operands.len && r == 0; i++) {
		cleanup_strbuf struct strbuf name = STRBUF_INIT;

		r = target_name(args_operand(ctx->args, i), &name, ctx->err);
		if (r == 0)
			r = image_put(store, &row, name.buf, NULL, ctx->err);
	}
	image_row_release(&row);
	return r;
}

static const struct cmd_example tag_examples[] = {
	{ "give an image one more name", "dhow tag debian:12 mine:base" },
};

const struct cmd cmd_tag = {
	.path = "tag",
	.aliases = "image tag",
	.summary = "give an image further names",
	.operands = "IMAGE NAME[:TAG]...",
	CMD_EXAMPLES(tag_examples),
	.min_operands = 2,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.run = run_tag,
};

/* All tags of the image @text means. */
static int
untag_all(struct store *store, const char *text, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	struct image_removal removal = { .untagged = STRVEC_INIT };
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	const struct image_row *row;
	int r;

	r = image_list(store, &table, err);
	if (r == 0)
		r = image_find_in(&table, text, &row, NULL, err);
	if (r < 0)
		return r;
	image_names(&table, &row->id, &tags, NULL);
	for (size_t i = 0; i < tags.len && r == 0; i++)
		r = image_untag(store, tags.v[i], &removal, err);
	image_removal_release(&removal);
	return r;
}

static int
run_untag(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct store *store;
	int r;

	r = cmd_store(ctx, &session, &store);
	if (r == 0 && ctx->args->operands.len == 1)
		return untag_all(store, args_operand(ctx->args, 0), ctx->err);
	for (size_t i = 1; i < ctx->args->operands.len && r == 0; i++)
		r = image_untag(store, args_operand(ctx->args, i), &removal,
				ctx->err);
	image_removal_release(&removal);
	return r;
}

static const struct cmd_example untag_examples[] = {
	{ "take one of its names from an image",
	  "dhow untag debian:12 mine:base" },
};

const struct cmd cmd_untag = {
	.path = "untag",
	.aliases = "image untag",
	.summary = "take names from an image and keep it",
	.operands = "IMAGE [NAME...]",
	.about = "Without NAME, all tags of the image go.",
	CMD_EXAMPLES(untag_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.run = run_untag,
};
