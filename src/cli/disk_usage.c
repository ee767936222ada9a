/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/disk_usage.c - what containers, volumes, the build cache and the places
 * of the store take; images are in disk_images.c.
 */
#include "cli/disk_usage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "build/build.h"
#include "cli/container_cells.h"
#include "cli/disk_images.h"
#include "container/usage.h"
#include "container/volumes.h"
#include "store/volume.h"

#define SHORT_ID 12

void
disk_usage_release(struct disk_usage *usage)
{
	for (size_t i = 0; i < DISK_KIND_COUNT; i++)
		node_free(usage->rows[i]);
	node_free(usage->places);
	*usage = (struct disk_usage){ .places = NULL };
}

static void
set_size(struct node *row, const char *key, int64_t bytes)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	units_add_size(&text, bytes > 0 ? (uint64_t)bytes : 0);
	node_set_str(row, key, text.buf);
}

static void
add_container_cells(struct node *row, const struct container *container,
		    int64_t now_ns)
{
	const struct node *config = container->config;
	cleanup_strbuf struct strbuf command = STRBUF_INIT;
	cleanup_strbuf struct strbuf age = STRBUF_INIT;
	cleanup_strbuf struct strbuf status = STRBUF_INIT;
	cleanup_free char *id = xstrndup(container->id, SHORT_ID);
	cleanup_free char *volumes =
		xasprintf("%d", cell_count_volumes(config));

	cell_add_command(&command, config, false);
	cell_add_ago(&age, node_get_int(config, "Created", 0), now_ns);
	cell_add_status(&status, &container->state, now_ns);
	node_set_str(row, "Command", command.buf);
	node_set_str(row, "ID", id);
	node_set_str(row, "Image",
		     node_str_or(node_get(config, "ImageName"), ""));
	node_set_str(row, "LocalVolumes", volumes);
	node_set_str(row, "Names", container->name);
	node_set_str(row, "RunningFor", age.buf);
	node_set_str(row, "Status", status.buf);
}

static void
read_containers(struct session *session, const struct container_vec *all,
		struct disk_usage *usage)
{
	struct disk_total *total = &usage->totals[DISK_CONTAINERS];
	int64_t now_ns = units_now_ns();

	for (size_t i = 0; i < all->len; i++) {
		const struct container *one = &all->items[i];
		struct container_usage used = { .written_bytes = 0 };
		struct node *row =
			node_push(usage->rows[DISK_CONTAINERS], node_new_obj());
		bool is_live = container_status_is_live(one->state.status);

		(void)container_usage(session, one, &used, NULL);
		add_container_cells(row, one, now_ns);
		set_size(row, "Size", used.written_bytes);
		total->count++;
		total->active += is_live;
		total->size_bytes += used.written_bytes;
		if (!is_live)
			total->reclaimable_bytes += used.written_bytes;
	}
}

static int
read_volumes(struct store *store, const struct container_vec *all,
	     struct disk_usage *usage, struct err *err)
{
	struct disk_total *total = &usage->totals[DISK_VOLUMES];
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = volume_list(store, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++) {
		cleanup_free char *path =
			xasprintf("volumes/%s/_data", names.v[i]);
		size_t users = volumes_count_users(all, names.v[i], NULL);
		cleanup_free char *links = xasprintf("%zu", users);
		struct node *row =
			node_push(usage->rows[DISK_VOLUMES], node_new_obj());
		struct fsx_usage used = { .data_bytes = 0 };

		r = fsx_tree_usage(store->dirfd, path, &used, err);
		node_set_str(row, "Links", links);
		node_set_str(row, "Name", names.v[i]);
		set_size(row, "Size", (int64_t)used.data_bytes);
		total->count++;
		total->active += users > 0;
		total->size_bytes += (int64_t)used.data_bytes;
		if (!users)
			total->reclaimable_bytes += (int64_t)used.data_bytes;
	}
	return r;
}

static void
add_place(struct node *places, const char *name, uint64_t bytes)
{
	struct node *row = node_push(places, node_new_obj());

	node_set_str(row, "Place", name);
	set_size(row, "Size", (int64_t)bytes);
	node_set_int(row, "Bytes", (int64_t)bytes);
}

