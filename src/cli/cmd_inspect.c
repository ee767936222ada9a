/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_inspect.c - dhow inspect: whatever has the name or id.
 */
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/inspect_print.h"
#include "cli/say.h"
#include "image/image_inspect.h"
#include "store/volume.h"

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, or json" },
	{ .name = "size",
	  .letter = 's',
	  .kind = FLAG_BOOL,
	  .ignore = "",
	  .help = "show the sizes of containers too" },
	{ .name = "type",
	  .letter = 't',
	  .meta = "TYPE",
	  .kind = FLAG_ENUM,
	  .values = "container|image|network|volume|secret|pod|all",
	  .fallback = "all",
	  .help = "look for this kind only" },
};

static int
find_image(struct session *session, struct store *store, const char *name,
	   struct node **ret_node, struct err *err)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	const struct image_row *row;
	int r;

	r = image_list(store, &table, err);
	if (r == 0)
		r = image_find_in(&table, name, &row, NULL, err);
	if (r == 0)
		r = image_inspect(store, &table, row, ret_node, err);
	return r;
}

static struct node *
clone_or_null(const struct node *node)
{
	return node ? node_clone(node) : node_new_null();
}

static int
find_volume(struct session *session, struct store *store, const char *name,
	    struct node **ret_node, struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	cleanup_free char *mountpoint = NULL;
	struct node *node;
	int r;

	r = volume_open(store, name, &volume, err);
	if (r < 0)
		return r == -EINVAL ? -ENOENT : r;
	mountpoint =
		xasprintf("%s/volumes/%s/_data", session->paths.data, name);
	node = node_new_obj();
	node_set_str(node, "CreatedAt",
		     node_str_or(node_get(volume.doc, "createdAt"), ""));
	node_set_str(node, "Driver", "local");
	node_set(node, "Labels", clone_or_null(node_get(volume.doc, "labels")));
	node_set_str(node, "Mountpoint", mountpoint);
	node_set_str(node, "Name", name);
	node_set(node, "Options",
		 clone_or_null(node_get(volume.doc, "options")));
	node_set_str(node, "Scope", "local");
	*ret_node = node;
	return 0;
}

/* In the order in which they are asked. */
static const struct {
	const char *type;
	int (*find)(struct session *session, struct store *store,
		    const char *name, struct node **ret_node, struct err *err);
} finders[] = {
	{ "image", find_image },
	{ "volume", find_volume },
};

/* A malformed image name may be a good name of something else. */
static int
find_object(struct session *session, struct store *store, const char *type,
	    const char *name, struct node **ret_node, struct err *err)
{
	bool is_any = strcmp(type, "all") == 0;

	for (size_t i = 0; i < ARRAY_LEN(finders); i++) {
		int r;

		if (!is_any && strcmp(type, finders[i].type) != 0)
			continue;
		r = finders[i].find(session, store, name, ret_node, err);
		if (r == 0 || (r != -ENOENT && r != -EINVAL))
			return r;
	}
	err_reset(err);
	return err_set(err, ENOENT, "no such %s: '%s'",
		       is_any ? "object" : type, name);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_node struct node *found = node_new_arr();
	const char *type = args_str(ctx->args, "type");
	struct store *store;
	int status = 0;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = session_store(&session, &store, ctx->err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ctx->args->operands.len; i++) {
		struct err err = ERR_INIT;
		struct node *node;

		r = find_object(&session, store, type,
				args_operand(ctx->args, i), &node, &err);
		if (r == 0) {
			node_push(found, node);
			continue;
		}
		say_error(&err);
		status = 1;
	}
	return inspect_print(ctx, found, status);
}

static const struct cmd_example examples[] = {
	{ "the layers of an image",
	  "dhow inspect --format '{{json .RootFS.Layers}}' debian:12" },
};

const struct cmd cmd_inspect = {
	.path = "inspect",
	.summary = "show all that is known of images, containers and more",
	.operands = "NAME|ID...",
	.about =
		"Prints an array of what was found. What is missing is told on standard error, and the exit status is 1 then.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_OBJECT,
	.run = run,
};
