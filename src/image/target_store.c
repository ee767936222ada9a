/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/target_store.c - images copied into the store, and unpacked there.
 */
#include <fcntl.h>

#include "base/alloc.h"
#include "image/intake.h"
#include "image/layer_set.h"
#include "image/target.h"
#include "store/blob.h"

#define TARGET_STORE_PIECE_BYTES (256U << 10)

static int
store_take(struct engine *engine, const struct descriptor *desc, int fd,
	   struct err *err)
{
	cleanup_release(intake_release) struct intake intake = INTAKE_INIT;
	cleanup_free uint8_t *buf = xmalloc(TARGET_STORE_PIECE_BYTES);
	ssize_t n;
	int r = intake_open(&intake, engine, INTAKE_BLOB, err);

	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = err_sys(err, "read a layer");
	while (r == 0 && (n = read(fd, buf, TARGET_STORE_PIECE_BYTES)) != 0)
		r = n < 0 ? err_sys(err, "read a layer")
			  : intake_write_all(&intake, buf, (size_t)n, err);
	if (r < 0)
		return r;
	intake_end(&intake);
	if (!digest_eq(&intake.digest, &desc->digest))
		return err_set(err, EBADMSG, "blob '%s' has the digest %s",
			       desc->digest.text, intake.digest.text);
	return intake_keep_blob(&intake, err);
}

static int
store_blobs(struct target *target, struct origin *from,
	    const struct target_blob *blobs, size_t count, struct err *err)
{
	struct engine *engine = target->engine;
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++) {
		const struct descriptor *desc = blobs[i].desc;
		cleanup_close int own = -EBADF;
		int fd = blobs[i].fd;

		if (blob_exists(engine->store, &desc->digest, desc->size_bytes))
			continue;
		r = engine_check_space(engine, (uint64_t)desc->size_bytes, err);
		if (r == 0 && fd < 0) {
			r = from->ops->blob(from, desc, &own, err);
			fd = own;
		}
		if (r == 0)
			r = store_take(engine, desc, fd, err);
	}
	return r;
}

static int
store_document(struct target *target, const struct target_doc *doc,
	       struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	struct engine_image image = { .config = &config };
	struct image_row row = { .line = NULL };
	int r;

	if (!doc->manifest)
		return err_set(err, EOPNOTSUPP,
			       "the store holds one platform of an image");
	r = manifest_check_image(doc->manifest, err);
	if (r < 0)
		return r;
	row.id = doc->manifest->config.digest;
	r = image_read_config(target->engine->store, &row, &config, err);
	if (r == 0)
		r = layer_set_get(target->engine, NULL, doc->manifest, &config,
				  err);
	if (r < 0)
		return r;
	image.media_type = doc->media_type;
	image.manifest = doc->bytes.ptr;
	image.manifest_len = doc->bytes.len;
	image.id = row.id;
	return engine_record(target->engine, &image, target->name, err);
}

static int
store_finish(struct target *target, struct err *err)
{
	return 0;
}

static void
store_free(struct target *target)
{
	free(target);
}

static const struct target_ops store_ops = {
	.blobs = store_blobs,
	.document = store_document,
	.finish = store_finish,
	.free = store_free,
};

struct target *
target_of_store(struct engine *engine)
{
	struct target *target = xcalloc(1, sizeof(*target));

	*target = (struct target){ .ops = &store_ops, .engine = engine };
	return target;
}
