/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/bundle.c - the files of an image archive or image directory, by name.
 */
#include "image/bundle.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "archive/decomp.h"
#include "archive/tar_reader.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/text.h"
#include "base/units.h"
#include "image/intake.h"
#include "store/blob.h"

#define BUNDLE_PIECE_BYTES (256U << 10)
#define BUNDLE_SHORT_ID 12

static void
bundle_file_free(struct bundle_file *file)
{
	if (!file)
		return;
	free(file->link);
	free(file->bytes);
	free(file->failure);
	free(file);
}
DEFINE_CLEANUP(struct bundle_file *, bundle_file_free);

static void
bundle_intake_free(struct intake *intake)
{
	if (!intake)
		return;
	intake_release(intake);
	free(intake);
}
DEFINE_CLEANUP(struct intake *, bundle_intake_free);

void
bundle_release(struct bundle *bundle)
{
	bundle_intake_free(take_ptr(bundle->late));
	for (map_each(e, &bundle->files))
		bundle_file_free(e->value);
	map_release(&bundle->files);
}

void
bundle_use_dir(struct bundle *bundle, int dirfd)
{
	bundle->dirfd = dirfd;
}

/*
 * "./a//b/../c" as "a/c", against @base ("x/y": its directory is x) when it is
 * the target of a link. Returns NULL for what leaves the bundle.
 */
static char *
bundle_name(const char *base, const char *path)
{
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_strvec struct strvec more = STRVEC_INIT;

	if (base && path[0] != '/') {
		strvec_split(&parts, base, "/");
		if (parts.len > 0)
			strvec_remove(&parts, parts.len - 1);
	}
	strvec_split(&more, path, "/");
	for (size_t i = 0; i < more.len; i++) {
		if (strcmp(more.v[i], ".") == 0)
			continue;
		if (strcmp(more.v[i], "..") != 0) {
			strvec_add(&parts, more.v[i]);
			continue;
		}
		if (parts.len == 0)
			return NULL;
		strvec_remove(&parts, parts.len - 1);
	}
	for (size_t i = 0; i < parts.len; i++)
		strbuf_addf(&name, "%s%s", i ? "/" : "", parts.v[i]);
	return name.len ? strbuf_take(&name) : NULL;
}

/* One file on its way in; next() as in struct byte_source. */
struct bundle_input {
	ssize_t (*next)(void *data, const uint8_t **ret_piece, struct err *err);
	void *data;
	uint64_t size;
};

static int
bundle_take_small(const struct bundle_input *input, struct bundle_file *file,
		  struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char hex[SHA256_HEX_BYTES];
	const uint8_t *piece;
	ssize_t n;

	while ((n = input->next(input->data, &piece, err)) > 0) {
		if (sb.len + (size_t)n > BUNDLE_SMALL_BYTES)
			return err_set(err, EBADMSG,
				       "a file is larger than announced");
		strbuf_add(&sb, piece, (size_t)n);
	}
	if (n < 0)
		return (int)n;
	sha256_hex_of(sb.buf, sb.len, hex);
	file->digest = digest_of_hex(hex);
	file->size = (int64_t)sb.len;
	file->bytes = strbuf_take(&sb);
	return 0;
}

/* Remember why a file is no layer: it matters only if it should be one. */
static void
bundle_finish_tree(struct intake *intake, struct bundle_file *file)
{
	struct err failure = ERR_INIT;

	if (intake_finish(intake, NULL, &failure) < 0)
		file->failure = xmemdup(&failure, sizeof(failure));
	else
		file->diff_id = intake->diff_id;
}

/* Wait for the extractor of the last large file. */
static void
bundle_settle(struct bundle *bundle)
{
	cleanup_with(bundle_intake_free) struct intake *late =
		take_ptr(bundle->late);

	if (late && bundle->late_file)
		bundle_finish_tree(late, bundle->late_file);
	bundle->late_file = NULL;
}

static int
bundle_add(struct bundle *bundle, const char *name, struct bundle_file *file,
	   struct err *err)
{
	if (bundle->files.live >= BUNDLE_MAX_FILES)
		return err_set(err, E2BIG, "more than %d files",
			       BUNDLE_MAX_FILES);
	if (bundle->late_file &&
	    bundle->late_file == map_get(&bundle->files, name))
		bundle_settle(bundle);
	/* As with tar: the last of a name counts. */
	bundle_file_free(map_set(&bundle->files, name, file));
	return 0;
}

/* Archives name a layer by its digest: "<hex>.tar", "<hex>/layer.tar",
 * "blobs/sha256/<hex>". Borrowed, or NULL. */
static const char *
bundle_hex(const char *name)
{
	size_t len = 0;

	for (const char *at = name; *at; at++) {
		len = text_is_hex(*at) ? len + 1 : 0;
		if (len == DIGEST_HEX_LEN)
			return at + 1 - len;
	}
	return NULL;
}

