/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/stat_cache.h - digests of files that did not change since.
 *
 * A file whose inode, size, mtime and ctime are those of last time has the
 * content of last time: ctime cannot be set by hand. One that changed while
 * or just before it was read is not remembered, because a further change
 * within the clock's tick would not show. One file of the store per context,
 * a sorted array that is mapped; damaged or missing, everything is read anew.
 */
#ifndef DHOW_BUILD_STAT_CACHE_H
#define DHOW_BUILD_STAT_CACHE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/blake2.h"
#include "base/cleanup.h"

struct stat_cache;

/*
 * @dirfd: where the file is, borrowed until the close; @name: the file.
 * Never fails.
 */
struct stat_cache *stat_cache_open(int dirfd, const char *name);

/* Write what is new, and close. A failure only costs time later. */
void stat_cache_close(struct stat_cache *cache);
DEFINE_CLEANUP(struct stat_cache *, stat_cache_close);

/* Returns true and the digest when the file is as it was. */
bool stat_cache_get(struct stat_cache *cache, const struct stat *st,
		    uint8_t digest[BLAKE2_BYTES]);

/* @st: from before it was read. */
void stat_cache_put(struct stat_cache *cache, const struct stat *st,
		    const uint8_t digest[BLAKE2_BYTES]);

#endif
