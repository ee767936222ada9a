/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/blob.h - content-addressed files, named by what is in them.
 *
 * A blob is written to tmp/, hashed while it passes, synced, then renamed to
 * blobs/sha256/<hex>: it is visible whole or not at all.
 * Spec: OCI image-spec, image-layout.md, "Blobs".
 */
#ifndef DHOW_STORE_BLOB_H
#define DHOW_STORE_BLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "spec/digest.h"
#include "store/store.h"

#define BLOB_PATH_BYTES 80 /* "blobs/sha256/" + hex + NUL */

/* Write the blob's path below the store's root to @buf; returns it. */
const char *blob_path(const struct digest *digest, char buf[BLOB_PATH_BYTES]);

/*
 * Does the store have the blob? @size_bytes: what it must measure, -1 when
 * that is not known. One of another size is no blob (a full disk left it).
 */
bool blob_exists(struct store *store, const struct digest *digest,
		 int64_t size_bytes);

/*
 * Open a blob for reading.
 *
 * @ret_fd:   read-only, close-on-exec; the caller closes it
 * @ret_size: bytes; may be NULL
 *
 * Returns 0 or -ENOENT when the store has no such blob.
 */
int blob_open(struct store *store, const struct digest *digest, int *ret_fd,
	      int64_t *ret_size, struct err *err);

/* Append a whole blob to @sb. Returns 0, -ENOENT, -EFBIG above @max_bytes. */
int blob_read(struct store *store, const struct digest *digest,
	      size_t max_bytes, struct strbuf *sb, struct err *err);

/* Remove it; absent is success. */
int blob_remove(struct store *store, const struct digest *digest,
		struct err *err);

/*
 * Give a finished and verified file of tmp/ its name: sync, then rename.
 *
 * @fd:   the open file
 * @name: its name below the store's root, "tmp/…"
 */
int blob_adopt(struct store *store, int fd, const char *name,
	       const struct digest *digest, struct err *err);

/*
 * As blob_adopt(), for a file that was synced after it was complete, or will
 * be soon and can be had again.
 */
int blob_name(struct store *store, const char *name,
	      const struct digest *digest, struct err *err);

/* Store bytes at hand; returns 0 and their digest. */
int blob_put(struct store *store, const void *data, size_t len,
	     struct digest *ret_digest, struct err *err);

#endif
