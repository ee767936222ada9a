/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "archive/entry_path.h"
#include "archive/tar_format.h"
#include "archive/tar_reader.h"
#include "base/alloc.h"

/* Lends its bytes in pieces of @step. */
struct feeder {
	const uint8_t *data;
	size_t left;
	size_t step;
};

static ssize_t
feed(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct feeder *feeder = data;
	size_t n = feeder->left < feeder->step ? feeder->left : feeder->step;

	*ret_piece = feeder->data;
	feeder->data += n;
	feeder->left -= n;
	return (ssize_t)n;
}

static void
read_content(struct tar_reader *tr, const struct tar_entry *entry)
{
	const uint8_t *data;
	uint64_t offset, end = 0;
	size_t len;

	while (tar_reader_data(tr, &data, &len, &offset, NULL) > 0) {
		if (!len || offset < end || offset + len > entry->size)
			abort();
		end = offset + len;
	}
}

/* A wrong sum ends the reading: what looks like a header gets a right one. */
static uint8_t *
sign_headers(const uint8_t *data, size_t size)
{
	uint8_t *copy = xmemdup(data, size);

	for (size_t at = 0; at + TAR_BLOCK_BYTES <= size;
	     at += TAR_BLOCK_BYTES) {
		struct tar_header header;

		memcpy(&header, copy + at, sizeof(header));
		if (memcmp(header.magic, "ustar", 5) != 0)
			continue;
		tar_number_write(header.checksum, sizeof(header.checksum),
				 tar_checksum(&header));
		memcpy(copy + at, &header, sizeof(header));
	}
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = sign_headers(data, size);
	struct feeder feeder = { copy, size, 1 << 16 };
	struct byte_source source = { feed, &feeder };
	struct strbuf path = STRBUF_INIT;
	const struct tar_entry *entry;
	struct tar_reader *tr;
	struct err err = ERR_INIT;
	bool read = true;

	if (size > 257 && data[257] != 'u')
		feeder.step = 1 + data[257];
	tr = tar_reader_new(&source);
	while (tar_reader_next(tr, &entry, &err) > 0) {
		if (entry_path_clean(entry->path, 64, &path, &err) == 0)
			(void)entry_path_kind(path.buf, &err);
		if (entry->type == TAR_FILE && read)
			read_content(tr, entry);
		read = !read;
	}
	(void)tar_reader_drain(tr, &err);
	tar_reader_free(tr);
	strbuf_release(&path);
	free(copy);
	return 0;
}
