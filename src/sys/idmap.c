/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/idmap.c - user namespace id maps as values.
 */
#include "sys/idmap.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/strbuf.h"

#define IDMAP_TEXT_BYTES (IDMAP_MAX_EXTENTS * 36)

void
idmap_add(struct idmap *map, uint32_t inside, uint32_t outside, uint32_t count)
{
	struct idmap_extent *last;

	if (!count)
		return;
	last = map->len ? &map->extents[map->len - 1] : NULL;
	if (last && last->inside + last->count == inside &&
	    last->outside + last->count == outside) {
		last->count += count;
		return;
	}
	assert(map->len < IDMAP_MAX_EXTENTS);
	map->extents[map->len++] =
		(struct idmap_extent){ inside, outside, count };
}

uint32_t
idmap_to_outside(const struct idmap *map, uint32_t inside)
{
	for (size_t i = 0; i < map->len; i++) {
		const struct idmap_extent *e = &map->extents[i];

		if (inside >= e->inside && inside - e->inside < e->count)
			return e->outside + (inside - e->inside);
	}
	return IDMAP_UNMAPPED;
}

uint32_t
idmap_to_inside(const struct idmap *map, uint32_t outside)
{
	for (size_t i = 0; i < map->len; i++) {
		const struct idmap_extent *e = &map->extents[i];

		if (outside >= e->outside && outside - e->outside < e->count)
			return e->inside + (outside - e->outside);
	}
	return IDMAP_UNMAPPED;
}

uint32_t
idmap_span(const struct idmap *map)
{
	uint32_t next = 0;

	for (size_t i = 0; i < map->len; i++) {
		for (size_t j = 0; j < map->len; j++) {
			const struct idmap_extent *e = &map->extents[j];

			if (e->inside == next)
				next += e->count;
		}
	}
	return next;
}

/* Append to @map without joining extents: the borders are the point. */
static void
idmap_add_apart(struct idmap *map, struct idmap_extent e)
{
	assert(map->len < IDMAP_MAX_EXTENTS);
	map->extents[map->len++] = e;
}

void
idmap_split(struct idmap *map, const struct idmap *parent)
{
	struct idmap out = { .len = 0 };

	for (size_t i = 0; i < map->len; i++) {
		struct idmap_extent e = map->extents[i];

		for (size_t j = 0; j < parent->len; j++) {
			const struct idmap_extent *p = &parent->extents[j];
			uint64_t start = e.outside, end = start + e.count;
			uint64_t pstart = p->inside;
			uint64_t pend = pstart + p->count;

			if (start < pstart)
				start = pstart;
			if (end > pend)
				end = pend;
			if (start < end)
				idmap_add_apart(
					&out,
					(struct idmap_extent){
						(uint32_t)(e.inside + start -
							   e.outside),
						(uint32_t)start,
						(uint32_t)(end - start) });
		}
	}
	*map = out;
}

void
idmap_swapped(const struct idmap *parent, uint32_t a, uint32_t b,
	      struct idmap *ret_map)
{
	struct idmap map = { .len = 0 };
	uint32_t lo = a < b ? a : b, hi = a < b ? b : a;

	for (size_t i = 0; i < parent->len; i++) {
		uint32_t at = parent->extents[i].inside;
		uint32_t end = at + parent->extents[i].count;
		uint32_t marks[2] = { lo, hi };

		for (size_t m = 0; m < 2; m++) {
			if (marks[m] < at || marks[m] >= end ||
			    (m == 1 && lo == hi))
				continue;
			idmap_add(&map, at, at, marks[m] - at);
			idmap_add(&map, marks[m], m ? lo : hi, 1);
			at = marks[m] + 1;
		}
		idmap_add(&map, at, at, end - at);
	}
	idmap_split(&map, parent);
	*ret_map = map;
}

int
idmap_read(const char *path, struct idmap *ret_map, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct idmap map = { .len = 0 };
	const char *p;
	int r, used;

	r = fsx_read_file(AT_FDCWD, path, 1 << 16, &sb, err);
	if (r < 0)
		return r;
	for (p = sb.buf; map.len < IDMAP_MAX_EXTENTS; p += used) {
		struct idmap_extent e;

		used = 0;
		if (sscanf(p, "%" SCNu32 " %" SCNu32 " %" SCNu32 " %n",
			   &e.inside, &e.outside, &e.count, &used) != 3 ||
		    !used)
			break;
		idmap_add_apart(&map, e);
	}
	*ret_map = map;
	return 0;
}

static int
idmap_write_file(pid_t pid, const char *name, const char *text, size_t len,
		 struct err *err)
{
	cleanup_close int fd = -EBADF;
	char path[48];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		return err_sys(err, "write '%s'", path);
	return 0;
}

static size_t
idmap_text(const struct idmap *map, char text[IDMAP_TEXT_BYTES])
{
	size_t len = 0;

	for (size_t i = 0; i < map->len; i++)
		len += (size_t)snprintf(text + len, IDMAP_TEXT_BYTES - len,
					"%" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
					map->extents[i].inside,
					map->extents[i].outside,
					map->extents[i].count);
	return len;
}

int
idmap_write(pid_t pid, const struct idmap *uids, const struct idmap *gids,
	    int deny_setgroups, struct err *err)
{
	char text[IDMAP_TEXT_BYTES];
	int r = 0;

	if (deny_setgroups)
		r = idmap_write_file(pid, "setgroups", "deny", 4, err);
	if (r == 0)
		r = idmap_write_file(pid, "uid_map", text,
				     idmap_text(uids, text), err);
	if (r == 0)
		r = idmap_write_file(pid, "gid_map", text,
				     idmap_text(gids, text), err);
	return r;
}
