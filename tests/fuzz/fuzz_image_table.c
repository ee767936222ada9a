/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_image_table.c - any bytes as index.json: read, searched, renamed.
 */
#include <stddef.h>
#include <stdint.h>

#include "store/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
rename_row(const struct image_row *row)
{
	struct image_row renamed;

	image_row_renamed(row, "docker.io/library/x:1", &renamed);
	image_row_forget_digest(&renamed);
	image_row_release(&renamed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	struct span text = span_new((const char *)data, size);
	struct image_row row;

	if (image_table_find(text, "docker.io/library/a:1", &row, NULL) == 0) {
		rename_row(&row);
		image_row_release(&row);
	}
	if (image_table_parse(text, &table, NULL) < 0)
		return 0;
	for (size_t i = 0; i < table.len; i++)
		rename_row(&table.rows[i]);
	if (table.len)
		(void)image_put_in(&table, &table.rows[0],
				   "docker.io/library/a:2");
	return 0;
}
