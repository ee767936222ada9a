/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tar_reader.c - a tar stream, entry by entry.
 *
 * An entry is a header block, preceded by any number of headers that only
 * speak about it (pax 'x', GNU 'L' and 'K'), and followed by its data, padded
 * to whole blocks. Global pax headers are checked and have no effect, as in
 * Docker: a layer means the same tree everywhere.
 */
#include "archive/tar_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "archive/tar_format.h"
#include "archive/tar_pax.h"
#include "archive/tar_sparse.h"
#include "archive/tar_stream.h"
#include "base/alloc.h"

struct tar_reader {
	struct tar_stream stream;
	struct tar_entry entry;
	struct tar_header header; /* a copy: reading goes on in the block */
	struct tar_pax pax;
	struct strbuf pax_text;
	struct strbuf long_name; /* GNU 'L', empty: none came */
	struct strbuf long_link; /* GNU 'K' */
	char name[sizeof(((struct tar_header *)0)->prefix) + 1 +
		  sizeof(((struct tar_header *)0)->name) + 1];
	char link[sizeof(((struct tar_header *)0)->link) + 1];
	char uname[sizeof(((struct tar_header *)0)->uname) + 1];
	char gname[sizeof(((struct tar_header *)0)->gname) + 1];

	uint64_t stored_left; /* bytes of data still in the stream */
	uint64_t padding;     /* that follow them */
	struct tar_sparse sparse;
	size_t extent_at;
	uint64_t extent_used;
};

struct tar_reader *
tar_reader_new(const struct byte_source *source)
{
	struct tar_reader *tr = xcalloc(1, sizeof(*tr));

	tr->stream.source = *source;
	tr->pax_text = (struct strbuf)STRBUF_INIT;
	tr->long_name = (struct strbuf)STRBUF_INIT;
	tr->long_link = (struct strbuf)STRBUF_INIT;
	return tr;
}

void
tar_reader_free(struct tar_reader *tr)
{
	if (!tr)
		return;
	tar_pax_reset(&tr->pax);
	tar_sparse_release(&tr->sparse);
	strbuf_release(&tr->pax_text);
	strbuf_release(&tr->long_name);
	strbuf_release(&tr->long_link);
	free(tr);
}

static bool
is_zero_block(const uint8_t *block)
{
	return block[0] == 0 && !memcmp(block, block + 1, TAR_BLOCK_BYTES - 1);
}

/* Two zero blocks end an archive; so does the end of the stream. */
static int
end_of_archive(struct tar_reader *tr, struct err *err)
{
	int r = tar_stream_block(&tr->stream, err);

	if (r > 0 && !is_zero_block(tr->stream.block.bytes))
		return err_set(err, EBADMSG,
			       "a single block of zeros within the archive");
	return r < 0 ? r : 0;
}

/* Fetch a checked header. Returns 1, 0 at the end, -errno. */
static int
read_header(struct tar_reader *tr, struct err *err)
{
	int r = tar_stream_block(&tr->stream, err);

	if (r <= 0)
		return r;
	if (is_zero_block(tr->stream.block.bytes))
		return end_of_archive(tr, err);
	tr->header = tr->stream.block.header;
	if (!tar_checksum_ok(&tr->header))
		return err_set(err, EBADMSG,
			       "not a tar archive, or a damaged header");
	return 1;
}

static int
get_number(const char *field, size_t len, int64_t min, int64_t max,
	   const char *what, int64_t *ret_value, struct err *err)
{
	int r = tar_number_read(field, len, min, max, ret_value);

	if (r == -ERANGE)
		return err_set(err, EBADMSG, "the %s is out of range", what);
	if (r < 0)
		return err_set(err, EBADMSG, "the %s is no number", what);
	return 0;
}

/* A field that fills its place has no NUL. */
static void
get_text(char *to, const char *field, size_t len)
{
	len = strnlen(field, len);
	memcpy(to, field, len);
	to[len] = '\0';
}

/* The payload of a header that speaks about the next one. */
static int
read_payload(struct tar_reader *tr, uint64_t max, struct strbuf *sb,
	     struct err *err)
{
	const struct tar_header *header = &tr->header;
	int64_t size = 0;
	int r = get_number(header->size, sizeof(header->size), 0, INT64_MAX,
			   "size", &size, err);