/* Every directory of the store; its files together. */
static int
read_places(struct store *store, struct disk_usage *usage, struct err *err)
{
	int fd = openat(store->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	uint64_t files = 0, sum = 0;
	const struct dirent *ent;
	struct stat st;
	int r = 0;

	if (!dir)
		return err_sys(err, "read the store");
	while (r == 0 && (ent = readdir(dir))) {
		struct fsx_usage used = { .disk_bytes = 0 };
		cleanup_free char *label = xasprintf("%s/", ent->d_name);

		if (!strcmp(ent->d_name, ".") || !strcmp(ent->d_name, ".."))
			continue;
		r = fsx_tree_usage(store->dirfd, ent->d_name, &used, err);
		sum += used.disk_bytes;
		if (fstatat(store->dirfd, ent->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(st.st_mode))
			add_place(usage->places, label, used.disk_bytes);
		else
			files += used.disk_bytes;
	}
	if (fstat(fd, &st) == 0)
		files += (uint64_t)st.st_blocks * 512;
	add_place(usage->places, "tables and logs", files);
	add_place(usage->places, "all of it",
		  sum + (fstat(fd, &st) == 0 ? (uint64_t)st.st_blocks * 512
					     : 0));
	return r;
}

static void
add_cache_row(struct node *rows, const struct build_cache_row *row,
	      int64_t now_ns)
{
	cleanup_free char *id = xstrndup(row->id, SHORT_ID);
	cleanup_free char *uses = xasprintf("%" PRId64, row->use_count);
	cleanup_strbuf struct strbuf made = STRBUF_INIT;
	cleanup_strbuf struct strbuf used = STRBUF_INIT;
	struct node *node = node_push(rows, node_new_obj());

	cell_add_ago(&made, row->created_ns, now_ns);
	if (row->used_ns)
		cell_add_ago(&used, row->used_ns, now_ns);
	node_set_str(node, "CacheType",
		     row->is_mount ? "exec.cachemount" : "regular");
	node_set_str(node, "CreatedSince", made.buf);
	node_set_str(node, "ID", id);
	node_set_str(node, "LastUsedSince", used.buf);
	node_set_str(node, "Shared", row->is_shared ? "true" : "false");
	set_size(node, "Size", row->size_bytes);
	node_set_str(node, "UsageCount", uses);
}

/* A step whose layer an image has takes no room of its own. */
static int
read_cache(struct session *session, struct disk_usage *usage, struct err *err)
{
	struct disk_total *total = &usage->totals[DISK_CACHE];
	struct build_cache_list list = { .rows = NULL };
	int64_t now_ns = units_now_ns();
	int r = build_cache_list(session, &list, err);

	for (size_t i = 0; r == 0 && i < list.len; i++) {
		const struct build_cache_row *row = &list.rows[i];
		int64_t own = row->is_shared ? 0 : row->size_bytes;

		add_cache_row(usage->rows[DISK_CACHE], row, now_ns);
		total->count++;
		total->active += row->in_use;
		total->size_bytes += own;
		if (!row->in_use)
			total->reclaimable_bytes += own;
	}
	build_cache_list_release(&list);
	return r;
}

int
disk_usage_read(struct session *session, struct disk_usage *ret_usage,
		struct err *err)
{
	struct disk_usage usage = { .places = node_new_arr() };
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	struct store *store;
	int r;

	for (size_t i = 0; i < DISK_KIND_COUNT; i++)
		usage.rows[i] = node_new_arr();
	r = session_store(session, &store, err);
	if (r == 0)
		r = container_list(session, &all, err);
	if (r == 0)
		r = disk_images_read(store, &all, &usage, err);
	if (r == 0) {
		read_containers(session, &all, &usage);
		r = read_volumes(store, &all, &usage, err);
	}
	if (r == 0)
		r = read_cache(session, &usage, err);
	if (r == 0)
		r = read_places(store, &usage, err);
	if (r < 0) {
		disk_usage_release(&usage);
		return r;
	}
	*ret_usage = usage;
	return 0;
}
