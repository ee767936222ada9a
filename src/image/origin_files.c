/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/origin_files.c - an image copied from an archive or a directory.
 *
 * A directory's files are opened where they are. An archive is read once, and
 * its large files become blobs of the store until nobody needs them. What has
 * no manifest (docker-archive) gets one made of what is there.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "archive/decomp.h"
#include "archive/sha256.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "image/bundle.h"
#include "image/origin_files.h"
#include "store/blob.h"

#define FILES_MAX_INDEX_BYTES (8U << 20)
#define FILES_PIECE_BYTES (256U << 10)
#define FILES_CONTAINERD_NAME "io.containerd.image.name"

struct origin_files {
	struct origin base;
	bool is_dir_format; /* "dir:" */
	int dirfd;          /* a directory; else the bundle */
	struct bundle bundle;
	struct map names; /* docker-archive: digest → file, owned */
	struct registry_manifest root;
	char *name; /* canonical, or NULL */
};

/* --- files --- */

/* Check that an open file is what its digest says. */
static int
file_verify(int fd, const struct digest *want, struct err *err)
{
	cleanup_with(sha256_free) struct sha256 *sha = sha256_new();
	cleanup_free uint8_t *buf = xmalloc(FILES_PIECE_BYTES);
	char hex[SHA256_HEX_BYTES];
	ssize_t n;

	while ((n = io_read_full(fd, buf, FILES_PIECE_BYTES)) > 0) {
		int r = engine_check_stop(err);

		if (r < 0)
			return r;
		sha256_update(sha, buf, (size_t)n);
	}
	if (n < 0)
		return err_code(err, (int)-n, "read");
	sha256_hex(sha, hex);
	if (strcmp(hex, digest_hex(want)) != 0)
		return err_set(err, EBADMSG, "it has the digest sha256:%s",
			       hex);
	return lseek(fd, 0, SEEK_SET) < 0 ? err_sys(err, "read") : 0;
}

