/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/images_tree.c - images --tree: each image with its platform below it.
 */
#include "cli/images_tree.h"

#include "base/units.h"
#include "ui/table.h"

#define SHORT_ID 12

/* What its blobs take: as it lies at a registry. */
static uint64_t
content_bytes(struct store *store, const struct image_row *row)
{
	cleanup_release(manifest_release) struct manifest manifest = {
		.media_type = NULL
	};
	uint64_t bytes;

	if (image_read_manifest(store, row, &manifest, NULL) < 0)
		return 0;
	bytes = (uint64_t)row->manifest_bytes +
		(uint64_t)manifest.config.size_bytes;
	for (size_t i = 0; i < manifest.layer_count; i++)
		bytes += (uint64_t)manifest.layers[i].size_bytes;
	return bytes;
}

static void
add_row(struct strbuf *text, const char *name, const struct digest *id,
	uint64_t disk, uint64_t content, const char *extra)
{
	cleanup_strbuf struct strbuf cell = STRBUF_INIT;

	table_add_cell(text, name, true);
	strbuf_addf(&cell, "%.*s", SHORT_ID, digest_hex(id));
	table_add_cell(text, cell.buf, false);
	strbuf_reset(&cell);
	units_add_size(&cell, disk);
	table_add_cell(text, cell.buf, false);
	strbuf_reset(&cell);
	units_add_size(&cell, content);
	table_add_cell(text, cell.buf, false);
	table_add_cell(text, extra, false);
	strbuf_addch(text, '\n');
}

void
images_tree_add(struct strbuf *out, struct store *store,
		const struct images_tree_line *lines, size_t count)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	strbuf_addstr(&text, "IMAGE\tID\tDISK USAGE\tCONTENT SIZE\tEXTRA\n");
	for (size_t i = 0; i < count; i++) {
		cleanup_release(
			image_config_release) struct image_config config = {
			.doc = NULL
		};
		const struct image_row *row = lines[i].row;
		cleanup_strbuf struct strbuf platform = STRBUF_INIT;
		uint64_t content = content_bytes(store, row);
		uint64_t disk = content + (uint64_t)row->size_bytes;
		const char *extra = lines[i].in_use ? "U" : "";

		add_row(&text, lines[i].name, &row->id, disk, content, extra);
		if (image_read_config(store, row, &config, NULL) < 0)
			continue;
		strbuf_addstr(&platform, "└─ ");
		platform_add(&platform, &config.platform);
		add_row(&text, platform.buf, &row->manifest, disk, content,
			extra);
	}
	table_add(out, span_new(text.buf, text.len));
}
