/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_writer.c - write a tar stream, entry by entry.
 */
#include "archive/tar_writer.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/tar_format.h"
#include "base/alloc.h"
#include "base/strbuf.h"

#define FILE_BUFFER_BYTES ((size_t)256 * 1024)

struct tar_writer {
	struct byte_sink sink;
	uint64_t left;    /* content still to come */
	uint64_t padding; /* behind it */
	struct strbuf name;
	struct strbuf pax;
	uint8_t *buf; /* of tar_writer_file() */
};

static const uint8_t zeros[2 * TAR_BLOCK_BYTES];

struct tar_writer *
tar_writer_new(const struct byte_sink *sink)
{
	struct tar_writer *tw = xcalloc(1, sizeof(*tw));

	tw->sink = *sink;
	tw->name = (struct strbuf)STRBUF_INIT;
	tw->pax = (struct strbuf)STRBUF_INIT;
	return tw;
}

void
tar_writer_free(struct tar_writer *tw)
{
	if (!tw)
		return;
	strbuf_release(&tw->name);
	strbuf_release(&tw->pax);
	free(tw->buf);
	free(tw);
}

static int
put(struct tar_writer *tw, const void *data, size_t len, struct err *err)
{
	return len ? tw->sink.write(tw->sink.data, data, len, err) : 0;
}

static void
put_text(char *field, size_t size, const char *text)
{
	memcpy(field, text, strnlen(text, size));
}

/* "LENGTH KEY=VALUE\n", where LENGTH counts its own digits too. */
static void
add_record(struct tar_writer *tw, const char *key, const void *value,
	   size_t len)
{
	size_t rest = strlen(key) + len + 3;
	size_t total = rest + 1;

	for (;;) {
		size_t digits = (size_t)snprintf(NULL, 0, "%zu", total);

		if (rest + digits == total)
			break;
		total = rest + digits;
	}
	strbuf_addf(&tw->pax, "%zu %s=", total, key);
	strbuf_add(&tw->pax, value, len);
	strbuf_addch(&tw->pax, '\n');
}

static void
add_text_record(struct tar_writer *tw, const char *key, const char *value)
{
	add_record(tw, key, value, strlen(value));
}

/* A number that its field cannot hold; the field then says 0. */
static int64_t
number_or_record(struct tar_writer *tw, const char *key, size_t field_len,
		 uint64_t value)
{
	char text[24];

	if (value <= INT64_MAX && tar_number_fits(field_len, (int64_t)value))
		return (int64_t)value;
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	add_text_record(tw, key, text);
	return 0;
}

/* Put the name into prefix and name, cut at a slash, when it fits so. */
static bool
split_name(struct tar_header *header, const char *name, size_t len)
{
	const size_t name_max = sizeof(header->name);
	const char *slash;

	if (len <= name_max) {
		memcpy(header->name, name, len);
		return true;
	}
	slash = strchr(name + len - name_max - 1, '/');
	if (!slash || slash == name || !slash[1] ||
	    (size_t)(slash - name) > sizeof(header->prefix))
		return false;
	memcpy(header->prefix, name, (size_t)(slash - name));
	memcpy(header->name, slash + 1, len - (size_t)(slash - name) - 1);
	return true;
}

static void
fill_names(struct tar_writer *tw, struct tar_header *header,
	   const struct tar_entry *entry)
{
	struct strbuf *name = &tw->name;

	strbuf_reset(name);
	strbuf_addstr(name, entry->path);
	if (entry->type == TAR_DIR &&
	    (!name->len || name->buf[name->len - 1] != '/'))
		strbuf_addch(name, '/');
	if (!split_name(header, name->buf, name->len)) {
		add_text_record(tw, "path", name->buf);
		put_text(header->name, sizeof(header->name), name->buf);
	}
	if (entry->link && strlen(entry->link) > sizeof(header->link))
		add_text_record(tw, "linkpath", entry->link);
	if (entry->link)
		put_text(header->link, sizeof(header->link), entry->link);
	if (entry->uname)
		put_text(header->uname, sizeof(header->uname) - 1,
			 entry->uname);
	if (entry->gname)
		put_text(header->gname, sizeof(header->gname) - 1,
			 entry->gname);
}

/* Seconds that no field can hold, or parts of them. */
static int64_t
time_or_record(struct tar_writer *tw, const struct timespec *time)
{
	bool negative = time->tv_sec < 0;
	int64_t seconds = time->tv_sec;
	long ns = time->tv_nsec;
	char text[48];

	if (!ns && tar_number_fits(12, seconds))
		return seconds;
	if (negative && ns) {
		seconds++;
		ns = 1000000000 - ns;
	}
	(void)snprintf(text, sizeof(text), "%s%lld.%09ld", negative ? "-" : "",
		       (long long)(negative ? -seconds : seconds), ns);
	add_text_record(tw, "mtime", text);
	return tar_number_fits(12, time->tv_sec) ? time->tv_sec : 0;
}

