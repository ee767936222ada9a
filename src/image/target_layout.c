/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/target_layout.c - images copied into an OCI layout or an archive.
 *
 * An archive for docker is an OCI layout, too, with manifest.json beside
 * index.json. The same images give the same bytes. What is written to a file
 * appears there when it is whole.
 * Spec: OCI image-spec, image-layout.md; moby image spec v1.2.
 */
#include "image/target_layout.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "archive/tar_writer.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/map.h"
#include "base/text.h"
#include "store/blob.h"
#include "store/image_table.h"

#define LAYOUT_VERSION "{\"imageLayoutVersion\":\"1.0.0\"}"
#define LAYOUT_MAX_INDEX_BYTES (8U << 20)
#define LAYOUT_CONTAINERD_NAME "io.containerd.image.name"
#define LAYOUT_SHORT_ID 12

struct layout {
	struct target base;
	bool is_docker; /* with manifest.json */
	int dirfd;      /* a directory; or: */
	struct tar_writer *tar;
	int fd; /* the archive's */
	bool owns_fd;
	char *path; /* the archive's, when it is renamed in the end */
	char *tmp_path;
	const char *name;    /* of the transport, or NULL; borrowed */
	struct map written;  /* names of files */
	struct node *index;  /* index.json */
	struct node *docker; /* manifest.json, an array */
	struct node *repositories;
};

/* --- files --- */

/* Some readers cannot make directories that no entry names. */
static int
layout_tar_dirs(struct layout *layout, struct err *err)
{
	static const char *const names[] = { "blobs", "blobs/sha256" };
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(names) && r == 0; i++) {
		struct tar_entry entry = { .type = TAR_DIR,
					   .path = names[i],
					   .link = "",
					   .uname = "",
					   .gname = "",
					   .mode = 0755 };

		r = tar_writer_entry(layout->tar, &entry, err);
	}
	return r;
}

static int
layout_tar_entry(struct layout *layout, const char *name, uint64_t size,
		 struct err *err)
{
	struct tar_entry entry = { .type = TAR_FILE,
				   .path = name,
				   .link = "",
				   .uname = "",
				   .gname = "",
				   .mode = 0644,
				   .size = size };

	return tar_writer_entry(layout->tar, &entry, err);
}

static int
layout_put_bytes(struct layout *layout, const char *name, struct span bytes,
		 struct err *err)
{
	int r;

	if (map_has(&layout->written, name))
		return 0;
	map_set(&layout->written, name, layout);
	if (!layout->tar)
		return fsx_write_atomic(layout->dirfd, name, bytes.ptr,
					bytes.len, 0644, FSX_NOSYNC, err);
	r = layout_tar_entry(layout, name, bytes.len, err);
	return r < 0 ? r
		     : tar_writer_data(layout->tar, bytes.ptr, bytes.len, err);
}

static int
layout_put_node(struct layout *layout, const char *name,
		const struct node *node, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	node_write_json(&text, node, NODE_COMPACT);
	return layout_put_bytes(layout, name, span_new(text.buf, text.len),
				err);
}

/* Copy to a temporary name; the blob is seen whole or not at all. */
static int
layout_copy_file(struct layout *layout, const char *name, int fd, int64_t size,
		 struct err *err)
{
	char tmp[FSX_TMP_NAME_BYTES];
	cleanup_close int outfd = -EBADF;
	int64_t copied;
	int r = 0;