/* One whose tree is there needs not be unpacked again. */
static struct digest
bundle_known_tree(struct bundle *bundle, const char *name)
{
	struct digest digest = { .text = "" };
	const char *hex = bundle_hex(name);
	cleanup_free char *copy = NULL;

	if (!hex)
		return digest;
	copy = xstrndup(hex, DIGEST_HEX_LEN);
	digest = digest_of_hex(copy);
	if (!layer_exists(bundle->engine->store, &digest))
		digest.text[0] = '\0';
	return digest;
}

static void
bundle_tell(struct bundle *bundle, const char *name, uint64_t done,
	    uint64_t total)
{
	int64_t now = units_monotonic_ns();
	const char *hex = bundle_hex(name);
	char id[BUNDLE_SHORT_ID + 1];

	if (now - bundle->told_ns < UNITS_NS_PER_S / 10 && done < total)
		return;
	bundle->told_ns = now;
	(void)snprintf(id, sizeof(id), "%s", hex ? hex : name);
	engine_step(bundle->engine, id, "Loading layer", done, total);
}

/*
 * The extractor may go on while the next file is read: bundle->late.
 *
 * @known: the tree that is there if the bytes have this digest; or empty
 */
static int
bundle_take_large(struct bundle *bundle, const char *name,
		  const struct bundle_input *input, const struct digest *known,
		  struct bundle_file *file, struct err *err)
{
	cleanup_with(bundle_intake_free) struct intake *intake =
		xcalloc(1, sizeof(*intake));
	int flags = INTAKE_BLOB | INTAKE_LENIENT;
	const uint8_t *piece;
	ssize_t n;
	int r;

	if (!known->text[0] && !bundle->is_packed)
		flags |= INTAKE_UNPACK;
	r = intake_open(intake, bundle->engine, flags, err);
	while (r == 0 && (n = input->next(input->data, &piece, err)) != 0) {
		r = n < 0 ? (int)n
			  : intake_write_all(intake, piece, (size_t)n, err);
		bundle_tell(bundle, name, intake->bytes, input->size);
	}
	if (r < 0)
		return r;
	intake_end(intake);
	file->digest = intake->digest;
	file->size = (int64_t)intake->bytes;
	r = intake_keep_blob(intake, err);
	if (r < 0)
		return r;
	if (!known->text[0] && !bundle->is_packed) {
		bundle_settle(bundle);
		bundle->late = take_ptr(intake);
	} else if (digest_eq(known, &file->digest)) {
		file->diff_id = *known;
	}
	return 0;
}

