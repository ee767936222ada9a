/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_help.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/layer_unpack.h"
#include "archive/sha256.h"
#include "archive/tar_format.h"
#include "base/fsx.h"

static void
put_text(char *field, size_t size, const char *text)
{
	if (text)
		memcpy(field, text, strnlen(text, size));
}

void
made_sign(struct strbuf *sb, size_t offset)
{
	struct tar_header *header = (void *)(sb->buf + offset);

	(void)snprintf(header->checksum, sizeof(header->checksum), "%06o",
		       tar_checksum(header));
	header->checksum[7] = ' ';
}

void
made_append(struct strbuf *sb, const struct made_entry *entry)
{
	struct tar_header header = { .type = entry->type ?: '0' };
	size_t len =
		entry->data && !entry->len ? strlen(entry->data) : entry->len;
	int64_t size = entry->size ?: (int64_t)len;
	uint32_t mode = entry->mode ?: header.type == '5' ? 0755 : 0644;
	size_t offset = sb->len;

	put_text(header.name, sizeof(header.name), entry->name);
	put_text(header.link, sizeof(header.link), entry->link);
	put_text(header.prefix, sizeof(header.prefix), entry->prefix);
	memcpy(header.magic, entry->is_gnu ? "ustar " : "ustar\0", 6);
	memcpy(header.version, entry->is_gnu ? " \0" : "00", 2);
	tar_number_write(header.mode, 8, mode);
	tar_number_write(header.uid, 8,
			 entry->is_roots ? 0 : entry->uid ?: geteuid());
	tar_number_write(header.gid, 8,
			 entry->is_roots ? 0 : entry->gid ?: getegid());
	tar_number_write(header.size, 12, size);
	tar_number_write(header.mtime, 12, entry->mtime);
	tar_number_write(header.dev_major, 8, entry->dev_major);
	tar_number_write(header.dev_minor, 8, entry->dev_minor);
	strbuf_add(sb, &header, sizeof(header));
	made_sign(sb, offset);
	strbuf_add(sb, entry->data, len);
	strbuf_pad(sb, '\0', tar_padding(len));
}

void
made_add_record(struct strbuf *records, const char *key, const void *value,
		size_t len)
{
	size_t rest = strlen(key) + len + 3, digits = 1, total;

	do
		total = rest + digits;
	while (snprintf(NULL, 0, "%zu", total) != (int)digits && ++digits);
	strbuf_addf(records, "%zu %s=", total, key);
	strbuf_add(records, value, len);
	strbuf_addch(records, '\n');
}

void
made_add_pax(struct strbuf *sb, char type, const char *const *pairs)
{
	struct strbuf text = STRBUF_INIT;

	for (; pairs[0]; pairs += 2)
		made_add_record(&text, pairs[0], pairs[1], strlen(pairs[1]));
	made_add(sb, .type = type, .name = "pax", .data = text.buf,
		 .len = text.len);
	strbuf_release(&text);
}

void
made_end(struct strbuf *sb)
{
	strbuf_pad(sb, '\0', 2 * TAR_BLOCK_BYTES);
}