	if (r < 0)
		return r;
	if ((uint64_t)size > max)
		return err_set(err,
			       header->type == 'x' || header->type == 'g'
				       ? E2BIG
				       : ENAMETOOLONG,
			       "an extended header has more than %llu bytes",
			       (unsigned long long)max);
	strbuf_reset(sb);
	r = tar_stream_copy(&tr->stream, (uint64_t)size, sb, err);
	if (r < 0)
		return r;
	return tar_stream_skip(&tr->stream, tar_padding((uint64_t)size), err);
}

static int
read_long_text(struct tar_reader *tr, struct strbuf *sb, struct err *err)
{
	int r = read_payload(tr, TAR_MAX_PATH_BYTES + 1, sb, err);

	if (r < 0)
		return r;
	strbuf_truncate(sb, strnlen(sb->buf, sb->len));
	if (sb->len > TAR_MAX_PATH_BYTES)
		return err_set(err, ENAMETOOLONG,
			       "a name has more than %d bytes",
			       TAR_MAX_PATH_BYTES);
	return 0;
}

static int
read_global(struct tar_reader *tr, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct tar_pax pax = { .path = NULL };
	int r = read_payload(tr, TAR_MAX_PAX_BYTES, &text, err);

	if (r == 0)
		r = tar_pax_parse(&pax, text.buf, text.len, err);
	tar_pax_reset(&pax);
	return r;
}

/* Returns 1 when the header spoke about the next one, 0 when not, -errno. */
static int
read_extension(struct tar_reader *tr, struct err *err)
{
	int r;

	switch (tr->header.type) {
	case 'x':
	case 'X': /* Solaris, the same records */
		r = read_payload(tr, TAR_MAX_PAX_BYTES, &tr->pax_text, err);
		if (r == 0)
			r = tar_pax_parse(&tr->pax, tr->pax_text.buf,
					  tr->pax_text.len, err);
		break;
	case 'g':
		r = read_global(tr, err);
		break;
	case 'L':
		r = read_long_text(tr, &tr->long_name, err);
		break;
	case 'K':
		r = read_long_text(tr, &tr->long_link, err);
		break;
	default:
		return 0;
	}
	return r < 0 ? r : 1;
}

static bool
is_ustar(const struct tar_header *header)
{
	return !memcmp(header->magic, "ustar\0", 6);
}

static void
decode_names(struct tar_reader *tr)
{
	const struct tar_header *header = &tr->header;
	struct tar_entry *entry = &tr->entry;
	char *name = tr->name;

	if (is_ustar(header) && header->prefix[0]) {
		get_text(name, header->prefix, sizeof(header->prefix));
		name += strlen(name);
		*name++ = '/';
	}
	get_text(name, header->name, sizeof(header->name));
	get_text(tr->link, header->link, sizeof(header->link));
	get_text(tr->uname, header->uname, sizeof(header->uname));
	get_text(tr->gname, header->gname, sizeof(header->gname));
	entry->path = tr->pax.path ?: tr->name;
	if (tr->pax.sparse_name)
		entry->path = tr->pax.sparse_name;
	if (tr->long_name.len)
		entry->path = tr->long_name.buf;
	entry->link = tr->pax.link ?: tr->link;
	if (tr->long_link.len)
		entry->link = tr->long_link.buf;
	if (entry->type != TAR_SYMLINK && entry->type != TAR_HARDLINK)
		entry->link = "";
	/* v7 has no magic, and no names there either. */
	entry->uname = tr->pax.uname ?: header->magic[0] ? tr->uname : "";
	entry->gname = tr->pax.gname ?: header->magic[0] ? tr->gname : "";
}