static int
dir_open(struct origin_files *self, const char *name, const struct digest *want,
	 int *ret_fd, struct err *err)
{
	cleanup_close int fd = fsx_openat_in_root(
		self->dirfd, name, O_RDONLY | O_NONBLOCK, 0, err);
	struct stat st;
	int r = 0;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(err, EBADMSG, "'%s' is no regular file", name);
	if (want)
		r = file_verify(fd, want, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", name);
	*ret_fd = take_fd(fd);
	return 0;
}

/* A file of the bundle as an fd: from the store, or from memory. */
static int
bundle_open(struct origin_files *self, const char *name,
	    const struct digest *want, int *ret_fd, struct err *err)
{
	cleanup_close int fd = -EBADF;
	struct bundle_file *file;
	int r = bundle_get(&self->bundle, name, &file, err);

	if (r < 0)
		return r;
	if (want && !digest_eq(want, &file->digest))
		return err_set(err, EBADMSG, "'%s' has the digest %s", name,
			       file->digest.text);
	if (!file->bytes)
		return blob_open(self->base.engine->store, &file->digest,
				 ret_fd, NULL, err);
	fd = memfd_create("dhow-file", MFD_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "keep '%s'", name);
	r = io_write_all(fd, file->bytes, (size_t)file->size);
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_code(err, r < 0 ? -r : errno, "keep '%s'", name);
	*ret_fd = take_fd(fd);
	return 0;
}

static int
files_open(struct origin_files *self, const char *name,
	   const struct digest *want, int *ret_fd, struct err *err)
{
	return self->dirfd >= 0 ? dir_open(self, name, want, ret_fd, err)
				: bundle_open(self, name, want, ret_fd, err);
}

static int
files_read(struct origin_files *self, const char *name, size_t max_bytes,
	   struct strbuf *sb, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r = files_open(self, name, NULL, &fd, err);

	if (r == 0)
		r = io_read_all(fd, max_bytes, sb, err);
	return r < 0 ? err_wrap(err, r, "'%s'", name) : 0;
}

static struct digest
digest_of(const struct strbuf *sb)
{
	char hex[SHA256_HEX_BYTES];

	sha256_hex_of(sb->buf, sb->len, hex);
	return digest_of_hex(hex);
}

/* --- the origin --- */

/* Where the blob or document @digest is. */
static const char *
files_name(const struct origin_files *self, const struct digest *digest,
	   char buf[BLOB_PATH_BYTES])
{
	const char *name = map_get(&self->names, digest->text);

	if (name)
		return name;
	if (self->is_dir_format)
		return digest_hex(digest);
	return blob_path(digest, buf);
}

static int
files_manifest(struct origin *origin, const struct digest *digest,
	       struct registry_manifest *ret_doc, struct err *err)
{
	struct origin_files *self = (void *)origin;
	struct registry_manifest doc = REGISTRY_MANIFEST_INIT;
	cleanup_free char *dir_name = NULL;
	char buf[BLOB_PATH_BYTES];
	int r;

	if (!digest) {
		strbuf_add(&doc.bytes, self->root.bytes.buf,
			   self->root.bytes.len);
		doc.media_type = xstrdup_null(self->root.media_type);
		doc.digest = self->root.digest;
		*ret_doc = doc;
		return 0;
	}
	if (self->is_dir_format)
		dir_name = xasprintf("%s.manifest.json", digest_hex(digest));
	r = files_read(self, dir_name ?: files_name(self, digest, buf),
		       MANIFEST_MAX_BYTES, &doc.bytes, err);
	if (r == 0) {
		doc.digest = digest_of(&doc.bytes);
		if (!digest_eq(&doc.digest, digest))
			r = err_set(err, EBADMSG,
				    "manifest '%s' has the digest %s",
				    digest->text, doc.digest.text);
	}
	if (r < 0)
		registry_manifest_release(&doc);
	else
		*ret_doc = doc;
	return r;
}

static int
files_blob(struct origin *origin, const struct descriptor *desc, int *ret_fd,
	   struct err *err)
{
	struct origin_files *self = (void *)origin;
	const char *name;
	char buf[BLOB_PATH_BYTES];
	cleanup_close int fd = -EBADF;
	struct stat st;
	int r;

	name = files_name(self, &desc->digest, buf);
	r = files_open(self, name, &desc->digest, &fd, err);
	if (r < 0)
		return r;
	if (fstat(fd, &st) < 0 || st.st_size != desc->size_bytes)
		return err_set(err, EBADMSG,
			       "'%s' has %lld bytes, not the %lld of its "
			       "descriptor",
			       name, (long long)st.st_size,
			       (long long)desc->size_bytes);
	*ret_fd = take_fd(fd);
	return 0;
}

static void
files_free(struct origin *origin)
{
	struct origin_files *self = (void *)origin;

	if (self->dirfd >= 0)
		(void)close(self->dirfd);
	bundle_release(&self->bundle);
	for (map_each(e, &self->names))
		free(e->value);
	map_release(&self->names);
	registry_manifest_release(&self->root);
	free(self->name);
	free(self);
}

static const struct origin_ops files_ops = {
	.manifest = files_manifest,
	.blob = files_blob,
	.free = files_free,
};

const char *
origin_files_name(const struct origin *origin)
{
	return ((const struct origin_files *)(const void *)origin)->name;
}

/* --- an OCI layout --- */

/* Is @have the name @want, written out or not? */
static bool
names_agree(const char *have, const char *want)
{
	cleanup_strbuf struct strbuf a = STRBUF_INIT;
	cleanup_strbuf struct strbuf b = STRBUF_INIT;
	cleanup_ref struct ref x = REF_INIT;
	cleanup_ref struct ref y = REF_INIT;

	if (!have)
		return false;
	if (strcmp(have, want) == 0)
		return true;
	if (ref_parse(have, &x, NULL) < 0 || ref_parse(want, &y, NULL) < 0)
		return false;
	ref_add_canonical(&a, &x);
	ref_add_canonical(&b, &y);
	return strcmp(a.buf, b.buf) == 0;
}

static bool
entry_is_called(const struct descriptor *desc, const char *want)
{
	const struct node *notes = desc->annotations;

	return (want[0] == '@' && strcmp(desc->digest.text, want + 1) == 0) ||
	       names_agree(node_get_str(notes, IMAGE_TABLE_NAME), want) ||
	       names_agree(node_get_str(notes, FILES_CONTAINERD_NAME), want);
}

static int
choose_complain(const char *want, size_t count, struct err *err)
{
	if (want)
		return err_set(err, ENOENT, "no image there is called '%s'",
			       want);
	if (!count)
		return err_set(err, ENOENT, "there is no image");
	err_set(err, EINVAL, "there are %zu images", count);
	err_hint(err, "add ':' and the name of the one that is meant");
	return -EINVAL;
}

static void
files_set_name(struct origin_files *self, const char *name)
{
	cleanup_strbuf struct strbuf canonical = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	/* Some tools write only a tag, which is no name by itself. */
	if (!name || !strpbrk(name, ":/") || ref_parse(name, &ref, NULL) < 0)
		return;
	ref_add_canonical(&canonical, &ref);
	self->name = strbuf_take(&canonical);
}

static int
oci_open(struct origin_files *self, const char *want, struct err *err)
{
	cleanup_release(image_index_release) struct image_index index = {
		.media_type = NULL
	};
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	const struct descriptor *chosen = NULL;
	size_t count = 0;
	int r;

	r = files_read(self, "index.json", FILES_MAX_INDEX_BYTES, &text, err);
	if (r == 0)
		r = image_index_parse(span_new(text.buf, text.len), NULL,
				      &index, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < index.manifest_count; i++) {
		if (want && !entry_is_called(&index.manifests[i], want))
			continue;
		chosen = &index.manifests[i];
		count++;
	}
	if (count != 1 && !(want && count > 1))
		return choose_complain(want, count, err);
	r = files_manifest(&self->base, &chosen->digest, &self->root, err);
	if (r < 0)
		return r;
	self->root.media_type = xstrdup(chosen->media_type);
	files_set_name(self,
		       node_get_str(chosen->annotations, FILES_CONTAINERD_NAME)
			       ?: node_get_str(chosen->annotations,
					       IMAGE_TABLE_NAME));
	return 0;
}

/* --- a docker-archive --- */

static int
docker_layer_type(struct origin_files *self, const char *name,
		  const char **ret_type, struct err *err)
{
	cleanup_close int fd = -EBADF;
	uint8_t head[8];
	ssize_t n;
	int r = files_open(self, name, NULL, &fd, err);

	if (r < 0)
		return r;
	n = io_read_full(fd, head, sizeof(head));
	if (n < 0)
		return err_code(err, (int)-n, "read '%s'", name);
	switch (decomp_format_of(head, (size_t)n)) {
	case DECOMP_NONE:
		*ret_type = MEDIA_OCI_LAYER;
		return 0;
	case DECOMP_GZIP:
		*ret_type = MEDIA_OCI_LAYER_GZIP;
		return 0;
	case DECOMP_ZSTD:
		*ret_type = MEDIA_OCI_LAYER_ZSTD;
		return 0;
	default:
		return err_set(err, EOPNOTSUPP,
			       "'%s' is compressed in a way that layers "
			       "cannot be",
			       name);
	}
}

/* Describe the file @name of the archive; the bundle knows its digest. */
static int
docker_describe(struct origin_files *self, const char *name, const char *type,
		struct node **ret_node, struct err *err)
{
	struct bundle_file *file;
	struct node *node;
	int r = bundle_get(&self->bundle, name, &file, err);

	if (r < 0)
		return r;
	free(map_set(&self->names, file->digest.text, xstrdup(name)));
	node = node_new_obj();
	node_set_str(node, "mediaType", type);
	node_set_str(node, "digest", file->digest.text);
	node_set_int(node, "size", file->size);
	*ret_node = node;
	return 0;
}

static int
docker_make_manifest(struct origin_files *self, const struct node *item,
		     struct err *err)
{
	const struct node *names = node_get(item, "Layers");
	cleanup_node struct node *manifest = node_new_obj();
	const char *config = node_get_str(item, "Config");
	struct node *entry, *layers;
	int r = 0;

	if (!config)
		return err_set(err, EBADMSG, "manifest.json names no config");
	node_set_int(manifest, "schemaVersion", 2);
	node_set_str(manifest, "mediaType", MEDIA_OCI_MANIFEST);
	r = docker_describe(self, config, MEDIA_OCI_CONFIG, &entry, err);
	if (r < 0)
		return r;
	node_set(manifest, "config", entry);
	layers = node_need_arr(manifest, "layers");
	for (size_t i = 0; i < node_len(names) && r == 0; i++) {
		const char *name = node_str_or(node_at(names, i), "");
		const char *type = NULL;

		r = docker_layer_type(self, name, &type, err);
		if (r == 0)
			r = docker_describe(self, name, type, &entry, err);
		if (r == 0)
			node_push(layers, entry);
	}
	if (r < 0)
		return r;
	node_write_json(&self->root.bytes, manifest, NODE_COMPACT);
	self->root.media_type = xstrdup(MEDIA_OCI_MANIFEST);
	self->root.digest = digest_of(&self->root.bytes);
	return 0;
}

static bool
docker_is_called(const struct node *item, const char *want)
{
	const struct node *tags = node_get(item, "RepoTags");

	for (size_t i = 0; i < node_len(tags); i++)
		if (names_agree(node_str(node_at(tags, i)), want))
			return true;
	return false;
}

static int
docker_open(struct origin_files *self, const char *want, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *doc = NULL;
	const struct node *chosen = NULL;
	size_t count = 0;
	int r;

	r = files_read(self, "manifest.json", FILES_MAX_INDEX_BYTES, &text,
		       err);
	if (r == 0)
		r = node_parse_json(span_new(text.buf, text.len),
				    "manifest.json", &doc, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < node_len(doc); i++) {
		if (want && !docker_is_called(node_at(doc, i), want))
			continue;
		chosen = node_at(doc, i);
		count++;
	}
	if (count != 1)
		return choose_complain(want, count, err);
	files_set_name(
		self,
		want ?: node_str(node_at(node_get(chosen, "RepoTags"), 0)));
	return docker_make_manifest(self, chosen, err);
}

/* --- dir: --- */

static int
plain_dir_open(struct origin_files *self, struct err *err)
{
	int r = files_read(self, "manifest.json", MANIFEST_MAX_BYTES,
			   &self->root.bytes, err);

	if (r == 0)
		self->root.digest = digest_of(&self->root.bytes);
	return r;
}

static int
files_open_path(struct origin_files *self, const char *path, struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		self->dirfd = take_fd(fd);
		return 0;
	}
	self->bundle.is_packed = true;
	return bundle_read_tar(&self->bundle, fd, err);
}

int
origin_of_files(struct engine *engine, const struct transport *transport,
		struct origin **ret_origin, struct err *err)
{
	cleanup_with(origin_free) struct origin *base = NULL;
	struct origin_files *self = xcalloc(1, sizeof(*self));
	int r;

	base = &self->base;
	*base = (struct origin){ .ops = &files_ops, .engine = engine };
	self->dirfd = -EBADF;
	self->bundle = (struct bundle){ .engine = engine, .dirfd = -EBADF };
	self->root = (struct registry_manifest)REGISTRY_MANIFEST_INIT;
	self->is_dir_format = transport->kind == TRANSPORT_DIR;
	r = files_open_path(self, transport->path, err);
	if (r == 0 && transport->kind == TRANSPORT_DOCKER_ARCHIVE &&
	    self->dirfd >= 0)
		r = err_set(err, EINVAL, "it is a directory, not an archive");
	if (r == 0)
		r = self->is_dir_format ? plain_dir_open(self, err)
		    : transport->kind == TRANSPORT_DOCKER_ARCHIVE
			    ? docker_open(self, transport->name, err)
			    : oci_open(self, transport->name, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", transport->path);
	*ret_origin = take_ptr(base);
	return 0;
}
