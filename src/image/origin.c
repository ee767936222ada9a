/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/origin.c - images copied from the store or from a registry.
 */
#include "image/origin.h"

#include <fcntl.h>

#include "archive/sha256.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "store/blob.h"

void
origin_free(struct origin *origin)
{
	if (origin)
		origin->ops->free(origin);
}

/* --- the store --- */

struct origin_store {
	struct origin base;
	struct digest manifest;
};

static int
store_manifest(struct origin *origin, const struct digest *digest,
	       struct registry_manifest *ret_doc, struct err *err)
{
	const struct origin_store *self = (const void *)origin;
	struct registry_manifest doc = REGISTRY_MANIFEST_INIT;
	int r;

	doc.digest = digest ? *digest : self->manifest;
	r = blob_read(origin->engine->store, &doc.digest, MANIFEST_MAX_BYTES,
		      &doc.bytes, err);
	if (r < 0)
		registry_manifest_release(&doc);
	else
		*ret_doc = doc;
	return r;
}

static int
store_blob(struct origin *origin, const struct descriptor *desc, int *ret_fd,
	   struct err *err)
{
	return blob_open(origin->engine->store, &desc->digest, ret_fd, NULL,
			 err);
}

static void
store_free(struct origin *origin)
{
	free(origin);
}

static const struct origin_ops store_ops = {
	.manifest = store_manifest,
	.blob = store_blob,
	.free = store_free,
};

struct origin *
origin_of_store(struct engine *engine, const struct image_row *row)
{
	struct origin_store *self = xcalloc(1, sizeof(*self));

	self->base = (struct origin){ .ops = &store_ops, .engine = engine };
	self->manifest = row->manifest;
	return &self->base;
}

/* --- a registry --- */

struct origin_registry {
	struct origin base;
	struct remote *remote;
};

static int
remote_manifest(struct origin *origin, const struct digest *digest,
		struct registry_manifest *ret_doc, struct err *err)
{
	const struct origin_registry *self = (const void *)origin;

	return registry_get_manifest(
		self->remote->reg, digest ? digest->text : NULL, ret_doc, err);
}

struct remote_sink {
	int fd;
	struct sha256 *sha;
};

static ssize_t
remote_sink_write(void *data, const void *bytes, size_t len, struct err *err)
{
	struct remote_sink *sink = data;
	int r = engine_check_stop(err);

	if (r < 0)
		return r;
	sha256_update(sink->sha, bytes, len);
	r = io_write_all(sink->fd, bytes, len);
	return r < 0 ? err_code(err, -r, "write to the store") : (ssize_t)len;
}

/* A file without a name where the store is. */
static int
remote_file(struct engine *engine, struct err *err)
{
	char path[FSX_TMP_NAME_BYTES + 8] = "tmp/";
	int fd;

	fsx_tmp_name("copy", path + 4);
	fd = openat(engine->store->dirfd, path,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, "write to the store");
	(void)unlinkat(engine->store->dirfd, path, 0);
	return fd;
}

static int
remote_download(struct remote *remote, const struct descriptor *desc,
		struct remote_sink *sink, struct err *err)
{
	cleanup_with(registry_download_free) struct registry_download *set =
		registry_download_new(remote->reg, 1);
	struct registry_blob blob = { .digest = desc->digest,
				      .size_bytes = desc->size_bytes,
				      .write = remote_sink_write,
				      .wait_fd = -1,
				      .data = sink };
	char hex[SHA256_HEX_BYTES];
	int r;

	registry_download_add(set, &blob);
	r = registry_download_run(set, err);
	if (r < 0)
		return r;
	sha256_hex(sink->sha, hex);
	if (strcmp(hex, digest_hex(&desc->digest)) != 0)
		return err_set(err, EBADMSG,
			       "blob '%s': the registry sent other bytes",
			       desc->digest.text);
	return 0;
}

static int
remote_blob(struct origin *origin, const struct descriptor *desc, int *ret_fd,
	    struct err *err)
{
	const struct origin_registry *self = (const void *)origin;
	cleanup_with(sha256_free) struct sha256 *sha = sha256_new();
	struct remote_sink sink = { .sha = sha };
	cleanup_close int fd = -EBADF;
	int r;

	r = engine_check_space(origin->engine, (uint64_t)desc->size_bytes, err);
	if (r == 0)
		r = fd = remote_file(origin->engine, err);
	if (r < 0)
		return r;
	sink.fd = fd;
	r = remote_download(self->remote, desc, &sink, err);
	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = err_sys(err, "read what was fetched");
	if (r == 0)
		*ret_fd = take_fd(fd);
	return r;
}

static const struct origin_ops remote_ops = {
	.manifest = remote_manifest,
	.blob = remote_blob,
	.free = store_free,
};

struct origin *
origin_of_registry(struct engine *engine, struct remote *remote)
{
	struct origin_registry *self = xcalloc(1, sizeof(*self));

	self->base = (struct origin){ .ops = &remote_ops, .engine = engine };
	self->remote = remote;
	return &self->base;
}
