/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/usage.c - what a container takes on disk.
 */
#include "container/usage.h"

#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "store/layer.h"

static int64_t
usage_of_layers(struct store *store, const struct node *config)
{
	const struct node *list = node_get(config, "Layers");
	int64_t total = 0;

	for (size_t i = 0; i < node_len(list); i++) {
		struct layer_info info;
		struct digest id;

		if (digest_parse(node_str_or(node_at(list, i), ""), &id, NULL) <
			    0 ||
		    layer_read_info(store, &id, &info, NULL) < 0)
			continue;
		total += info.size_bytes;
	}
	return total;
}

int
container_usage(struct store *store, const struct container *container,
		struct container_usage *ret_usage, struct err *err)
{
	const char *driver = container->state.driver ?: "";
	bool is_copy = !strcmp(driver, "copy");
	cleanup_free char *path = xasprintf("containers/%s/%s", container->id,
					    is_copy ? "root" : "upper");
	struct fsx_usage usage = { .data_bytes = 0 };
	int64_t image = usage_of_layers(store, container->config);
	int r = fsx_tree_usage(store->dirfd, path, &usage, err);
	int64_t written = (int64_t)usage.data_bytes;

	if (r < 0)
		return err_wrap(err, r, "container '%s'", container->name);
	/* Its tree has a copy of the image in it. */
	if (is_copy)
		written = written > image ? written - image : 0;
	*ret_usage = (struct container_usage){ written, image };
	return 0;
}