static void
fill_numbers(struct tar_writer *tw, struct tar_header *header,
	     const struct tar_entry *entry, uint64_t size)
{
	tar_number_write(header->mode, sizeof(header->mode),
			 entry->mode & 07777);
	tar_number_write(header->uid, sizeof(header->uid),
			 number_or_record(tw, "uid", sizeof(header->uid),
					  entry->uid));
	tar_number_write(header->gid, sizeof(header->gid),
			 number_or_record(tw, "gid", sizeof(header->gid),
					  entry->gid));
	tar_number_write(header->size, sizeof(header->size),
			 number_or_record(tw, "size", sizeof(header->size),
					  size));
	tar_number_write(header->mtime, sizeof(header->mtime),
			 time_or_record(tw, &entry->mtime));
	tar_number_write(header->dev_major, sizeof(header->dev_major),
			 entry->dev_major);
	tar_number_write(header->dev_minor, sizeof(header->dev_minor),
			 entry->dev_minor);
}

static void
sign(struct tar_header *header)
{
	memcpy(header->magic, "ustar", sizeof(header->magic));
	memcpy(header->version, "00", sizeof(header->version));
	tar_number_write(header->checksum, sizeof(header->checksum),
			 tar_checksum(header));
}

static int
put_pax(struct tar_writer *tw, struct err *err)
{
	struct tar_header header = { .name = "PaxHeaders/entry", .type = 'x' };
	const struct tar_entry entry = { .mode = 0644 };
	size_t len = tw->pax.len;
	int r;

	fill_numbers(tw, &header, &entry, len);
	sign(&header);
	r = put(tw, &header, sizeof(header), err);
	if (r == 0)
		r = put(tw, tw->pax.buf, len, err);
	if (r == 0)
		r = put(tw, zeros, tar_padding(len), err);
	return r;
}

static void
add_xattrs(struct tar_writer *tw, const struct tar_entry *entry)
{
	for (size_t i = 0; i < entry->xattr_count; i++) {
		const struct tar_xattr *xattr = &entry->xattrs[i];
		cleanup_free char *key =
			xasprintf("SCHILY.xattr.%s", xattr->name);

		add_record(tw, key, xattr->value, xattr->len);
	}
}

int
tar_writer_entry(struct tar_writer *tw, const struct tar_entry *entry,
		 struct err *err)
{
	static const char letters[] = "0521346";
	struct tar_header header = { .type = letters[entry->type] };
	uint64_t size = entry->type == TAR_FILE ? entry->size : 0;
	int r = 0;

	static_assert(sizeof(letters) == TAR_TYPE_COUNT + 1, "one each");
	assert(tw->left == 0);
	strbuf_reset(&tw->pax);
	fill_names(tw, &header, entry);
	fill_numbers(tw, &header, entry, size);
	add_xattrs(tw, entry);
	sign(&header);
	if (tw->pax.len)
		r = put_pax(tw, err);
	if (r == 0)
		r = put(tw, &header, sizeof(header), err);
	tw->left = size;
	tw->padding = tar_padding(size);
	return r;
}

int
tar_writer_data(struct tar_writer *tw, const void *data, size_t len,
		struct err *err)
{
	int r;

	assert(len <= tw->left);
	if (!len)
		return 0;
	r = put(tw, data, len, err);
	if (r < 0)
		return r;
	tw->left -= len;
	return tw->left ? 0 : put(tw, zeros, tw->padding, err);
}

int
tar_writer_file(struct tar_writer *tw, int fd, struct err *err)
{
	uint64_t offset = 0;
	int r = 0;

	if (!tw->buf)
		tw->buf = xmalloc(FILE_BUFFER_BYTES);
	while (r == 0 && tw->left) {
		size_t want = tw->left < FILE_BUFFER_BYTES ? (size_t)tw->left
							   : FILE_BUFFER_BYTES;
		ssize_t n = pread(fd, tw->buf, want, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, "read");
		if (n == 0)
			return err_set(err, EBUSY,
				       "the file shrank while it was read");
		offset += (uint64_t)n;
		r = tar_writer_data(tw, tw->buf, (size_t)n, err);
	}
	return r;
}

int
tar_writer_add(struct tar_writer *tw, const struct tar_entry *entry,
	       const void *data, struct err *err)
{
	int r = tar_writer_entry(tw, entry, err);

	if (r == 0 && tw->left)
		r = tar_writer_data(tw, data, tw->left, err);
	return r;
}

int
tar_writer_end(struct tar_writer *tw, struct err *err)
{
	assert(tw->left == 0);
	return put(tw, zeros, sizeof(zeros), err);
}
