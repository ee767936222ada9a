/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/stat_cache.c - digests of files that did not change since.
 */
#include "build/stat_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/log.h"
#include "base/units.h"

#define STAT_CACHE_MAGIC UINT64_C(0x31304354534f4844)
/* Clocks of file systems tick in 10 ms at most, some in whole seconds. */
#define STAT_CACHE_FINE_NS (UNITS_NS_PER_S / 20)
#define STAT_CACHE_COARSE_NS (2 * UNITS_NS_PER_S)
/* Files that were not looked at stay until there are so many of them. */
#define STAT_CACHE_MAX_IDLE 200000

struct stat_entry {
	uint64_t dev;
	uint64_t ino;
	uint64_t size;
	int64_t mtime_ns;
	int64_t ctime_ns;
	uint8_t digest[BLAKE2_BYTES];
};

struct stat_head {
	uint64_t magic;
	uint64_t count;
};

struct stat_cache {
	int dirfd;
	char *name;
	void *map; /* the file */
	size_t map_bytes;
	const struct stat_entry *old; /* in it, sorted */
	size_t old_count;
	struct stat_entry *added;
	size_t added_count, added_cap;
};

static int64_t
ns_of(struct timespec time)
{
	return (int64_t)time.tv_sec * UNITS_NS_PER_S + time.tv_nsec;
}

static int
by_file(const void *a, const void *b)
{
	const struct stat_entry *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static void
load(struct stat_cache *cache)
{
	cleanup_close int fd =
		openat(cache->dirfd, cache->name, O_RDONLY | O_CLOEXEC);
	const struct stat_head *head;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || (size_t)st.st_size < sizeof(*head))
		return;
	cache->map_bytes = (size_t)st.st_size;
	cache->map = mmap(NULL, cache->map_bytes, PROT_READ,
			  MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (cache->map == MAP_FAILED) {
		cache->map = NULL;
		return;
	}
	head = cache->map;
	if (head->magic != STAT_CACHE_MAGIC ||
	    head->count != (cache->map_bytes - sizeof(*head)) /
				   sizeof(struct stat_entry))
		return;
	cache->old = (const struct stat_entry *)(head + 1);
	cache->old_count = (size_t)head->count;
}

struct stat_cache *
stat_cache_open(int dirfd, const char *name)
{
	struct stat_cache *cache = xcalloc(1, sizeof(*cache));

	cache->dirfd = dirfd;
	cache->name = xstrdup(name);
	load(cache);
	return cache;
}

static struct stat_entry
entry_of(const struct stat *st)
{
	return (struct stat_entry){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime_ns = ns_of(st->st_mtim),
		.ctime_ns = ns_of(st->st_ctim),
	};
}

bool
stat_cache_get(struct stat_cache *cache, const struct stat *st,
	       uint8_t digest[BLAKE2_BYTES])
{
	struct stat_entry want = entry_of(st);
	const struct stat_entry *found;

	if (!cache->old_count)
		return false;
	found = bsearch(&want, cache->old, cache->old_count, sizeof(want),
			by_file);
	if (!found || found->size != want.size ||
	    found->mtime_ns != want.mtime_ns ||
	    found->ctime_ns != want.ctime_ns)
		return false;
	memcpy(digest, found->digest, BLAKE2_BYTES);
	return true;
}

void
stat_cache_put(struct stat_cache *cache, const struct stat *st,
	       const uint8_t digest[BLAKE2_BYTES])
{
	struct stat_entry entry = entry_of(st);
	bool is_fine = st->st_ctim.tv_nsec != 0;
	int64_t wait_ns = is_fine ? STAT_CACHE_FINE_NS : STAT_CACHE_COARSE_NS;

	if (units_now_ns() - entry.ctime_ns < wait_ns)
		return;
	memcpy(entry.digest, digest, BLAKE2_BYTES);
	array_push(cache->added, cache->added_count, cache->added_cap, entry);
}

/* Old entries and new ones in one sorted array; new ones win. */
static struct stat_entry *
merge(struct stat_cache *cache, size_t *ret_count)
{
	size_t keep =
		cache->old_count <= STAT_CACHE_MAX_IDLE ? cache->old_count : 0;
	struct stat_entry *all =
		xcalloc(keep + cache->added_count + 1, sizeof(*all));
	size_t i = 0, k = 0, n = 0;

	qsort(cache->added, cache->added_count, sizeof(*all), by_file);
	while (i < keep || k < cache->added_count) {
		int order = i == keep ? 1
			    : k == cache->added_count
				    ? -1
				    : by_file(&cache->old[i], &cache->added[k]);

		if (order == 0)
			i++;
		else if (order < 0)
			all[n++] = cache->old[i++];
		else if (n && by_file(&all[n - 1], &cache->added[k]) == 0)
			all[n - 1] = cache->added[k++];
		else
			all[n++] = cache->added[k++];
	}
	*ret_count = n;
	return all;
}

static void
save(struct stat_cache *cache)
{
	cleanup_free struct stat_entry *all = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct stat_head head = { .magic = STAT_CACHE_MAGIC };
	struct err err = ERR_INIT;
	size_t count;

	all = merge(cache, &count);
	head.count = count;
	strbuf_add(&sb, &head, sizeof(head));
	strbuf_add(&sb, all, count * sizeof(*all));
	if (fsx_write_atomic(cache->dirfd, cache->name, sb.buf, sb.len, 0600,
			     FSX_NOSYNC, &err) < 0)
		log_debug("keep digests of the context: %s", err.text);
}

void
stat_cache_close(struct stat_cache *cache)
{
	if (!cache)
		return;
	if (cache->added_count)
		save(cache);
	if (cache->map)
		(void)munmap(cache->map, cache->map_bytes);
	free(cache->name);
	free(cache->added);
	free(cache);
}