static int
bundle_take(struct bundle *bundle, const char *name,
	    const struct bundle_input *input, struct err *err)
{
	cleanup_with(bundle_file_free) struct bundle_file *file =
		xcalloc(1, sizeof(*file));
	struct digest known;
	int r;

	if (input->size <= BUNDLE_SMALL_BYTES &&
	    bundle->memory_bytes + input->size <= BUNDLE_MEMORY_BYTES) {
		bundle->memory_bytes += input->size;
		r = bundle_take_small(input, file, err);
	} else {
		known = bundle_known_tree(bundle, name);
		r = engine_check_space(bundle->engine, 2 * input->size, err);
		if (r == 0)
			r = bundle_take_large(bundle, name, input, &known, file,
					      err);
	}
	if (r == 0)
		r = bundle_add(bundle, name, file, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", name);
	if (bundle->late && !bundle->late_file)
		bundle->late_file = file;
	(void)take_ptr(file); /* the bundle's now */
	return 0;
}

static ssize_t
tar_next_piece(void *data, const uint8_t **ret_piece, struct err *err)
{
	uint64_t offset;
	size_t len;
	int r;

	r = tar_reader_data(data, ret_piece, &len, &offset, err);
	return r > 0 ? (ssize_t)len : r;
}

static int
bundle_take_entry(struct bundle *bundle, struct tar_reader *tar,
		  const struct tar_entry *entry, struct err *err)
{
	cleanup_free char *name = bundle_name(NULL, entry->path);
	struct bundle_input input = { .next = tar_next_piece,
				      .data = tar,
				      .size = entry->size };
	struct bundle_file *file;
	char *target;

	if (!name)
		return 0;
	/* No tool writes its layers with holes; their pieces would not join. */
	if (entry->is_sparse)
		return err_set(err, EBADMSG, "'%s' is a sparse file", name);
	if (entry->type == TAR_FILE)
		return bundle_take(bundle, name, &input, err);
	if (entry->type != TAR_SYMLINK && entry->type != TAR_HARDLINK)
		return 0;
	target = bundle_name(entry->type == TAR_SYMLINK ? name : NULL,
			     entry->link);
	if (!target)
		return err_set(err, EBADMSG,
			       "'%s' is a link that leaves the archive", name);
	file = xcalloc(1, sizeof(*file));
	file->link = target;
	return bundle_add(bundle, name, file, err);
}

int
bundle_read_tar(struct bundle *bundle, int fd, struct err *err)
{
	cleanup_with(decomp_close) struct decomp *decomp = NULL;
	cleanup_with(tar_reader_free) struct tar_reader *tar = NULL;
	struct decomp_opts opts = { .fd = fd,
				    .cancel_fd = -1,
				    .confined = true };
	const struct tar_entry *entry;
	struct byte_source source;
	int r;

	r = decomp_open(&opts, &decomp, err);
	if (r < 0)
		return r;
	source = decomp_source(decomp);
	tar = tar_reader_new(&source);
	while ((r = tar_reader_next(tar, &entry, err)) > 0) {
		r = bundle_take_entry(bundle, tar, entry, err);
		if (r < 0)
			return r;
	}
	if (r == 0)
		r = tar_reader_drain(tar, err);
	bundle_settle(bundle);
	return r;
}

struct fd_input {
	int fd;
	uint8_t *buf;
};

static ssize_t
fd_next_piece(void *data, const uint8_t **ret_piece, struct err *err)
{
	struct fd_input *input = data;
	ssize_t n = io_read_full(input->fd, input->buf, BUNDLE_PIECE_BYTES);

	*ret_piece = input->buf;
	return n < 0 ? err_code(err, (int)-n, "read the file") : n;
}

/* Read a file of the image directory into the bundle. */
static int
bundle_take_file(struct bundle *bundle, const char *name, struct err *err)
{
	cleanup_close int fd = -EBADF;
	cleanup_free uint8_t *buf = NULL;
	struct fd_input data;
	struct bundle_input input = { .next = fd_next_piece, .data = &data };
	struct stat st;

	fd = fsx_openat_in_root(bundle->dirfd, name, O_RDONLY | O_NONBLOCK, 0,
				err);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at '%s'", name);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EBADMSG, "'%s' is no regular file", name);
	buf = xmalloc(BUNDLE_PIECE_BYTES);
	data = (struct fd_input){ .fd = fd, .buf = buf };
	input.size = (uint64_t)st.st_size;
	return bundle_take(bundle, name, &input, err);
}

int
bundle_get(struct bundle *bundle, const char *path,
	   struct bundle_file **ret_file, struct err *err)
{
	cleanup_free char *clean = bundle_name(NULL, path);
	const char *name = clean;
	struct bundle_file *file;
	int r;

	for (int i = 0; name && i < BUNDLE_MAX_LINKS; i++) {
		file = map_get(&bundle->files, name);
		if (!file && bundle->dirfd >= 0) {
			r = bundle_take_file(bundle, name, err);
			if (r < 0)
				return r;
			file = map_get(&bundle->files, name);
		}
		if (!file)
			return err_set(err, ENOENT,
				       "there is no '%s' in the archive", path);
		if (file == bundle->late_file)
			bundle_settle(bundle);
		if (!file->link) {
			*ret_file = file;
			return 0;
		}
		name = file->link;
	}
	return err_set(err, name ? ELOOP : ENOENT,
		       "'%s' leads nowhere in the archive", path);
}

int
bundle_read(struct bundle *bundle, const struct bundle_file *file,
	    size_t max_bytes, struct strbuf *sb, struct err *err)
{
	if (!file->bytes)
		return blob_read(bundle->engine->store, &file->digest,
				 max_bytes, sb, err);
	if ((uint64_t)file->size > max_bytes)
		return err_set(err, EFBIG, "more than %zu bytes", max_bytes);
	strbuf_add(sb, file->bytes, (size_t)file->size);
	return 0;
}

static int
bundle_unpack_blob(struct bundle *bundle, struct bundle_file *file,
		   struct err *err)
{
	cleanup_release(intake_release) struct intake intake = INTAKE_INIT;
	cleanup_close int fd = -EBADF;
	int r;

	r = blob_open(bundle->engine->store, &file->digest, &fd, NULL, err);
	if (r == 0)
		r = intake_open_file(&intake, bundle->engine, fd, err);
	if (r == 0)
		r = intake_finish(&intake, NULL, err);
	if (r == 0)
		file->diff_id = intake.diff_id;
	return r;
}

int
bundle_need_layer(struct bundle *bundle, struct bundle_file *file,
		  struct err *err)
{
	struct digest digest;
	int r;

	if (file->failure) {
		if (err)
			*err = *file->failure;
		return -file->failure->code;
	}
	if (file->diff_id.text[0])
		return 0;
	if (file->bytes) {
		r = blob_put(bundle->engine->store, file->bytes,
			     (size_t)file->size, &digest, err);
		if (r < 0)
			return r;
	}
	return bundle_unpack_blob(bundle, file, err);
}
