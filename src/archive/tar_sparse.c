/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_sparse.c - which runs of bytes a sparse file has.
 */
#include "archive/tar_sparse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static int
bad_map(struct err *err)
{
	return err_set(err, EBADMSG, "the map of a sparse file is damaged");
}

static int
add_extent(struct tar_sparse *sparse, uint64_t offset, uint64_t len,
	   struct err *err)
{
	if (sparse->count == TAR_MAX_SPARSE_EXTENTS)
		return err_set(err, E2BIG,
			       "more than %d extents of a sparse file",
			       TAR_MAX_SPARSE_EXTENTS);
	array_push(sparse->extents, sparse->count, sparse->cap,
		   (struct tar_extent){ offset, len });
	return 0;
}

void
tar_sparse_whole(struct tar_sparse *sparse, uint64_t size)
{
	sparse->count = 0;
	(void)add_extent(sparse, 0, size, NULL); /* the first always fits */
}

/* @count places of 24 bytes; an empty one ends the list. */
static int
read_places(struct tar_sparse *sparse, const char *place, size_t count,
	    struct err *err)
{
	for (; count > 0; count--, place += 24) {
		int64_t offset, len;
		int r;

		if (!place[0] && !place[12])
			return 0;
		if (tar_number_read(place, 12, 0, TAR_MAX_FILE_BYTES, &offset) <
			    0 ||
		    tar_number_read(place + 12, 12, 0, TAR_MAX_FILE_BYTES,
				    &len) < 0)
			return bad_map(err);
		r = add_extent(sparse, (uint64_t)offset, (uint64_t)len, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int
tar_sparse_read_old(struct tar_sparse *sparse, struct tar_stream *ts,
		    struct err *err)
{
	const struct tar_header *header = &ts->block.header;
	bool more = header->gnu.is_extended != 0;
	int r;

	sparse->count = 0;
	r = read_places(sparse, header->gnu.extents[0], 4, err);
	while (r == 0 && more) {
		r = tar_stream_block(ts, err);
		if (r < 0)
			return r;
		if (r == 0)
			return bad_map(err);
		more = ts->block.bytes[21 * 24] != 0;
		r = read_places(sparse, (const char *)ts->block.bytes, 21, err);
	}
	return r;
}

void
tar_sparse_take_pax(struct tar_sparse *sparse, const struct tar_pax *pax)
{
	sparse->count = 0;
	for (size_t i = 0; i < pax->extent_count; i++)
		(void)add_extent(sparse, pax->extents[i].offset,
				 pax->extents[i].len, NULL);
}

/* Digits of the map, block by block: its end is padded to a whole block. */
struct map_text {
	struct tar_stream *ts;
	uint64_t *left;
	size_t at;
};

static int
next_char(struct map_text *map, struct err *err)
{
	int r;

	if (map->at == TAR_BLOCK_BYTES) {
		if (*map->left < TAR_BLOCK_BYTES)
			return bad_map(err);
		r = tar_stream_block(map->ts, err);
		if (r <= 0)
			return r < 0 ? r : bad_map(err);
		*map->left -= TAR_BLOCK_BYTES;
		map->at = 0;
	}
	return map->ts->block.bytes[map->at++];
}

static int
next_number(struct map_text *map, uint64_t max, uint64_t *ret_value,
	    struct err *err)
{
	uint64_t value = 0;
	int c = next_char(map, err);

	if (c >= 0 && !text_is_digit((char)c))
		return bad_map(err);
	for (; c >= 0 && text_is_digit((char)c); c = next_char(map, err)) {
		value = value * 10 + (uint64_t)(c - '0');
		if (value > max)
			return bad_map(err);
	}
	if (c < 0)
		return c;
	if (c != '\n')
		return bad_map(err);
	*ret_value = value;
	return 0;
}

int
tar_sparse_read_map(struct tar_sparse *sparse, struct tar_stream *ts,
		    uint64_t *io_left, struct err *err)
{
	struct map_text map = { ts, io_left, TAR_BLOCK_BYTES };
	uint64_t count = 0, offset = 0, len = 0;
	int r = next_number(&map, TAR_MAX_SPARSE_EXTENTS, &count, err);

	sparse->count = 0;
	for (; r == 0 && count > 0; count--) {
		r = next_number(&map, TAR_MAX_FILE_BYTES, &offset, err);
		if (r == 0)
			r = next_number(&map, TAR_MAX_FILE_BYTES, &len, err);
		if (r == 0)
			r = add_extent(sparse, offset, len, err);
	}
	return r;
}

int
tar_sparse_check(const struct tar_sparse *sparse, uint64_t real_size,
		 uint64_t stored, struct err *err)
{
	uint64_t end = 0, sum = 0;

	for (size_t i = 0; i < sparse->count; i++) {
		const struct tar_extent *extent = &sparse->extents[i];

		if (extent->offset < end || extent->offset > real_size ||
		    extent->len > real_size - extent->offset)
			return bad_map(err);
		end = extent->offset + extent->len;
		sum += extent->len;
	}
	return sum == stored ? 0 : bad_map(err);
}

void
tar_sparse_release(struct tar_sparse *sparse)
{
	free(sparse->extents);
	*sparse = (struct tar_sparse){ .extents = NULL };
}