	fsx_tmp_name("blob", tmp);
	outfd = openat(layout->dirfd, tmp,
		       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (outfd < 0)
		return err_sys(err, "write '%s'", name);
	copied = io_copy(fd, outfd, UINT64_MAX, err);
	if (copied < 0)
		r = (int)copied;
	else if (copied != size)
		r = err_set(err, EBADMSG, "'%s' has %lld bytes, not %lld", name,
			    (long long)copied, (long long)size);
	if (r == 0 && renameat(layout->dirfd, tmp, layout->dirfd, name) < 0)
		r = err_sys(err, "write '%s'", name);
	if (r < 0)
		(void)unlinkat(layout->dirfd, tmp, 0);
	return r;
}

static int
layout_put_file(struct layout *layout, const char *name, int fd, int64_t size,
		struct err *err)
{
	int r;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "read '%s'", name);
	if (!layout->tar)
		return layout_copy_file(layout, name, fd, size, err);
	r = layout_tar_entry(layout, name, (uint64_t)size, err);
	return r < 0 ? r : tar_writer_file(layout->tar, fd, err);
}

/* --- the target --- */

static bool
layout_has_blob(struct layout *layout, const char *name, int64_t size)
{
	struct stat st;

	if (map_has(&layout->written, name))
		return true;
	return !layout->tar &&
	       fstatat(layout->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && st.st_size == size;
}

static int
layout_blob(struct layout *layout, struct origin *from,
	    const struct target_blob *blob, struct err *err)
{
	struct engine *engine = layout->base.engine;
	char name[BLOB_PATH_BYTES], id[LAYOUT_SHORT_ID + 1];
	cleanup_close int own = -EBADF;
	int fd = blob->fd;
	int r = engine_check_stop(err);

	if (r < 0)
		return r;
	blob_path(&blob->desc->digest, name);
	(void)snprintf(id, sizeof(id), "%s", digest_hex(&blob->desc->digest));
	if (layout_has_blob(layout, name, blob->desc->size_bytes)) {
		engine_state(engine, id, "Already exists");
		return 0;
	}
	engine_step(engine, id, "Copying", 0, (uint64_t)blob->desc->size_bytes);
	if (fd < 0) {
		r = from->ops->blob(from, blob->desc, &own, err);
		fd = own;
	}
	if (r == 0)
		r = layout_put_file(layout, name, fd, blob->desc->size_bytes,
				    err);
	if (r < 0)
		return err_wrap(err, r, "blob %s", id);
	map_set(&layout->written, name, layout);
	engine_state(engine, id, "Copied");
	return 0;
}

static int
layout_blobs(struct target *base, struct origin *from,
	     const struct target_blob *blobs, size_t count, struct err *err)
{
	struct layout *layout = (void *)base;
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++)
		r = layout_blob(layout, from, &blobs[i], err);
	return r;
}

/* An older entry of the same name gives way, as a tag does. */
static void
layout_drop_name(struct node *manifests, const char *name)
{
	for (size_t i = node_len(manifests); i-- > 0;) {
		const char *have = node_get_str(node_get(node_at(manifests, i),
							 "annotations"),
						IMAGE_TABLE_NAME);

		if (name ? have && strcmp(have, name) == 0 : !have)
			node_del_at(manifests, i);
	}
}

static void
layout_add_index(struct layout *layout, const struct target_doc *doc)
{
	struct node *manifests = node_need_arr(layout->index, "manifests");
	struct node *entry = node_new_obj();
	cleanup_ref struct ref ref = REF_INIT;

	node_set_str(entry, "mediaType", doc->media_type);
	node_set_str(entry, "digest", doc->digest.text);
	node_set_int(entry, "size", (int64_t)doc->bytes.len);
	if (!layout->tar || layout->name)
		layout_drop_name(manifests, layout->name);
	if (layout->name) {
		node_set_str(node_need_obj(entry, "annotations"),
			     IMAGE_TABLE_NAME, layout->name);
	} else if (layout->base.name &&
		   ref_parse(layout->base.name, &ref, NULL) == 0) {
		node_set_str(node_need_obj(entry, "annotations"),
			     LAYOUT_CONTAINERD_NAME, layout->base.name);
		if (ref.tag)
			node_set_str(node_need_obj(entry, "annotations"),
				     IMAGE_TABLE_NAME, ref.tag);
	}
	node_push(manifests, entry);
}

