/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/usage.c - what a container takes on disk.
 */
#include "container/usage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "container/changes.h"
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

/* A tree with a copy of the image in it: what differs from that. */
static int
usage_of_copy(struct session *session, const struct container *container,
	      int64_t *ret_bytes, struct err *err)
{
	cleanup_change_list struct change_list changes = CHANGE_LIST_INIT;
	cleanup_free char *path =
		xasprintf("containers/%s/root", container->id);
	cleanup_container struct container open = CONTAINER_INIT;
	cleanup_close int rootfd = -EBADF;
	int64_t bytes = 0;
	/* One from a list has no directory open. */
	int r = container_find(session, container->id, &open, err);

	if (r == 0)
		r = changes_find(session, &open, &changes, err);
	if (r < 0)
		return r;
	rootfd = openat(session->store.dirfd, path,
			O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; rootfd >= 0 && i < changes.len; i++) {
		cleanup_close int fd = -EBADF;
		struct stat st;

		if (changes.items[i].kind == CHANGE_DELETED)
			continue;
		fd = fsx_openat_in_root(rootfd, changes.items[i].path,
					O_PATH | O_NOFOLLOW, 0, NULL);
		if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
			bytes += st.st_size;
	}
	*ret_bytes = bytes;
	return 0;
}

static int
usage_of_layer(struct session *session, const struct container *container,
	       int64_t *ret_bytes, struct err *err)
{
	cleanup_free char *path =
		xasprintf("containers/%s/upper", container->id);
	struct fsx_usage usage;
	int r = session_enter(session, false, err);

	if (r == 0)
		r = fsx_tree_usage(session->store.dirfd, path, &usage, err);
	if (r == 0)
		*ret_bytes = (int64_t)usage.data_bytes;
	return r;
}

int
container_usage(struct session *session, const struct container *container,
		struct container_usage *ret_usage, struct err *err)
{
	const char *driver = container->state.driver ?: "";
	struct container_usage usage = { .written_bytes = 0 };
	struct store *store;
	int r = session_store(session, &store, err);

	if (r < 0)
		return r;
	r = !strcmp(driver, "copy") ? usage_of_copy(session, container,
						    &usage.written_bytes, err)
				    : usage_of_layer(session, container,
						     &usage.written_bytes, err);
	if (r < 0)
		return err_wrap(err, r, "container '%s'", container->name);
	usage.image_bytes = usage_of_layers(store, container->config);
	*ret_usage = usage;
	return 0;
}
