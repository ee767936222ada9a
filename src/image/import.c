/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/import.c - the tree of a root file system becomes an image.
 *
 * The archive is the image's only layer and is kept as it came; what no media
 * type exists for (bzip2, xz) is kept uncompressed.
 */
#include "image/engine.h"

#include <fcntl.h>

#include "archive/decomp.h"
#include "base/alloc.h"
#include "base/io.h"
#include "base/units.h"
#include "image/import_url.h"
#include "image/intake.h"
#include "store/blob.h"

#define IMPORT_PIECE_BYTES (256U << 10)

struct import {
	struct engine *engine;
	struct intake intake;
	const char *media_type;
};

static void
import_release(struct import *import)
{
	intake_release(&import->intake);
}

/* @head: what was read of @fd already. */
static int
import_as_is(struct import *import, const uint8_t *head, size_t head_len,
	     int fd, struct err *err)
{
	cleanup_free uint8_t *buf = xmalloc(IMPORT_PIECE_BYTES);
	ssize_t n;
	int r;

	r = intake_write_all(&import->intake, head, head_len, err);
	while (r == 0 && (n = io_read_full(fd, buf, IMPORT_PIECE_BYTES)) != 0)
		r = n < 0 ? err_code(err, (int)-n, "read the archive")
			  : intake_write_all(&import->intake, buf, (size_t)n,
					     err);
	return r;
}

static int
import_decompressed(struct import *import, int fd, struct err *err)
{
	cleanup_with(decomp_close) struct decomp *decomp = NULL;
	struct decomp_opts opts = { .fd = fd,
				    .cancel_fd = -1,
				    .confined = true };
	struct byte_source source;
	const uint8_t *piece;
	ssize_t n;
	int r;

	r = decomp_open(&opts, &decomp, err);
	if (r < 0)
		return r;
	source = decomp_source(decomp);
	while (r == 0 && (n = source.next(source.data, &piece, err)) != 0)
		r = n < 0 ? (int)n
			  : intake_write_all(&import->intake, piece, (size_t)n,
					     err);
	return r;
}