/* The item of manifest.json for an image, made when it is new. */
static struct node *
layout_docker_item(struct layout *layout, const struct manifest *manifest)
{
	char name[BLOB_PATH_BYTES];
	struct node *item, *layers;

	blob_path(&manifest->config.digest, name);
	for (size_t i = 0; i < node_len(layout->docker); i++) {
		item = node_at(layout->docker, i);
		if (strcmp(node_get_str(item, "Config"), name) == 0)
			return item;
	}
	item = node_push(layout->docker, node_new_obj());
	node_set_str(item, "Config", name);
	node_set_null(item, "RepoTags");
	layers = node_need_arr(item, "Layers");
	for (size_t i = 0; i < manifest->layer_count; i++)
		node_push_str(layers,
			      blob_path(&manifest->layers[i].digest, name));
	return item;
}

static void
layout_add_docker(struct layout *layout, const struct manifest *manifest)
{
	struct node *item = layout_docker_item(layout, manifest);
	const char *given = layout->name ?: layout->base.name;
	cleanup_strbuf struct strbuf familiar = STRBUF_INIT;
	cleanup_strbuf struct strbuf repo = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	const struct descriptor *top;

	if (!given || ref_parse(given, &ref, NULL) < 0 || !ref.tag ||
	    ref.digest.text[0])
		return;
	ref_add_familiar(&familiar, &ref);
	ref_add_familiar_name(&repo, &ref);
	if (node_kind(node_get(item, "RepoTags")) == NODE_NULL)
		node_set(item, "RepoTags", node_new_arr());
	node_push_str(node_get(item, "RepoTags"), familiar.buf);
	if (!manifest->layer_count)
		return;
	top = &manifest->layers[manifest->layer_count - 1];
	node_set_str(node_need_obj(layout->repositories, repo.buf), ref.tag,
		     digest_hex(&top->digest));
}

static int
layout_document(struct target *base, const struct target_doc *doc,
		struct err *err)
{
	struct layout *layout = (void *)base;
	char name[BLOB_PATH_BYTES];
	int r;

	r = layout_put_bytes(layout, blob_path(&doc->digest, name), doc->bytes,
			     err);
	if (r < 0 || !doc->is_root)
		return r;
	layout_add_index(layout, doc);
	if (layout->is_docker && doc->manifest)
		layout_add_docker(layout, doc->manifest);
	return 0;
}

static int
layout_end_archive(struct layout *layout, struct err *err)
{
	int r = tar_writer_end(layout->tar, err);

	if (r < 0 || !layout->path)
		return r;
	if (rename(layout->tmp_path, layout->path) < 0)
		return err_sys(err, "write '%s'", layout->path);
	free(take_ptr(layout->tmp_path));
	return 0;
}

static int
layout_finish(struct target *base, struct err *err)
{
	struct layout *layout = (void *)base;
	int r;

	r = layout_put_bytes(layout, "oci-layout", span_of(LAYOUT_VERSION),
			     err);
	if (r == 0)
		r = layout_put_node(layout, "index.json", layout->index, err);
	if (r == 0 && layout->is_docker)
		r = layout_put_node(layout, "manifest.json", layout->docker,
				    err);
	if (r == 0 && layout->is_docker && node_len(layout->repositories))
		r = layout_put_node(layout, "repositories",
				    layout->repositories, err);
	if (r == 0 && layout->tar)
		r = layout_end_archive(layout, err);
	return r;
}

static void
layout_free(struct target *base)
{
	struct layout *layout = (void *)base;

	tar_writer_free(layout->tar);
	if (layout->tmp_path)
		(void)unlink(layout->tmp_path);
	free(layout->tmp_path);
	free(layout->path);
	if (layout->owns_fd)
		(void)close(layout->fd);
	if (layout->dirfd >= 0)
		(void)close(layout->dirfd);
	map_release(&layout->written);
	node_free(layout->index);
	node_free(layout->docker);
	node_free(layout->repositories);
	free(layout);
}

