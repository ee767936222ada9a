/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/blob_put.c - storing bytes under their digest.
 */
#include "store/blob.h"

#include <fcntl.h>

#include "archive/sha256.h"
#include "base/fsx.h"

int
blob_put(struct store *store, const void *data, size_t len,
	 struct digest *ret_digest, struct err *err)
{
	char hex[SHA256_HEX_BYTES];
	char path[BLOB_PATH_BYTES];
	struct digest digest;
	int r;

	sha256_hex_of(data, len, hex);
	digest = digest_of_hex(hex);
	if (!blob_exists(store, &digest, (int64_t)len)) {
		r = fsx_write_atomic(store->dirfd, blob_path(&digest, path),
				     data, len, 0644, 0, err);
		if (r < 0)
			return r;
	}
	*ret_digest = digest;
	return 0;
}
