/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/disk_images.c - what images take: layers and blobs that they share.
 */
#include "cli/disk_images.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/units.h"
#include "cli/container_cells.h"
#include "store/blob.h"
#include "store/image.h"
#include "store/layer.h"

#define NONE "<none>"
#define SHORT_ID 12

/* A layer or a blob, and who has it. */
struct part {
	int64_t bytes;
	size_t images; /* how many images have it */
	bool active;   /* one of them has a container */
};

struct image {
	const struct image_row *row; /* the first of its names */
	struct strvec layers;        /* diff ids */
	struct strvec blobs;         /* digests */
	size_t containers;
};

struct images {
	struct store *store;
	struct image_table table;
	struct map by_id; /* of struct image */
	struct map parts; /* of struct part, by digest */
};

static void
images_release(struct images *images)
{
	for (map_each(e, &images->by_id)) {
		struct image *image = e->value;

		strvec_release(&image->layers);
		strvec_release(&image->blobs);
		free(image);
	}
	for (map_each(p, &images->parts))
		free(p->value);
	map_release(&images->by_id);
	map_release(&images->parts);
	image_table_release(&images->table);
}

static int64_t
blob_bytes(struct store *store, const char *text)
{
	char path[BLOB_PATH_BYTES];
	struct digest digest;
	struct stat st;

	if (digest_parse(text, &digest, NULL) < 0 ||
	    fstatat(store->dirfd, blob_path(&digest, path), &st,
		    AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return st.st_size;
}

static int64_t
layer_bytes(struct store *store, const char *text)
{
	struct layer_info info;
	struct digest diff_id;

	return digest_parse(text, &diff_id, NULL) == 0 &&
			       layer_read_info(store, &diff_id, &info, NULL) ==
				       0
		       ? info.size_bytes
		       : 0;
}

/* The same digest may name a layer and, uncompressed, its blob. */
static struct part *
need_part(struct images *images, const char *text, bool is_layer)
{
	cleanup_free char *key =
		xasprintf("%s %s", is_layer ? "layer" : "blob", text);
	struct part *part = map_get(&images->parts, key);

	if (part)
		return part;
	part = xcalloc(1, sizeof(*part));
	part->bytes = is_layer ? layer_bytes(images->store, text)
			       : blob_bytes(images->store, text);
	map_set(&images->parts, key, part);
	return part;
}

static void
note_parts(struct images *images, const struct image *image,
	   const struct strvec *list, bool are_layers)
{
	for (size_t i = 0; i < list->len; i++) {
		struct part *part = need_part(images, list->v[i], are_layers);

		part->images++;
		part->active |= image->containers > 0;
	}
}

static size_t
count_containers(const struct container_vec *all, const char *id)
{
	size_t count = 0;

	for (size_t i = 0; i < all->len; i++)
		count += !strcmp(
			node_str_or(node_get(all->items[i].config, "Image"),
				    ""),
			id);
	return count;
}

static void
add_once(struct strvec *list, const char *text)
{
	if (*text && !strvec_has(list, text))
		strvec_add(list, text);
}

static void
read_image(struct images *images, const struct image_row *row,
	   const struct container_vec *all)
{
	struct image *image = xcalloc(1, sizeof(*image));
	struct image_config config = { .doc = NULL };
	struct manifest manifest = { .media_type = NULL };

	image->row = row;
	image->containers = count_containers(all, row->id.text);
	map_set(&images->by_id, row->id.text, image);
	if (image_read_config(images->store, row, &config, NULL) == 0)
		for (size_t i = 0; i < config.diff_id_count; i++)
			add_once(&image->layers, config.diff_ids[i].text);
	add_once(&image->blobs, row->manifest.text);
	add_once(&image->blobs, row->id.text);
	add_once(&image->blobs, row->repo_digest.text);
	if (image_read_manifest(images->store, row, &manifest, NULL) == 0)
		for (size_t i = 0; i < manifest.layer_count; i++)
			add_once(&image->blobs, manifest.layers[i].digest.text);
	image_config_release(&config);
	manifest_release(&manifest);
	note_parts(images, image, &image->layers, true);
	note_parts(images, image, &image->blobs, false);
}

static void
set_size(struct node *row, const char *key, int64_t bytes)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	units_add_size(&text, (uint64_t)bytes);
	node_set_str(row, key, text.buf);
}

static void
set_name(struct node *node, const struct image_row *row)
{
	cleanup_strbuf struct strbuf repository = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	bool named = row->name && ref_parse(row->name, &ref, NULL) == 0;

	if (named)
		ref_add_familiar_name(&repository, &ref);
	node_set_str(node, "Repository", named ? repository.buf : NONE);
	node_set_str(node, "Tag",
		     named && !strchr(row->name, '@') && ref.tag ? ref.tag
								 : NONE);
}

static void
add_row(struct images *images, const struct image_row *row, struct node *rows,
	int64_t now_ns)
{
	const struct image *image = map_get(&images->by_id, row->id.text);
	cleanup_free char *id = xstrndup(digest_hex(&row->id), SHORT_ID);
	cleanup_free char *containers = xasprintf("%zu", image->containers);
	cleanup_strbuf struct strbuf age = STRBUF_INIT;
	int64_t shared = 0, unique = 0;
	struct node *node = node_push(rows, node_new_obj());

	for (size_t i = 0; i < image->layers.len; i++) {
		const struct part *part =
			need_part(images, image->layers.v[i], true);

		if (part->images > 1)
			shared += part->bytes;
		else
			unique += part->bytes;
	}
	if (row->created_ns)
		cell_add_ago(&age, row->created_ns, now_ns);
	node_set_str(node, "Containers", containers);
	node_set_str(node, "CreatedSince", age.len ? age.buf : "N/A");
	node_set_str(node, "ID", id);
	set_name(node, row);
	set_size(node, "SharedSize", shared);
	set_size(node, "Size", shared + unique);
	set_size(node, "UniqueSize", unique);
}

static void
add_totals(const struct images *images, struct disk_total *total)
{
	for (map_each(e, &images->by_id)) {
		const struct image *image = e->value;

		total->count++;
		total->active += image->containers > 0;
	}
	for (map_each(p, &images->parts)) {
		const struct part *part = p->value;

		total->size_bytes += part->bytes;
		if (!part->active)
			total->reclaimable_bytes += part->bytes;
	}
}

int
disk_images_read(struct store *store, const struct container_vec *all,
		 struct disk_usage *usage, struct err *err)
{
	cleanup_release(images_release) struct images images = {
		.store = store,
		.table = IMAGE_TABLE_INIT,
		.by_id = MAP_INIT,
		.parts = MAP_INIT,
	};
	int64_t now_ns = units_now_ns();
	int r = image_list(store, &images.table, err);

	for (size_t i = 0; r == 0 && i < images.table.len; i++)
		if (!map_has(&images.by_id, images.table.rows[i].id.text))
			read_image(&images, &images.table.rows[i], all);
	for (size_t i = 0; r == 0 && i < images.table.len; i++) {
		const struct image_row *row = &images.table.rows[i];

		/* A name by digest says nothing new beside a tag. */
		if (!row->name || !strchr(row->name, '@'))
			add_row(&images, row, usage->rows[DISK_IMAGES], now_ns);
	}
	if (r == 0)
		add_totals(&images, &usage->totals[DISK_IMAGES]);
	return r;
}
