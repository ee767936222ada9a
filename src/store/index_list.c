/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/index_list.c - indexes that are being put together here.
 */
#include "store/index_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "spec/manifest.h"

struct node *
index_list_new(void)
{
	struct node *index = node_new_obj();

	node_set_int(index, "schemaVersion", 2);
	node_set_str(index, "mediaType", MEDIA_OCI_INDEX);
	(void)node_need_arr(index, "manifests");
	return index;
}

/* "lists/host%2Fname:tag.json"; names have no '%'. */
static char *
list_path(const char *name)
{
	struct strbuf path = STRBUF_INIT;

	strbuf_addstr(&path, INDEX_LIST_DIR "/");
	for (; *name; name++) {
		if (*name == '/')
			strbuf_addstr(&path, "%2F");
		else
			strbuf_addch(&path, *name);
	}
	strbuf_addstr(&path, ".json");
	return strbuf_take(&path);
}

int
index_list_load(struct store *store, const char *name, struct node **ret_index,
		struct err *err)
{
	cleanup_free char *path = list_path(name);
	cleanup_node struct node *index = NULL;
	int r = node_read_json_file(store->dirfd, path, INDEX_LIST_MAX_BYTES,
				    &index, err);

	if (r == -ENOENT)
		return err_set(err, ENOENT, "there is no manifest list '%s'",
			       name);
	if (r == 0 && node_kind(node_get(index, "manifests")) != NODE_ARR)
		r = err_set(err, EBADMSG, "'%s' is damaged", path);
	if (r < 0)
		return r;
	*ret_index = take_ptr(index);
	return 0;
}

int
index_list_save(struct store *store, const char *name, const struct node *index,
		struct err *err)
{
	cleanup_free char *path = list_path(name);
	int r = store_lay_out(store, err);

	if (r == 0)
		r = fsx_mkdir_p(store->dirfd, INDEX_LIST_DIR, 0755, err);
	return r < 0 ? r
		     : node_write_json_file(store->dirfd, path, index, 0644, 0,
					    err);
}

int
index_list_remove(struct store *store, const char *name, struct err *err)
{
	cleanup_free char *path = list_path(name);

	if (unlinkat(store->dirfd, path, 0) == 0)
		return 0;
	if (errno == ENOENT)
		return err_set(err, ENOENT, "there is no manifest list '%s'",
			       name);
	return err_sys(err, "remove '%s'", path);
}

void
index_list_each(struct store *store,
		void (*fn)(const struct node *index, void *data), void *data)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	int fd = openat(store->dirfd, INDEX_LIST_DIR,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		cleanup_node struct node *index = NULL;

		if (text_ends(entry->d_name, ".json") &&
		    node_read_json_file(fd, entry->d_name, INDEX_LIST_MAX_BYTES,
					&index, NULL) == 0)
			fn(index, data);
	}
}