static const struct target_ops layout_ops = {
	.blobs = layout_blobs,
	.document = layout_document,
	.finish = layout_finish,
	.free = layout_free,
};

/* --- opening --- */

static int
layout_sink(void *data, const void *bytes, size_t len, struct err *err)
{
	const struct layout *layout = data;
	int r = io_write_all(layout->fd, bytes, len);

	if (r < 0)
		return err_code(err, -r, "write the archive");
	return engine_check_stop(err);
}

/* Beside the file, so that it can be renamed; a device is written as it is. */
static int
layout_open_file(struct layout *layout, const char *path, struct err *err)
{
	char name[FSX_TMP_NAME_BYTES];
	struct stat st;

	layout->owns_fd = true;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if (S_ISDIR(st.st_mode))
			return err_set(err, EISDIR, "'%s' is a directory",
				       path);
		layout->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else {
		fsx_tmp_name("", name);
		layout->path = xstrdup(path);
		layout->tmp_path = xasprintf("%s%s", path, name);
		layout->fd =
			open(layout->tmp_path,
			     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (layout->fd < 0)
			free(take_ptr(layout->tmp_path));
	}
	if (layout->fd < 0)
		return err_sys(err, "write '%s'", path);
	return 0;
}

static int
layout_open_dir(struct layout *layout, const char *path, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *index = NULL;
	int r;

	layout->dirfd = fsx_opendir_p(AT_FDCWD, path, 0755, err);
	if (layout->dirfd < 0)
		return layout->dirfd;
	r = fsx_mkdir_p(layout->dirfd, "blobs/sha256", 0755, err);
	if (r < 0)
		return r;
	r = fsx_read_file(layout->dirfd, "index.json", LAYOUT_MAX_INDEX_BYTES,
			  &text, err);
	if (r == -ENOENT) {
		err_reset(err);
		return 0;
	}
	if (r == 0)
		r = node_parse_json(span_new(text.buf, text.len), "index.json",
				    &index, err);
	if (r == 0 && node_kind(node_get(index, "manifests")) != NODE_ARR)
		r = err_set(err, EBADMSG, "index.json has no list of images");
	if (r < 0)
		return err_wrap(err, r, "'%s'", path);
	node_free(layout->index);
	layout->index = take_ptr(index);
	return 0;
}

int
target_layout_new(struct engine *engine, const struct transport *transport,
		  int fd, struct target **ret_target, struct err *err)
{
	cleanup_with(target_free) struct target *base = NULL;
	struct layout *layout = xcalloc(1, sizeof(*layout));
	bool is_dir = transport->kind == TRANSPORT_OCI;
	struct byte_sink sink = { .write = layout_sink, .data = layout };
	int r = 0;

	base = &layout->base;
	*base = (struct target){ .ops = &layout_ops, .engine = engine };
	layout->is_docker = transport->kind == TRANSPORT_DOCKER_ARCHIVE;
	base->wants_oci = !layout->is_docker;
	layout->dirfd = -EBADF;
	layout->name = transport->name;
	layout->index = node_new_obj();
	node_set_int(layout->index, "schemaVersion", 2);
	node_set_str(layout->index, "mediaType", MEDIA_OCI_INDEX);
	(void)node_need_arr(layout->index, "manifests");
	layout->docker = node_new_arr();
	layout->repositories = node_new_obj();
	layout->fd = fd;
	if (is_dir)
		r = layout_open_dir(layout, transport->path, err);
	else if (fd < 0)
		r = layout_open_file(layout, transport->path, err);
	if (r < 0)
		return r;
	if (!is_dir) {
		layout->tar = tar_writer_new(&sink);
		r = layout_tar_dirs(layout, err);
	}
	if (r < 0)
		return r;
	*ret_target = take_ptr(base);
	return 0;
}
