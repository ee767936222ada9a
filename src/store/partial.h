/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/partial.h - blobs of which the end is still missing.
 *
 * partial/<hex>: the first bytes of that blob, as they came. Nobody has
 * verified them: who goes on hashes all of them again. Whoever writes one
 * holds a lock on it. They lie in the store, not in the cache: a rename makes
 * the finished one a blob. A blob of an image that could not be had gets its
 * name here back, beside its own, so that no gc takes it.
 */
#ifndef DHOW_STORE_PARTIAL_H
#define DHOW_STORE_PARTIAL_H

#include <stdint.h>

#include "base/err.h"
#include "spec/digest.h"
#include "store/store.h"

#define PARTIAL_DIR "partial"
#define PARTIAL_KEPT_S (7 * 86400) /* nobody came back for it */
#define PARTIAL_PATH_BYTES 80

/* "partial/<hex>", relative to the store's root; returns @buf. */
const char *partial_path(const struct digest *digest,
			 char buf[PARTIAL_PATH_BYTES]);

/*
 * Open the file for the blob @digest, made when there is none, and lock it.
 *
 * @max_bytes: one that is longer cannot be it, and is emptied
 * @ret_fd:    readable and writable, at its end; closing unlocks
 * @ret_bytes: how many there are
 *
 * Returns 0; -EBUSY while another process has it.
 */
int partial_open(struct store *store, const struct digest *digest,
		 int64_t max_bytes, int *ret_fd, int64_t *ret_bytes,
		 struct err *err);

/* Its image failed: the blob @digest is to be here for the next time. */
void partial_keep(struct store *store, const struct digest *digest);

/* Its image is here. */
void partial_forget(struct store *store, const struct digest *digest);

/* Remove those that nobody has come back for. */
void partial_collect(struct store *store);

/* Remove all that nobody is writing; returns how many bytes they had. */
uint64_t partial_prune(struct store *store);

#endif