static int
decode_numbers(struct tar_reader *tr, struct err *err)
{
	const struct tar_header *header = &tr->header;
	struct tar_entry *entry = &tr->entry;
	int64_t mode = 0, uid = tr->pax.uid, gid = tr->pax.gid, mtime = 0;
	int r;

	r = get_number(header->mode, sizeof(header->mode), 0, INT64_MAX, "mode",
		       &mode, err);
	if (r == 0 && !tr->pax.has_uid)
		r = get_number(header->uid, sizeof(header->uid), 0, TAR_MAX_ID,
			       "user id", &uid, err);
	if (r == 0 && !tr->pax.has_gid)
		r = get_number(header->gid, sizeof(header->gid), 0, TAR_MAX_ID,
			       "group id", &gid, err);
	if (r == 0 && !tr->pax.has_mtime)
		r = get_number(header->mtime, sizeof(header->mtime),
			       INT64_MIN / 2, INT64_MAX / 2, "time", &mtime,
			       err);
	if (r < 0)
		return r;
	entry->mode = (uint32_t)mode & 07777;
	entry->uid = (uint32_t)uid;
	entry->gid = (uint32_t)gid;
	entry->mtime = (struct timespec){ .tv_sec = mtime };
	if (tr->pax.has_mtime)
		entry->mtime = tr->pax.mtime;
	return 0;
}

/* Kernel: 12 bits of major, 20 of minor. */
static int
decode_device(struct tar_reader *tr, struct err *err)
{
	const struct tar_header *header = &tr->header;
	int64_t major = 0, minor = 0;
	int r;

	if (tr->entry.type != TAR_CHAR && tr->entry.type != TAR_BLOCK)
		return 0;
	r = get_number(header->dev_major, sizeof(header->dev_major), 0, 0xfff,
		       "device number", &major, err);
	if (r == 0)
		r = get_number(header->dev_minor, sizeof(header->dev_minor), 0,
			       0xfffff, "device number", &minor, err);
	tr->entry.dev_major = (uint32_t)major;
	tr->entry.dev_minor = (uint32_t)minor;
	return r;
}

/* Returns 1, 0 for an entry that is no file (a volume's label), -errno. */
static int
decode_type(struct tar_reader *tr, struct err *err)
{
	const struct tar_header *header = &tr->header;
	size_t len = strnlen(header->name, sizeof(header->name));
	static const struct {
		char letter;
		enum tar_type type;
	} types[] = {
		{ '0', TAR_FILE },     { '7', TAR_FILE },    { 'S', TAR_FILE },
		{ '1', TAR_HARDLINK }, { '2', TAR_SYMLINK }, { '3', TAR_CHAR },
		{ '4', TAR_BLOCK },    { '5', TAR_DIR },     { 'D', TAR_DIR },
		{ '6', TAR_FIFO },
	};

	if (header->type == 'V')
		return 0;
	if (header->type == '\0') { /* v7: a slash makes a directory */
		tr->entry.type = len && header->name[len - 1] == '/' ? TAR_DIR
								     : TAR_FILE;
		return 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].letter == header->type) {
			tr->entry.type = types[i].type;
			return 1;
		}
	return err_set(err, EBADMSG, "an entry has the unknown type %#x",
		       (unsigned int)(uint8_t)header->type);
}

/* Bytes in the stream; only files, GNU's directory lists and labels have any.
 */
static int
decode_stored(struct tar_reader *tr, struct err *err)
{
	const struct tar_header *header = &tr->header;
	int64_t size = 0;
	int r;

	if (!memchr("\0"
		    "07SDV",
		    header->type, 6) ||
	    (header->type == '\0' && tr->entry.type == TAR_DIR)) {
		tr->stored_left = tr->padding = 0;
		return 0;
	}
	r = get_number(header->size, sizeof(header->size), 0,
		       (int64_t)TAR_MAX_FILE_BYTES, "size", &size, err);
	if (r < 0 && !tr->pax.has_size)
		return r;
	tr->stored_left = tr->pax.has_size ? tr->pax.size : (uint64_t)size;
	tr->padding = tar_padding(tr->stored_left);
	return 0;
}

static int
decode_sparse(struct tar_reader *tr, struct err *err)
{
	const struct tar_pax *pax = &tr->pax;
	struct tar_entry *entry = &tr->entry;
	int64_t real_size = 0;
	int r = 0;

	entry->is_sparse = true;
	entry->size = pax->has_real_size ? pax->real_size : tr->stored_left;
	if (tr->header.type == 'S') {
		r = get_number(tr->header.gnu.real_size,
			       sizeof(tr->header.gnu.real_size), 0,
			       (int64_t)TAR_MAX_FILE_BYTES, "size", &real_size,
			       err);
		if (r == 0)
			r = tar_sparse_read_old(&tr->sparse, &tr->stream, err);
		entry->size = (uint64_t)real_size;
	} else if (pax->sparse_major == 1 && pax->sparse_minor == 0) {
		r = tar_sparse_read_map(&tr->sparse, &tr->stream,
					&tr->stored_left, err);
	} else if (pax->sparse_major == 0) {
		tar_sparse_take_pax(&tr->sparse, pax);
	} else {
		return err_set(err, EBADMSG, "sparse format %u.%u is unknown",
			       pax->sparse_major, pax->sparse_minor);
	}
	if (r < 0)
		return r;
	return tar_sparse_check(&tr->sparse, entry->size, tr->stored_left, err);
}