int
made_fd(const void *data, size_t len)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);

	cr_assert(fd >= 0);
	cr_assert(write(fd, data, len) == (ssize_t)len);
	cr_assert(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static la_ssize_t
collect(struct archive *archive, void *data, const void *buf, size_t len)
{
	strbuf_add(data, buf, len);
	return (la_ssize_t)len;
}

void
made_compress(struct strbuf *sb, enum made_format format, const void *data,
	      size_t len)
{
	static const int filters[] = {
		[MADE_GZIP] = ARCHIVE_FILTER_GZIP,
		[MADE_BZIP2] = ARCHIVE_FILTER_BZIP2,
		[MADE_XZ] = ARCHIVE_FILTER_XZ,
		[MADE_ZSTD] = ARCHIVE_FILTER_ZSTD,
	};
	struct archive *out = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	archive_write_set_bytes_per_block(out, 0);
	cr_assert(archive_write_add_filter(out, filters[format]) == ARCHIVE_OK);
	archive_write_set_format_raw(out);
	cr_assert(archive_write_open(out, sb, NULL, collect, NULL) ==
		  ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	cr_assert(archive_write_header(out, entry) == ARCHIVE_OK);
	cr_assert(archive_write_data(out, data, len) == (la_ssize_t)len);
	cr_assert(archive_write_close(out) == ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(out);
}

/* Everything that a hostile archive could change, hashed. */
static void
sentinel_hex(const struct room *room, char hex[SHA256_HEX_BYTES])
{
	static const char *const names[] = {
		"sentinel", "sentinel/file", "sentinel/link", "sentinel/dir",
		".",        "root/..",
	};
	struct strbuf text = STRBUF_INIT;
	cleanup_closedir DIR *dir =
		fdopendir(openat(room->dirfd, ".", O_RDONLY | O_DIRECTORY));
	struct dirent *de;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct stat st;

		cr_assert(fstatat(room->dirfd, names[i], &st,
				  AT_SYMLINK_NOFOLLOW) == 0);
		strbuf_addf(&text, "%lu %o %u %u %lu %ld %ld\n",
			    (unsigned long)st.st_ino, st.st_mode, st.st_uid,
			    st.st_gid, (unsigned long)st.st_nlink,
			    (long)st.st_mtim.tv_nsec, (long)st.st_ctim.tv_nsec);
		strbuf_addstr(&text, room_look(room->dirfd, names[i]));
	}
	while ((de = readdir(dir)))
		count++;
	strbuf_addf(&text, "%zu", count);
	sha256_hex_of(text.buf, text.len, hex);
	strbuf_release(&text);
}

void
room_init(struct room *room)
{
	int fd;

	(void)snprintf(room->path, sizeof(room->path),
		       "/tmp/test-archive.XXXXXX");
	cr_assert(mkdtemp(room->path) != NULL);
	room->dirfd = open(room->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(mkdirat(room->dirfd, "root", 0755) == 0);
	cr_assert(mkdirat(room->dirfd, "sentinel", 0750) == 0);
	cr_assert(mkdirat(room->dirfd, "sentinel/dir", 0750) == 0);
	cr_assert(symlinkat("file", room->dirfd, "sentinel/link") == 0);
	fd = openat(room->dirfd, "sentinel/file",
		    O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
	cr_assert(write(fd, "secret", 6) == 6);
	(void)close(fd);
	room->rootfd =
		openat(room->dirfd, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(room->rootfd >= 0);
	sentinel_hex(room, room->before);
}

bool
room_sentinel_is_untouched(const struct room *room)
{
	char now[SHA256_HEX_BYTES];

	sentinel_hex(room, now);
	return !strcmp(now, room->before);
}

void
room_release(struct room *room)
{
	struct err err = ERR_INIT;

	(void)close(room->rootfd);
	(void)close(room->dirfd);
	cr_expect(fsx_remove_tree(AT_FDCWD, room->path, &err) == 0, "%s",
		  err.text);
}

static void
look_at_content(struct strbuf *out, int dirfd, const char *path)
{
	char text[64];
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text));

	if (n > 0) {
		strbuf_addch(out, ' ');
		strbuf_add(out, text, (size_t)n);
	}
	(void)close(fd);
}

const char *
room_look(int dirfd, const char *path)
{
	static struct strbuf out = STRBUF_INIT;
	struct stat st;
	char value[4];
	int fd;

	strbuf_reset(&out);
	if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return "-";
	switch (st.st_mode & S_IFMT) {
	case S_IFREG:
		strbuf_addf(&out, "f %04o %ld", st.st_mode & 07777,
			    (long)st.st_size);
		look_at_content(&out, dirfd, path);
		break;
	case S_IFDIR:
		strbuf_addf(&out, "d %04o", st.st_mode & 07777);
		fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fgetxattr(fd, "user.overlay.opaque", value, 4) == 1)
			strbuf_addstr(&out, " opaque");
		(void)close(fd);
		break;
	case S_IFLNK:
		strbuf_addstr(&out, "l ");
		(void)fsx_readlink(dirfd, path, &out);
		break;
	case S_IFIFO:
		strbuf_addf(&out, "p %04o", st.st_mode & 07777);
		break;
	default:
		strbuf_addf(&out, "%c %u:%u", S_ISCHR(st.st_mode) ? 'c' : 'b',
			    major(st.st_rdev), minor(st.st_rdev));
	}
	return out.buf;
}

int
room_unpack(const struct room *room, const struct strbuf *sb,
	    struct layer_unpack_result *ret_result, struct err *err)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	struct layer_unpack_result result = { .entry_count = 0 };
	int fd = made_fd(sb->buf, sb->len);
	int r;

	opts.input_fd = fd;
	opts.root_fd = room->rootfd;
	opts.hash_blob = true;
	r = layer_unpack(&opts, &result, err);
	(void)close(fd);
	if (ret_result)
		*ret_result = result;
	return r;
}

static void
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(90);
	(void)close(fd);
}

void
made_namespace(void)
{
	char uid[32], gid[32];

	if (geteuid() == 0)
		return;
	(void)snprintf(uid, sizeof(uid), "0 %u 1", geteuid());
	(void)snprintf(gid, sizeof(gid), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER) < 0)
		_exit(MADE_NO_NAMESPACE);
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/uid_map", uid);
	write_text("/proc/self/gid_map", gid);
}
