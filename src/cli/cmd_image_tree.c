/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_image_tree.c - dhow image tree.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "store/image.h"
#include "store/layer.h"

#define SHORT_ID 12

static const struct flag flags[] = {
	{ .name = "whatrequires",
	  .kind = FLAG_BOOL,
	  .help = "show the images that stand on this one" },
};

/* An image of the store and what it is made of. */
struct member {
	const struct image_row *row;
	struct image_config config;
};

struct tree {
	struct store *store;
	struct image_table table;
	struct member *members; /* each image once */
	size_t count;
};

static void
tree_release(struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		image_config_release(&tree->members[i].config);
	free(tree->members);
	image_table_release(&tree->table);
}

static bool
tree_has(const struct tree *tree, const struct digest *id)
{
	for (size_t i = 0; i < tree->count; i++)
		if (digest_eq(&tree->members[i].row->id, id))
			return true;
	return false;
}

static int
tree_read(struct tree *tree, struct err *err)
{
	int r = image_list(tree->store, &tree->table, err);

	if (r < 0)
		return r;
	tree->members = xcalloc(tree->table.len + 1, sizeof(*tree->members));
	for (size_t i = 0; i < tree->table.len; i++) {
		struct member *member = &tree->members[tree->count];

		member->row = &tree->table.rows[i];
		if (!tree_has(tree, &member->row->id) &&
		    image_read_config(tree->store, member->row, &member->config,
				      NULL) == 0)
			tree->count++;
	}
	return 0;
}

/* Are the first @count layers of @a those of @b? */
static bool
layers_agree(const struct image_config *a, const struct image_config *b,
	     size_t count)
{
	if (a->diff_id_count < count || b->diff_id_count < count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!digest_eq(&a->diff_ids[i], &b->diff_ids[i]))
			return false;
	return true;
}

static void
add_names(const struct tree *tree, const struct image_row *row,
	  struct strbuf *out)
{
	cleanup_strvec struct strvec tags = STRVEC_INIT;

	image_names(&tree->table, &row->id, &tags, NULL);
	strbuf_addch(out, '[');
	for (size_t i = 0; i < tags.len; i++)
		strbuf_addf(out, "%s%s", i ? " " : "", tags.v[i]);
	if (!tags.len)
		strbuf_addf(out, "%.*s", SHORT_ID, digest_hex(&row->id));
	strbuf_addch(out, ']');
}

/* "├── ID: … Size: … Top Layer of: […]" */
static void
add_layer(const struct tree *tree, const struct image_config *config, size_t at,
	  struct strbuf *out)
{
	const struct digest *diff_id = &config->diff_ids[at];
	struct layer_info info = { .size_bytes = 0 };
	size_t sharing = 0;

	(void)layer_read_info(tree->store, diff_id, &info, NULL);
	strbuf_addf(out, "%s ID: %.*s Size: ",
		    at + 1 == config->diff_id_count ? "└──" : "├──", SHORT_ID,
		    digest_hex(diff_id));
	units_add_size(out, (uint64_t)info.size_bytes);
	for (size_t i = 0; i < tree->count; i++) {
		const struct member *member = &tree->members[i];

		sharing += layers_agree(&member->config, config, at + 1);
	}
	if (sharing > 1)
		strbuf_addf(out, " Shared by: %zu images", sharing);
	for (size_t i = 0; i < tree->count; i++) {
		const struct member *member = &tree->members[i];

		if (member->config.diff_id_count != at + 1 ||
		    !layers_agree(&member->config, config, at + 1))
			continue;
		strbuf_addstr(out, " Top Layer of: ");
		add_names(tree, member->row, out);
	}
	strbuf_addch(out, '\n');
}

static void
add_children(const struct tree *tree, const struct member *base,
	     struct strbuf *out)
{
	size_t count = base->config.diff_id_count;

	for (size_t i = 0; i < tree->count; i++) {
		const struct member *member = &tree->members[i];

		if (member->config.diff_id_count <= count ||
		    !layers_agree(&member->config, &base->config, count))
			continue;
		strbuf_addf(out, "├── ID: %.*s Size: ", SHORT_ID,
			    digest_hex(&member->row->id));
		units_add_size(out, (uint64_t)member->row->size_bytes);
		strbuf_addstr(out, " Names: ");
		add_names(tree, member->row, out);
		strbuf_addch(out, '\n');
	}
}

static void
print_tree(const struct tree *tree, const struct member *member, bool children)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	strbuf_addf(&out, "Image ID: %.*s\nTags:     ", SHORT_ID,
		    digest_hex(&member->row->id));
	add_names(tree, member->row, &out);
	strbuf_addstr(&out, "\nSize:     ");
	units_add_size(&out, (uint64_t)member->row->size_bytes);
	strbuf_addstr(&out, children ? "\nDependents\n" : "\nImage Layers\n");
	if (children)
		add_children(tree, member, &out);
	for (size_t i = 0; !children && i < member->config.diff_id_count; i++)
		add_layer(tree, &member->config, i, &out);
	say_text(&out);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_release(
		tree_release) struct tree tree = { .table = IMAGE_TABLE_INIT };
	cleanup_session struct session session = SESSION_INIT;
	const struct image_row *row;
	int r = cmd_session(ctx, &session);

	if (r == 0)
		r = session_store(&session, &tree.store, ctx->err);
	if (r == 0)
		r = tree_read(&tree, ctx->err);
	if (r == 0)
		r = image_find_in(&tree.table, args_operand(ctx->args, 0), &row,
				  NULL, ctx->err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < tree.count; i++)
		if (digest_eq(&tree.members[i].row->id, &row->id))
			print_tree(&tree, &tree.members[i],
				   args_bool(ctx->args, "whatrequires"));
	return 0;
}

static const struct cmd_example examples[] = {
	{ "see what an image is made of", "dhow image tree debian:12" },
};

const struct cmd cmd_image_tree = {
	.path = "image tree",
	.summary =
		"show the layers of an image, their sizes and who shares them",
	.operands = "IMAGE",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_IMAGE,
	.run = run,
};
