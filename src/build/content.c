/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/content.c - what a tree says, as a digest for cache keys.
 */
#include "build/content.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/map.h"
#include "base/text.h"

#define CONTENT_BUFFER_BYTES (64U << 10)
#define CONTENT_XATTR_BYTES (64U << 10)

struct content {
	const struct walk_source *source;
	struct stat_cache *cache;
	struct blake2 *hash;
	struct map links; /* inode → path, of files with several names */
};

int
content_of_fd(int fd, uint8_t digest[BLAKE2_BYTES], struct err *err)
{
	uint8_t buf[CONTENT_BUFFER_BYTES];
	struct blake2 hash;
	off_t at = 0;

	blake2_init(&hash);
	for (;;) {
		ssize_t n = pread(fd, buf, sizeof(buf), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "read");
		if (n == 0)
			break;
		blake2_add(&hash, buf, (size_t)n);
		at += n;
	}
	blake2_end(&hash, digest);
	return 0;
}

static int
open_entry(const struct walk_entry *entry, struct err *err)
{
	int fd = openat(entry->node->dirfd, entry->name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? err_sys(err, "open '%s'", entry->path) : fd;
}

/* Names arrive in the file system's order: each is hashed, and all added. */
static void
add_xattrs(struct content *content, int fd)
{
	cleanup_free char *names = xmalloc(CONTENT_XATTR_BYTES);
	cleanup_free char *value = xmalloc(CONTENT_XATTR_BYTES);
	ssize_t len = flistxattr(fd, names, CONTENT_XATTR_BYTES);
	uint8_t sum[BLAKE2_BYTES] = { 0 };
	bool any = false;

	for (char *name = names; len > 0 && name < names + len;
	     name += strlen(name) + 1) {
		uint8_t digest[BLAKE2_BYTES];
		struct blake2 one;
		ssize_t n;

		if (text_starts(name, "user.overlay."))
			continue;
		n = fgetxattr(fd, name, value, CONTENT_XATTR_BYTES);
		if (n < 0)
			continue;
		blake2_init(&one);
		blake2_add_text(&one, name);
		blake2_add(&one, value, (size_t)n);
		blake2_end(&one, digest);
		for (size_t i = 0; i < BLAKE2_BYTES; i++)
			sum[i] ^= digest[i];
		any = true;
	}
	if (any)
		blake2_add(content->hash, sum, sizeof(sum));
}

static int
add_file(struct content *content, const struct walk_entry *entry,
	 struct err *err)
{
	const struct stat *st = &entry->node->st;
	uint8_t digest[BLAKE2_BYTES];
	cleanup_close int fd = -EBADF;
	int r;

	if (content->cache && stat_cache_get(content->cache, st, digest)) {
		blake2_add(content->hash, digest, sizeof(digest));
		return 0;
	}
	fd = open_entry(entry, err);
	if (fd < 0)
		return fd;
	r = content_of_fd(fd, digest, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", entry->path);
	blake2_add(content->hash, digest, sizeof(digest));
	if (content->cache)
		stat_cache_put(content->cache, st, digest);
	if (!content->source->is_context)
		add_xattrs(content, fd);
	return 0;
}

static void
add_head(struct content *content, const struct walk_entry *entry)
{
	const struct stat *st = &entry->node->st;

	blake2_add_text(content->hash, entry->rel);
	blake2_add_number(content->hash, st->st_mode);
	if (content->source->is_context)
		return;
	blake2_add_number(content->hash,
			  (uint64_t)st->st_uid << 32 | st->st_gid);
}

/* Returns true when it is a further name of a file that was added. */
static bool
add_link(struct content *content, const struct walk_entry *entry)
{
	const struct stat *st = &entry->node->st;
	const char *first;
	char key[40];

	if (st->st_nlink < 2)
		return false;
	(void)snprintf(key, sizeof(key), "%" PRIx64 ":%" PRIx64,
		       (uint64_t)st->st_dev, (uint64_t)st->st_ino);
	first = map_get(&content->links, key);
	if (first)
		blake2_add_text(content->hash, first);
	else
		(void)map_set(&content->links, key, xstrdup(entry->rel));
	return first != NULL;
}

static int
visit(void *data, const struct walk_entry *entry, struct err *err)
{
	struct content *content = data;
	const struct stat *st = &entry->node->st;
	cleanup_strbuf struct strbuf target = STRBUF_INIT;
	int r;

	if (S_ISSOCK(st->st_mode))
		return 0;
	add_head(content, entry);
	if (S_ISREG(st->st_mode))
		return add_link(content, entry) ? 0
						: add_file(content, entry, err);
	if (!S_ISLNK(st->st_mode)) {
		blake2_add_number(content->hash, st->st_rdev);
		return 0;
	}
	r = fsx_readlink(entry->node->dirfd, entry->name, &target);
	if (r < 0)
		return err_code(err, -r, "read the link '%s'", entry->path);
	blake2_add_text(content->hash, target.buf);
	return 0;
}

static int
enter(void *data, const struct walk_entry *dir, struct err *err)
{
	struct content *content = data;

	add_head(content, dir);
	return 0;
}

static int
leave(void *data, struct err *err)
{
	return 0;
}

int
content_add(const struct walk_source *source, const char *path,
	    const struct ignore *exclude, struct stat_cache *cache,
	    struct blake2 *hash, struct err *err)
{
	struct content content = { .source = source,
				   .cache = cache,
				   .hash = hash };
	struct walk_visitor visitor = {
		.enter = enter, .leave = leave, .visit = visit, .data = &content
	};
	int r = walk_tree(source, path, exclude, &visitor, err);

	for (map_each(e, &content.links))
		free(e->value);
	map_release(&content.links);
	return r;
}
