/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/inspect_objects.c - the inspect commands: find by name or id, print.
 */
#include "cli/inspect_objects.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd_session.h"
#include "cli/inspect_print.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "cli/volume_node.h"
#include "container/inspect.h"
#include "container/network_make.h"
#include "image/image_inspect.h"
#include "store/secret.h"
#include "store/volume.h"

struct search {
	struct session session;
	struct store *store;
	struct image_table images; /* read when first asked for */
	bool has_images;
	bool size;
};

static void
search_release(struct search *search)
{
	image_table_release(&search->images);
	session_close(&search->session);
}

static int
find_container(struct search *search, const char *name, struct node **ret_node,
	       struct err *err)
{
	cleanup_container struct container container = CONTAINER_INIT;
	struct container_usage usage;
	int r;

	r = container_find(&search->session, name, &container, err);
	if (r == 0 && search->size)
		r = container_usage(&search->session, &container, &usage, err);
	return r < 0 ? r
		     : container_inspect(&search->session, &container,
					 search->size ? &usage : NULL, ret_node,
					 err);
}

static int
find_image(struct search *search, const char *name, struct node **ret_node,
	   struct err *err)
{
	const struct image_row *row;
	int r = 0;

	if (!search->has_images)
		r = image_list(search->store, &search->images, err);
	search->has_images = r == 0;
	if (r == 0)
		r = image_find_in(&search->images, name, &row, NULL, err);
	if (r == 0)
		r = image_inspect(search->store, &search->images, row, ret_node,
				  err);
	return r;
}

static int
find_network(struct search *search, const char *name, struct node **ret_node,
	     struct err *err)
{
	cleanup_netdef struct netdef def = NETDEF_INIT;
	int r = netdef_find(search->store, name, &def, err);

	return r < 0 ? r : network_show(&search->session, &def, ret_node, err);
}

static int
find_volume(struct search *search, const char *name, struct node **ret_node,
	    struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	int r = volume_open(search->store, name, &volume, err);

	if (r < 0)
		return r == -EINVAL ? -ENOENT : r;
	*ret_node = volume_node(&search->session, &volume);
	return 0;
}

static int
find_secret(struct search *search, const char *name, struct node **ret_node,
	    struct err *err)
{
	cleanup_secret struct secret secret = SECRET_INIT;
	int r = secret_find(search->store, name, &secret, err);

	if (r == 0)
		*ret_node = take_ptr(secret.doc);
	return r;
}

/* In the order in which they are asked. */
static const struct {
	const char *type;
	int (*find)(struct search *search, const char *name,
		    struct node **ret_node, struct err *err);
} finders[] = {
	{ "container", find_container }, { "image", find_image },
	{ "network", find_network },     { "volume", find_volume },
	{ "secret", find_secret },
};

/* A malformed image name may be a good name of something else. */
static int
find_object(struct search *search, const char *type, const char *name,
	    struct node **ret_node, struct err *err)
{
	bool is_any = strcmp(type, "all") == 0;
	struct err why = ERR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(finders); i++) {
		int r;

		if (!is_any && strcmp(type, finders[i].type) != 0)
			continue;
		err_reset(&why);
		r = finders[i].find(search, name, ret_node, &why);
		if (r == 0)
			return 0;
		if (r != -ENOENT && r != -EINVAL) {
			*err = why;
			return r;
		}
	}
	(void)err_set(err, ENOENT, "no such %s: '%s'", is_any ? "object" : type,
		      name);
	if (!is_any && why.hint[0])
		err_hint(err, "%s", why.hint);
	return -ENOENT;
}

/* Volumes are the only ones whose --all is not about containers. */
static int
search_names(struct search *search, struct cmd_ctx *ctx, const char *type,
	     struct strvec *ret_names)
{
	if (strcmp(type, "volume") != 0 || !args_bool(ctx->args, "all"))
		return targets_collect(ctx, &search->session, targets_any,
				       ret_names);
	if (ctx->args->operands.len)
		return err_set(ctx->err, EINVAL,
			       "names and --all exclude each other");
	return volume_list(search->store, ret_names, ctx->err);
}

int
inspect_objects(struct cmd_ctx *ctx, const char *type, bool size)
{
	cleanup_release(search_release) struct search search = {
		.session = SESSION_INIT,
		.images = IMAGE_TABLE_INIT,
		.size = size,
	};
	cleanup_node struct node *found = node_new_arr();
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int status = 0;
	int r;

	r = cmd_store(ctx, &search.session, &search.store);
	if (r == 0)
		r = search_names(&search, ctx, type, &names);
	if (r < 0)
		return r;
	for (size_t i = 0; i < names.len; i++) {
		struct err err = ERR_INIT;
		struct node *node;

		r = find_object(&search, type, names.v[i], &node, &err);
		if (r == 0) {
			node_push(found, node);
			continue;
		}
		say_error(&err);
		status = 1;
	}
	return inspect_print(ctx, found, status);
}
