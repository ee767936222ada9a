/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/content.h - what a tree says, as a digest for cache keys.
 *
 * Names, types, modes, targets of links, content; owners and attributes of
 * stages too. Never times.
 */
#ifndef DHOW_BUILD_CONTENT_H
#define DHOW_BUILD_CONTENT_H

#include "base/blake2.h"
#include "build/stat_cache.h"
#include "build/walk.h"

/*
 * Add what is at @path (as in walk_tree()) to @hash.
 *
 * @cache: may be NULL
 *
 * Returns 0 or -errno.
 */
int content_add(const struct walk_source *source, const char *path,
		const struct ignore *exclude, struct stat_cache *cache,
		struct blake2 *hash, struct err *err);

/* The digest of all bytes of @fd, from its start. */
int content_of_fd(int fd, uint8_t digest[BLAKE2_BYTES], struct err *err);

#endif
