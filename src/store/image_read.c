/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/image_read.c - what the blobs say of an image.
 *
 * Blobs were verified when they were written; here only their form is checked.
 */
#include "store/image.h"

#include "base/log.h"
#include "store/blob.h"
#include "store/layer.h"

/* The bytes of the manifest for this platform, by way of an index if any. */
static int
read_manifest_bytes(struct store *store, const struct image_row *row,
		    struct strbuf *sb, const char **ret_type, struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = { 0 };
	struct platform host;
	int r;

	r = blob_read(store, &row->manifest, MANIFEST_MAX_BYTES, sb, err);
	if (r < 0)
		return r;
	*ret_type = row->media_type;
	r = manifest_bytes_are_index(span_new(sb->buf, sb->len),
				     row->media_type, err);
	if (r <= 0)
		return r;
	r = image_index_parse(span_new(sb->buf, sb->len), row->media_type,
			      &index, err);
	if (r < 0)
		return r;
	platform_host(&host);
	r = image_index_select(&index, &host, err);
	if (r < 0)
		return r;
	*ret_type = NULL;
	strbuf_reset(sb);
	return blob_read(store, &index.manifests[r].digest, MANIFEST_MAX_BYTES,
			 sb, err);
}

int
image_read_manifest(struct store *store, const struct image_row *row,
		    struct manifest *ret_manifest, struct err *err)
{
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	const char *type;
	int r;

	r = read_manifest_bytes(store, row, &bytes, &type, err);
	if (r == 0)
		r = manifest_parse(span_new(bytes.buf, bytes.len), type,
				   ret_manifest, err);
	return r < 0 ? err_wrap(err, r, "manifest of image '%s'",
				row->name ? row->name : row->id.text)
		     : 0;
}

int
image_read_config(struct store *store, const struct image_row *row,
		  struct image_config *ret_config, struct err *err)
{
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	int r;

	r = blob_read(store, &row->id, IMAGE_CONFIG_MAX_BYTES, &bytes, err);
	if (r == 0)
		r = image_config_parse(span_new(bytes.buf, bytes.len),
				       ret_config, err);
	return r < 0 ? err_wrap(err, r, "config of image '%s'",
				row->name ? row->name : row->id.text)
		     : 0;
}

int64_t
image_layers_bytes(struct store *store, const struct image_config *config)
{
	int64_t total = 0;

	for (size_t i = 0; i < config->diff_id_count; i++) {
		struct layer_info info;

		if (layer_read_info(store, &config->diff_ids[i], &info, NULL) ==
		    0)
			total += info.size_bytes;
	}
	return total;
}

/* Rows of ours are complete; others are read from manifest and config. */
static int
row_complete(struct store *store, struct image_row *row, struct err *err)
{
	cleanup_release(manifest_release) struct manifest manifest = { 0 };
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	int r;

	if (row->id.text[0] && row->size_bytes >= 0)
		return 0;
	r = image_read_manifest(store, row, &manifest, err);
	if (r < 0)
		return r;
	row->id = manifest.config.digest;
	r = image_read_config(store, row, &config, err);
	if (r < 0)
		return r;
	if (row->name && ref_parse(row->name, &ref, NULL) == 0)
		ref_add_canonical(&name, &ref);
	image_row_complete(
		row, &(struct image_row_facts){
			     .name = name.len ? name.buf : NULL,
			     .id = manifest.config.digest,
			     .created = config.created,
			     .size_bytes = image_layers_bytes(store, &config),
		     });
	return 0;
}

void
image_table_complete(struct store *store, struct image_table *table)
{
	struct err err = ERR_INIT;

	for (size_t i = 0; i < table->len; i++)
		if (row_complete(store, &table->rows[i], &err) < 0)
			log_debug("index.json entry %zu: %s", i, err.text);
}

int
image_list(struct store *store, struct image_table *table, struct err *err)
{
	int r;

	r = image_table_load(store, table, err);
	if (r < 0)
		return r;
	image_table_complete(store, table);
	for (size_t i = table->len; i-- > 0;)
		if (!table->rows[i].id.text[0] || table->rows[i].size_bytes < 0)
			image_table_remove(table, i);
	return 0;
}
