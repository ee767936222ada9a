/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/container_ref.c - what the containers of a store need of it.
 */
#include "store/container_ref.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node.h"

#define CONTAINER_CONFIG_MAX_BYTES (16U << 20)

static bool
digest_of_text(const char *text, struct digest *ret_digest)
{
	if (text && text_is_hex_of(text, DIGEST_HEX_LEN)) {
		*ret_digest = digest_of_hex(text);
		return true;
	}
	return text && digest_parse(text, ret_digest, NULL) == 0;
}

/* "layers/<hex>/fs", as an image that is mounted has them. */
static bool
digest_of_tree(const char *path, struct digest *ret_digest)
{
	const char *hex = text_after(path ?: "", "layers/");
	cleanup_free char *text =
		xstrndup(hex ?: "", hex ? strcspn(hex, "/") : 0);

	return digest_of_text(text, ret_digest);
}

/* Images mounted beside the container's own: docker's Mounts, and Layers. */
static size_t
ref_mounted(const struct node *doc, struct digest *layers)
{
	const struct node *mounts = node_get(doc, "Mounts");
	struct digest digest;
	size_t n = 0;

	for (size_t i = 0; i < node_len(mounts); i++) {
		const struct node *list =
			node_get(node_at(mounts, i), "Layers");

		for (size_t k = 0; k < node_len(list); k++) {
			if (!digest_of_tree(node_str(node_at(list, k)),
					    &digest))
				continue;
			if (layers)
				layers[n] = digest;
			n++;
		}
	}
	return n;
}

static int
ref_visit(const char *id, const struct node *doc, container_ref_fn fn,
	  void *data)
{
	cleanup_free struct digest *layers = NULL;
	struct container_ref ref = { .id = id };
	const struct node *list = node_get(doc, "Layers");

	(void)digest_of_text(node_get_str(doc, "Image"), &ref.image);
	layers = xcalloc(node_len(list) + ref_mounted(doc, NULL) + 1,
			 sizeof(*layers));
	for (size_t i = 0; i < node_len(list); i++)
		if (digest_of_text(node_str(node_at(list, i)),
				   &layers[ref.layer_count]))
			ref.layer_count++;
	ref.layer_count += ref_mounted(doc, layers + ref.layer_count);
	ref.layers = layers;
	return fn(&ref, data);
}

static int
ref_read(int dirfd, const char *id, container_ref_fn fn, void *data,
	 struct err *err)
{
	cleanup_free char *path = xasprintf("%s/config.json", id);
	cleanup_node struct node *doc = NULL;
	int r;

	r = node_read_json_file(dirfd, path, CONTAINER_CONFIG_MAX_BYTES, &doc,
				err);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_wrap(err, r, "container '%s'", id);
	return ref_visit(id, doc, fn, data);
}

int
container_ref_each(struct store *store, container_ref_fn fn, void *data,
		   struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	int fd;
	int r;

	fd = openat(store->dirfd, "containers",
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, "read the store's containers");
	dir = fdopendir(fd);
	if (!dir) {
		(void)close(fd);
		return err_sys(err, "read the store's containers");
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		r = ref_read(fd, entry->d_name, fn, data, err);
		if (r != 0)
			return r;
	}
	return 0;
}