static int
import_tmpfile(struct import *import, struct err *err)
{
	int fd = openat(import->engine->store->dirfd, "tmp",
			O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_sys(err, "make a temporary file in the store");
	return fd;
}

/* A pipe cannot be read from its start again: it goes through a file. */
static int
import_spool(struct import *import, const uint8_t *head, size_t head_len,
	     int fd, struct err *err)
{
	cleanup_close int tmpfd = import_tmpfile(import, err);
	int64_t n;
	int r;

	if (tmpfd < 0)
		return tmpfd;
	r = io_write_all(tmpfd, head, head_len);
	if (r < 0)
		return err_code(err, -r, "write to the store");
	n = io_copy(fd, tmpfd, UINT64_MAX, err);
	if (n < 0)
		return (int)n;
	if (lseek(tmpfd, 0, SEEK_SET) < 0)
		return err_sys(err, "read the temporary file");
	return import_decompressed(import, tmpfd, err);
}

static int
import_take(struct import *import, int fd, struct err *err)
{
	uint8_t head[16];
	ssize_t n = io_read_full(fd, head, sizeof(head));
	enum decomp_format format;

	if (n < 0)
		return err_code(err, (int)-n, "read the archive");
	if (n == 0)
		return err_set(err, EBADMSG, "the archive is empty");
	format = decomp_format_of(head, (size_t)n);
	import->media_type = format == DECOMP_GZIP   ? MEDIA_OCI_LAYER_GZIP
			     : format == DECOMP_ZSTD ? MEDIA_OCI_LAYER_ZSTD
						     : MEDIA_OCI_LAYER;
	if (format != DECOMP_BZIP2 && format != DECOMP_XZ)
		return import_as_is(import, head, (size_t)n, fd, err);
	return import_spool(import, head, (size_t)n, fd, err);
}

/* The archive, to be read from its start; descriptor 0 stays open. */
static int
import_open(struct import *import, struct err *err)
{
	const char *input = import->engine->request.input;
	cleanup_close int fd = -EBADF;
	int r;

	if (!import_url_is(input)) {
		fd = input ? open(input, O_RDONLY | O_CLOEXEC)
			   : fcntl(0, F_DUPFD_CLOEXEC, 5);
		if (fd < 0)
			return err_sys(err, "open '%s'", input ?: "-");
		return take_fd(fd);
	}
	fd = import_tmpfile(import, err);
	if (fd < 0)
		return fd;
	r = import_url_get(import->engine, input, fd, NULL, err);
	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = err_sys(err, "read the temporary file");
	return r < 0 ? r : take_fd(fd);
}

static int
import_layer(struct import *import, struct err *err)
{
	cleanup_close int fd = import_open(import, err);
	int r;

	if (fd < 0)
		return fd;
	r = intake_open(&import->intake, import->engine,
			INTAKE_BLOB | INTAKE_UNPACK, err);
	if (r == 0)
		r = import_take(import, fd, err);
	if (r < 0)
		return r;
	intake_end(&import->intake);
	r = intake_keep_blob(&import->intake, err);
	return r < 0 ? r : intake_finish(&import->intake, NULL, err);
}

static struct node *
import_history(const struct import *import, const char *created)
{
	const char *message = import->engine->request.message;
	const char *input = import->engine->request.input;
	cleanup_free char *comment = NULL;
	struct node *history = node_new_arr();
	struct node *entry = node_push(history, node_new_obj());

	comment = message && message[0]
			  ? xstrdup(message)
			  : xasprintf("Imported from %s", input ?: "-");
	node_set_str(entry, "created", created);
	node_set_str(entry, "comment", comment);
	return history;
}

static int
import_config(struct import *import, struct strbuf *sb, struct err *err)
{
	const struct transfer_request *request = &import->engine->request;
	cleanup_node struct node *doc = node_new_obj();
	cleanup_strbuf struct strbuf created = STRBUF_INIT;
	struct platform platform;
	struct node *config;
	struct node *rootfs;
	int r;

	r = engine_platform(import->engine, &platform, err);
	if (r < 0)
		return r;
	units_add_rfc3339(&created, units_now_ns());
	node_set_str(doc, "created", created.buf);
	node_set_str(doc, "architecture", platform.arch);
	if (platform.variant[0])
		node_set_str(doc, "variant", platform.variant);
	node_set_str(doc, "os", platform.os);
	config = node_need_obj(doc, "config");
	for (size_t i = 0; i < request->changes.len && r == 0; i++)
		r = image_config_change(config, request->changes.v[i], err);
	if (r < 0)
		return r;
	rootfs = node_need_obj(doc, "rootfs");
	node_set_str(rootfs, "type", "layers");
	node_push_str(node_need_arr(rootfs, "diff_ids"),
		      import->intake.diff_id.text);
	node_set(doc, "history", import_history(import, created.buf));
	node_write_json(sb, doc, NODE_COMPACT);
	return 0;
}

static struct node *
import_descriptor(const char *media_type, const struct digest *digest,
		  uint64_t size)
{
	struct node *node = node_new_obj();

	node_set_str(node, "mediaType", media_type);
	node_set_str(node, "digest", digest->text);
	node_set_int(node, "size", (int64_t)size);
	return node;
}

static int
import_record(struct import *import, const char *name, struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *manifest = node_new_obj();
	struct engine_image image = { .media_type = MEDIA_OCI_MANIFEST,
				      .config = &config };
	int r;

	r = import_config(import, &bytes, err);
	if (r == 0)
		r = image_config_parse(span_new(bytes.buf, bytes.len), &config,
				       err);
	if (r == 0)
		r = blob_put(import->engine->store, bytes.buf, bytes.len,
			     &image.id, err);
	if (r < 0)
		return r;
	node_set_int(manifest, "schemaVersion", 2);
	node_set_str(manifest, "mediaType", MEDIA_OCI_MANIFEST);
	node_set(manifest, "config",
		 import_descriptor(MEDIA_OCI_CONFIG, &image.id, bytes.len));
	node_push(node_need_arr(manifest, "layers"),
		  import_descriptor(import->media_type, &import->intake.digest,
				    import->intake.bytes));
	node_write_json(&text, manifest, NODE_COMPACT);
	image.manifest = text.buf;
	image.manifest_len = text.len;
	return engine_record(import->engine, &image, name, err);
}

/* Refuse bad changes before anything is read. */
static int
import_check(struct import *import, struct strbuf *name, struct err *err)
{
	const struct transfer_request *request = &import->engine->request;
	cleanup_node struct node *scratch = node_new_obj();
	cleanup_ref struct ref ref = REF_INIT;
	struct platform platform;
	int r;

	r = engine_platform(import->engine, &platform, err);
	for (size_t i = 0; i < request->changes.len && r == 0; i++)
		r = image_config_change(scratch, request->changes.v[i], err);
	if (r < 0 || !request->name || !request->name[0])
		return r;
	r = ref_parse(request->name, &ref, err);
	if (r < 0)
		return r;
	if (ref.digest.text[0])
		return err_set(err, EINVAL,
			       "'%s' has a digest: a name is wanted",
			       request->name);
	ref_add_canonical(name, &ref);
	return 0;
}

int
engine_import(struct engine *engine, struct err *err)
{
	cleanup_release(import_release) struct import import = {
		.engine = engine,
		.intake = INTAKE_INIT,
	};
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	int r;

	r = import_check(&import, &name, err);
	if (r == 0)
		r = engine_enter(engine, err);
	if (r < 0)
		return r;
	r = import_layer(&import, err);
	if (r == 0)
		r = import_record(&import, name.len ? name.buf : NULL, err);
	if (r == 0)
		return 0;
	intake_release(&import.intake);
	engine_undo(engine);
	return err_wrap(err, r, "import '%s'", engine->request.input ?: "-");
}
