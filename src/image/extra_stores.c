/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/extra_stores.c - other stores to take from, never to write to.
 */
#include "image/extra_stores.h"

#include <fcntl.h>

#include "archive/sha256.h"
#include "base/alloc.h"
#include "base/io.h"
#include "base/log.h"
#include "store/blob.h"

#define EXTRA_STORES_VARIABLE "DHOW_ADDITIONAL_STORES"

void
extra_stores_release(struct extra_stores *stores)
{
	for (size_t i = 0; i < stores->count; i++)
		(void)close(stores->dirfds[i]);
	free(take_ptr(stores->dirfds));
	stores->count = 0;
}

void
extra_stores_open(struct extra_stores *stores, const struct strvec *configured)
{
	cleanup_strvec struct strvec paths = STRVEC_INIT;

	strvec_split(&paths, getenv(EXTRA_STORES_VARIABLE) ?: "", ":");
	strvec_add_all(&paths, configured);
	for (size_t i = 0; i < paths.len; i++) {
		int fd = open(paths.v[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			log_debug("additional store '%s' cannot be read",
				  paths.v[i]);
		else
			array_push(stores->dirfds, stores->count, stores->cap,
				   fd);
	}
}

int
extra_stores_copy(const struct extra_stores *stores,
		  const struct descriptor *desc, int fd, struct err *err)
{
	for (size_t i = 0; i < stores->count; i++) {
		struct store store = { .dirfd = stores->dirfds[i] };
		cleanup_close int from = -EBADF;
		int64_t size, copied;

		if (blob_open(&store, &desc->digest, &from, &size, NULL) < 0 ||
		    size != desc->size_bytes)
			continue;
		copied = io_copy(from, fd, (uint64_t)size, err);
		return copied < 0 ? (int)copied : copied == size;
	}
	return 0;
}

void
extra_image_release(struct extra_image *image)
{
	image_row_release(&image->row);
	strbuf_release(&image->manifest);
	strbuf_release(&image->config);
}

static bool
read_verified(struct store *store, const struct digest *digest,
	      size_t max_bytes, struct strbuf *sb)
{
	char hex[SHA256_HEX_BYTES];

	if (blob_read(store, digest, max_bytes, sb, NULL) < 0)
		return false;
	sha256_hex_of(sb->buf, sb->len, hex);
	return strcmp(hex, digest_hex(digest)) == 0;
}

int
extra_stores_find(const struct extra_stores *stores, const char *name,
		  struct extra_image *ret_image, struct err *err)
{
	for (size_t i = 0; i < stores->count; i++) {
		struct store store = { .dirfd = stores->dirfds[i] };
		struct extra_image image = EXTRA_IMAGE_INIT;

		if (image_find(&store, name, &image.row, NULL, NULL) == 0 &&
		    read_verified(&store, &image.row.manifest,
				  MANIFEST_MAX_BYTES, &image.manifest) &&
		    read_verified(&store, &image.row.id, IMAGE_CONFIG_MAX_BYTES,
				  &image.config)) {
			*ret_image = image;
			return 0;
		}
		extra_image_release(&image);
	}
	return err_set(err, ENOENT, "no additional store has '%s'", name);
}