static int
decode_content(struct tar_reader *tr, struct err *err)
{
	int r = decode_stored(tr, err);

	tr->extent_at = 0;
	tr->extent_used = 0;
	tr->sparse.count = 0;
	if (r < 0 || tr->entry.type != TAR_FILE)
		return r;
	if (tr->header.type == 'S' || tr->pax.has_sparse)
		return decode_sparse(tr, err);
	tr->entry.size = tr->stored_left;
	tar_sparse_whole(&tr->sparse, tr->stored_left);
	return 0;
}

/* Returns 1, 0 for an entry to be passed over, -errno. */
static int
decode_entry(struct tar_reader *tr, struct err *err)
{
	int kind, r;

	tr->entry = (struct tar_entry){ .type = TAR_FILE };
	kind = decode_type(tr, err);
	if (kind < 0)
		return kind;
	if (kind == 0)
		tr->entry.type = TAR_DIR;
	decode_names(tr);
	r = decode_numbers(tr, err);
	if (r == 0)
		r = decode_device(tr, err);
	if (r == 0)
		r = decode_content(tr, err);
	if (r < 0)
		return err_wrap(err, r, "entry '%s'", tr->entry.path);
	tr->entry.xattrs = tr->pax.xattrs;
	tr->entry.xattr_count = tr->pax.xattr_count;
	return kind;
}

static int
skip_rest(struct tar_reader *tr, struct err *err)
{
	int r = tar_stream_skip(&tr->stream, tr->stored_left, err);

	if (r == 0)
		r = tar_stream_skip_padding(&tr->stream, tr->padding, err);
	tr->stored_left = tr->padding = 0;
	return r;
}

static void
forget_extensions(struct tar_reader *tr)
{
	tar_pax_reset(&tr->pax);
	strbuf_reset(&tr->long_name);
	strbuf_reset(&tr->long_link);
}

int
tar_reader_next(struct tar_reader *tr, const struct tar_entry **ret_entry,
		struct err *err)
{
	bool extended = false;
	int r;

	forget_extensions(tr);
	for (;;) {
		r = skip_rest(tr, err);
		if (r == 0)
			r = read_header(tr, err);
		if (r == 0 && extended)
			return err_set(err, EBADMSG,
				       "an extended header ends the archive");
		if (r > 0)
			r = read_extension(tr, err);
		else
			return r;
		if (r < 0)
			return r;
		extended = r > 0;
		if (extended)
			continue;
		r = decode_entry(tr, err);
		if (r > 0)
			*ret_entry = &tr->entry;
		if (r != 0)
			return r;
		forget_extensions(tr);
	}
}

int
tar_reader_data(struct tar_reader *tr, const uint8_t **ret_data,
		size_t *ret_len, uint64_t *ret_offset, struct err *err)
{
	const struct tar_extent *extent;
	ssize_t n;

	while (tr->extent_at < tr->sparse.count &&
	       tr->extent_used == tr->sparse.extents[tr->extent_at].len) {
		tr->extent_at++;
		tr->extent_used = 0;
	}
	if (tr->extent_at == tr->sparse.count)
		return 0;
	extent = &tr->sparse.extents[tr->extent_at];
	n = tar_stream_lend(&tr->stream, extent->len - tr->extent_used,
			    ret_data, err);
	if (n < 0)
		return (int)n;
	*ret_len = (size_t)n;
	*ret_offset = extent->offset + tr->extent_used;
	tr->extent_used += (uint64_t)n;
	tr->stored_left -= (uint64_t)n;
	return 1;
}

int
tar_reader_drain(struct tar_reader *tr, struct err *err)
{
	return tar_stream_drain(&tr->stream, err);
}
