/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive_help.h - archives made in memory, and trees to unpack them into.
 */
#ifndef DHOW_TESTS_ARCHIVE_HELP_H
#define DHOW_TESTS_ARCHIVE_HELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

struct made_entry {
	char type; /* as in a header; 0: '0' */
	const char *name;
	const char *link;
	const char *data; /* content, NUL-ended unless len is given */
	size_t len;
	int64_t size;  /* what the header claims; 0: the content's length */
	uint32_t mode; /* 0: 0644, directories 0755 */
	int64_t uid;
	int64_t gid;
	int64_t mtime;
	int64_t dev_major, dev_minor;
	const char *prefix;
	bool is_gnu;
	bool is_roots; /* owned by 0:0 */
};

/* Append an entry; owners are the caller's own unless .uid or .gid is set. */
void made_append(struct strbuf *sb, const struct made_entry *entry);
#define made_add(sb, ...) made_append((sb), &(struct made_entry){ __VA_ARGS__ })

/* Append an extended header (type 'x' or 'g') of "key", "value" pairs. */
void made_add_pax(struct strbuf *sb, char type, const char *const *pairs);
#define made_pax(sb, ...) \
	made_add_pax((sb), 'x', (const char *const[]){ __VA_ARGS__, NULL })

/* One record whose value may hold any byte. */
void made_add_record(struct strbuf *records, const char *key, const void *value,
		     size_t len);
void made_end(struct strbuf *sb);

/* Correct the checksum of the header block at @offset. */
void made_sign(struct strbuf *sb, size_t offset);

/* A file that holds @len bytes, at its beginning; the caller closes it. */
int made_fd(const void *data, size_t len);

enum made_format {
	MADE_GZIP,
	MADE_BZIP2,
	MADE_XZ,
	MADE_ZSTD
};
/* Append @len bytes compressed by libarchive. */
void made_compress(struct strbuf *sb, enum made_format format, const void *data,
		   size_t len);

/*
 * A directory "…/room" with an empty "root", and beside it a "sentinel" tree
 * that must never change.
 */
struct room {
	char path[64];
	int dirfd;
	int rootfd;
	char before[65]; /* of the sentinel */
};
void room_init(struct room *room);
bool room_sentinel_is_untouched(const struct room *room);
void room_release(struct room *room);

/* What is at @path below @dirfd, as one line: "f 0644 3 abc", "d 0755", …,
 * "-" when nothing is. In a static buffer. */
const char *room_look(int dirfd, const char *path);

/* Unpack the archive @sb into the room; layer_unpack()'s own result. */
struct layer_unpack_result;
int room_unpack(const struct room *room, const struct strbuf *sb,
		struct layer_unpack_result *ret_result, struct err *err);

/*
 * In a forked child: become what dhow is, root or root of a user namespace
 * with one mapped id. Exits with MADE_NO_NAMESPACE where there are none.
 */
#define MADE_NO_NAMESPACE 77
void made_namespace(void);

#endif
