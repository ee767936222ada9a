/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/docker_format.c - what docker's config.json says of listings.
 */
#include "cli/docker_format.h"

#include <fcntl.h>

#include "base/alloc.h"
#include "data/node.h"

#define DOCKER_CONFIG_MAX_BYTES (1U << 20)

static char *
config_path(const struct cmd_ctx *ctx)
{
	const char *dir = args_str(ctx->global, "config");
	const char *home = getenv("HOME");

	if (!dir)
		dir = getenv("DOCKER_CONFIG");
	if (dir && dir[0])
		return xasprintf("%s/config.json", dir);
	return home ? xasprintf("%s/.docker/config.json", home) : NULL;
}

char *
docker_format(const struct cmd_ctx *ctx, const char *key)
{
	cleanup_free char *path = config_path(ctx);
	cleanup_node struct node *doc = NULL;

	if (!path ||
	    node_read_json_file(AT_FDCWD, path, DOCKER_CONFIG_MAX_BYTES, &doc,
				NULL) < 0)
		return NULL;
	return xstrdup_null(node_get_str(doc, key));
}
